/** KEDA played over situations, a poll every 15 s. */
import { createKeda, type KedaOptions } from '../../../lib/sim/peers/keda/keda.ts';
import { at, type Situation, seen } from './seen.ts';

/** Decides every 15 s for as long as the situations go on; the changes and their seconds. */
export function play(options: KedaOptions, situations: readonly Situation[], before: number) {
  const peer = createKeda(options);
  let desired = before;
  const changes: [seconds: number, to: number][] = [];
  situations.forEach((situation, i) => {
    const seconds = 15 * (i + 1);
    const sample = situation.sample && { ...situation.sample, at: at(seconds) };
    const to = peer.decide(seen({ ...situation, ...(sample && { sample }), seconds, desired }));
    if (to === undefined) return;
    desired = to;
    changes.push([seconds, to]);
  });
  return changes;
}

export const repeat = (situation: Situation, times: number) => new Array<Situation>(times).fill(situation);
export const onQueue = { trigger: { kind: 'queue', perReplica: 10 } } as const;
