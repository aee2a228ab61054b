/** The desired count over time, from the ring of its changes: what was in force when a number was measured. */
import type { EpochMs } from './policy.ts';
import type { CountEntry } from './state.ts';

/** Desired count in force at `at`: an increase counts from when its tasks were in service, or from `p95Seconds` after it was asked for. */
export function countInForce(counts: readonly CountEntry[], at: EpochMs, p95Seconds: number): number | undefined {
  for (let index = counts.length - 1; index > 0; index--) {
    const entry = counts[index] as CountEntry;
    if (inForceAt(entry, p95Seconds) <= at) return entry[1];
  }
  return counts[0]?.[1];
}

/** When an entry of the ring came into force, or is believed to at the latest. */
export function inForceAt([at, , verifiedAt]: CountEntry, p95Seconds: number): EpochMs {
  return verifiedAt ?? at + p95Seconds * 1000;
}

/** Desired count as it stood at `at`, whether its tasks ran or not. */
export function desiredAt(counts: readonly CountEntry[], at: EpochMs): number | undefined {
  for (let index = counts.length - 1; index > 0; index--) {
    const entry = counts[index] as CountEntry;
    if (entry[0] <= at) return entry[1];
  }
  return counts[0]?.[1];
}

const KEEP_MS = 3 * 3_600_000;
const KEEP_ENTRIES = 64;

/** The ring with one more change; what no rule can ask for any more is dropped. */
export function withCount(counts: readonly CountEntry[], at: EpochMs, desired: number): readonly CountEntry[] {
  const last = counts[counts.length - 1];
  const verifiedAt = last === undefined ? 0 : desired < last[1] ? at : null;
  const kept = counts.filter((_, index) => (counts[index + 1]?.[0] ?? at) > at - KEEP_MS).slice(1 - KEEP_ENTRIES);
  return [...kept, [at, desired, verifiedAt]];
}
