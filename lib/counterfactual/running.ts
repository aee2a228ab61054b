/** Running tasks over time, of the real service and of the virtual one beside it: what each of them had while a number was measured. */
import type { EpochMs } from '../policy/policy.ts';

/** From `at` on, until the next entry; the first also holds before its own moment. */
export type RunningEntry = readonly [at: EpochMs, real: number, virtual: number];

/** Means over a stretch of time, in tasks. */
export interface RunningMeans {
  readonly real: number;
  readonly virtual: number;
  /** Both had the same count at every moment of it. */
  readonly same: boolean;
}

/** Conditions look back three hours at most. */
const KEEP_MS = 3 * 3_600_000;
const KEEP_ENTRIES = 96;

/** The history with one more look; a look that saw nothing new adds nothing. */
export function withRunning(
  entries: readonly RunningEntry[],
  at: EpochMs,
  real: number,
  virtual: number,
): readonly RunningEntry[] {
  const last = entries.at(-1);
  if (last !== undefined && last[1] === real && last[2] === virtual) return entries;
  const kept = entries.filter((_, index) => (entries[index + 1]?.[0] ?? at) > at - KEEP_MS);
  return [...kept.slice(1 - KEEP_ENTRIES), [at, real, virtual]];
}

/** Over [fromAt, toAt); undefined where nothing is known. */
export function runningIn(entries: readonly RunningEntry[], fromAt: EpochMs, toAt: EpochMs): RunningMeans | undefined {
  let real = 0;
  let virtual = 0;
  let same = true;
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index] as RunningEntry;
    const begins = index === 0 ? fromAt : Math.max(fromAt, entry[0]);
    const ends = Math.min(toAt, entries[index + 1]?.[0] ?? toAt);
    if (ends <= begins) continue;
    real += entry[1] * (ends - begins);
    virtual += entry[2] * (ends - begins);
    same &&= entry[1] === entry[2];
  }
  const ms = toAt - fromAt;
  return entries.length === 0 || ms <= 0 ? undefined : { real: real / ms, virtual: virtual / ms, same };
}
