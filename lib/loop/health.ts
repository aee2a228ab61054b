/**
 * Whether tasks that run also serve. Target health is asked for only where the answer matters: a change whose tasks are awaited, a
 * service that is short, or one about to scale in. Those are then judged again with what was found.
 */

import type { Judged } from './judge.ts';
import type { Observed } from './observe.ts';
import type { Services, TargetHealth } from './ports.ts';

type Seen = Extract<Observed, { kind: 'seen' }>;

export async function judgedWithHealth(
  services: Services,
  observed: readonly Observed[],
  judge: (index: number, observed: Observed) => Judged,
  abort: AbortSignal,
): Promise<readonly Judged[]> {
  const judged = observed.map((one, index) => judge(index, one));
  const asking = observed.flatMap((one, index) =>
    one.kind === 'seen' && one.targetGroups.length > 0 && matters(judged[index]) ? [{ one, index }] : [],
  );
  if (asking.length === 0 || services.health === undefined) return judged;
  const found = await services.health(
    asking.map(({ one }) => one.targetGroups),
    abort,
  );
  asking.forEach(({ one, index }, position) => {
    const health = found[position];
    if (health !== undefined) judged[index] = judge(index, withHealth(one, health));
  });
  return judged;
}

function matters(judged: Judged | undefined): boolean {
  if (judged?.kind !== 'deciding' || judged.world.unsent !== undefined) return false;
  const { decided, memory } = judged;
  const { lastChange, shortSince } = memory.state;
  const isAwaited = lastChange?.by === 'us' && lastChange.to > lastChange.from && lastChange.verifiedAt === undefined;
  const isShort = shortSince !== undefined || decided.state.shortSince !== undefined;
  return isAwaited || isShort || decided.decision.action === 'in';
}

function withHealth(seen: Seen, health: TargetHealth): Seen {
  const { service, signals } = seen.observation;
  const facts =
    health.kind === 'known'
      ? { inService: health.inService, unhealthy: health.unhealthy }
      : { healthUnknown: health.cause };
  return { ...seen, observation: { service: { ...service, ...facts }, signals } };
}
