/** Under a constant load, and when nothing fails any more, the count comes to rest where the policy says and stays there. */
import { REST_TICKS, restless } from '../rest.ts';
import { type Invariant, sendsOf } from './invariant.ts';

export const itComesToRest: Invariant = (run) => {
  if (run.quiet === undefined) return [];
  const { since, ticks } = run.quiet;
  const restsFrom = since + (ticks - REST_TICKS) * 60_000;
  const late = sendsOf(run).filter(({ at }) => at >= restsFrom);
  return [
    ...restless(run.world, run.world.time.now()).map((said) => `after ${ticks} quiet ticks ${said}`),
    ...late.map(({ actor, count }) => `${actor.name} of ${ticks} quiet ticks still sends ${count}`),
  ];
};
