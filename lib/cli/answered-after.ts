/** How soon the steps of a load were answered. */
import type { EpochMs } from '../policy/policy.ts';
import type { CountChange } from '../sim/scores.ts';

/** Seconds from each step to the first change that adds tasks; null where none came before the next step. Both in the order of time. */
export function answeredAfter(steps: readonly EpochMs[], changes: readonly CountChange[]): readonly (number | null)[] {
  return steps.map((step, index) => {
    const next = steps[index + 1] ?? Number.POSITIVE_INFINITY;
    const answer = changes.find(({ at, from, to }) => at >= step && at < next && to > from);
    return answer === undefined ? null : (answer.at - step) / 1000;
  });
}
