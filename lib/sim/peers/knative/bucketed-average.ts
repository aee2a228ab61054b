/**
 * An average over a window of time, kept in buckets. What falls into one bucket adds up; a bucket without anything counts as zero, unless
 * it lies before the first write: a window that has just begun is as long as it is old.
 */
import type { EpochMs } from '../../../policy/policy.ts';

export interface BucketedAverage {
  readonly granularityMs: number;
  readonly buckets: Float64Array;
  /** Indices of granularity since the epoch; null before the first write. */
  first: number | null;
  last: number;
}

export function bucketedAverage(windowSeconds: number, granularitySeconds: number): BucketedAverage {
  const buckets = new Float64Array(Math.ceil(windowSeconds / granularitySeconds));
  return { granularityMs: granularitySeconds * 1000, buckets, first: null, last: 0 };
}

/** Late values are added while their bucket is in the window before the last write, and dropped after that. */
export function record(state: BucketedAverage, at: EpochMs, value: number): void {
  const { buckets } = state;
  const index = Math.floor(at / state.granularityMs);
  const length = buckets.length;
  if (state.first === null || index - state.last >= length) {
    buckets.fill(0);
    state.first = index;
    state.last = index;
  } else if (index > state.last) {
    for (let i = state.last + 1; i <= index; i++) buckets[i % length] = 0;
    state.last = index;
  } else if (index <= state.last - length) {
    return;
  }
  state.first = Math.min(state.first, index);
  buckets[index % length] = (buckets[index % length] ?? 0) + value;
}

/** 0 where nothing was written for a whole window. Six digits. */
export function average(state: BucketedAverage, now: EpochMs): number {
  if (isEmpty(state, now)) return 0;
  const { buckets, last } = state;
  const length = buckets.length;
  const index = Math.max(last, Math.floor(now / state.granularityMs));
  const from = Math.max(state.first ?? last, index - length + 1);
  let total = 0;
  for (let i = from; i <= last; i++) total += buckets[i % length] ?? 0;
  return Math.round((total / (last - from + 1)) * 1e6) / 1e6;
}

/** True where there is nothing to read at `now`. */
export function isEmpty({ buckets, granularityMs, first, last }: BucketedAverage, now: EpochMs): boolean {
  return first === null || Math.floor(now / granularityMs) - last >= buckets.length;
}
