/** Where a load steps up: the same moments for whoever has to follow it. */
import type { EpochMs } from '../../policy/policy.ts';
import type { Load } from '../types.ts';

const MINUTE_MS = 60_000;
/** What came before a step, and what stays after it, in minutes. */
const BEFORE = 10;
const AFTER = 5;
/** So much more than before is a step, and at least so many tasks' worth. */
const RISE = 1.3;
const LEAST_TASKS = 1;
/** Minutes after a step in which no other begins. */
const APART = 15;

/**
 * The first minute of each step. A step is a load that stays for five minutes at least 30 %, and a whole task's worth, above the mean of the
 * ten minutes before it; its first minute is already most of the way up, so that a ramp is no step.
 * @param ratePerTask requests per second that one task serves in time
 */
export function stepsOf(load: Load, ratePerTask: number): readonly EpochMs[] {
  const first = Math.ceil(load.startsAt / MINUTE_MS) * MINUTE_MS;
  const minutes = Math.max(0, Math.floor((load.endsAt - first) / MINUTE_MS));
  const levels = Float64Array.from({ length: minutes }, (_, i) => load.rateAt(first + i * MINUTE_MS) ?? Number.NaN);
  const steps: EpochMs[] = [];
  for (let i = BEFORE; i + AFTER <= minutes; i++) {
    if (!isStep(levels, i, ratePerTask)) continue;
    steps.push(first + i * MINUTE_MS);
    i += APART - 1;
  }
  return steps;
}

/** A minute that nobody knows makes every mean with it unknown, and no comparison with one is true. */
function isStep(levels: Float64Array, at: number, ratePerTask: number): boolean {
  const before = mean(levels, at - BEFORE, at);
  const enough = Math.max(before * RISE, before + LEAST_TASKS * ratePerTask);
  for (let i = at; i < at + AFTER; i++) if (!((levels[i] ?? Number.NaN) >= enough)) return false;
  const after = mean(levels, at, at + AFTER);
  return (levels[at] ?? Number.NaN) >= before + 0.6 * (after - before);
}

function mean(levels: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += levels[i] ?? Number.NaN;
  return sum / (to - from);
}
