/** Samples put on the plant's grid: a step of a minute or less, linear between samples, unknown in gaps. */
import type { Samples } from './samples.ts';

export interface Resampled {
  readonly stepSeconds: number;
  /** Second of the first step, on the trace's own axis. */
  readonly firstSecond: number;
  /** NaN in gaps. */
  readonly values: Float64Array;
  readonly gaps: number;
}

/** A stretch longer than so many intervals without a sample is a gap. */
const GAP_INTERVALS = 2;
/** Steps that fill a minute. */
const STEPS = [60, 30, 20, 15, 12, 10, 6, 5, 4, 3, 2, 1] as const;

export function medianInterval(samples: Samples): number {
  const { seconds } = samples;
  const intervals = new Float64Array(Math.max(0, seconds.length - 1));
  for (let i = 0; i < intervals.length; i++) intervals[i] = (seconds[i + 1] ?? 0) - (seconds[i] ?? 0);
  intervals.sort();
  return intervals[Math.floor((intervals.length - 1) / 2)] ?? 60;
}

/** Only the samples of the last so many seconds; the last sample stands for one interval. */
export function lastSeconds(samples: Samples, wanted: number, intervalSeconds: number): Samples {
  const from = (samples.seconds.at(-1) ?? 0) + intervalSeconds - wanted;
  const found = samples.seconds.findIndex((second) => second >= from);
  const first = found < 0 ? samples.seconds.length : found;
  return { seconds: samples.seconds.subarray(first), values: samples.values.subarray(first) };
}

/** Seconds of a step for samples so far apart. */
export function stepFor(intervalSeconds: number): number {
  return STEPS.find((step) => step <= intervalSeconds) ?? 1;
}

export function resample(samples: Samples, intervalSeconds: number): Resampled {
  const { seconds } = samples;
  const stepSeconds = stepFor(intervalSeconds);
  const firstSecond = Math.ceil((seconds[0] ?? 0) / stepSeconds) * stepSeconds;
  const end = (seconds.at(-1) ?? 0) + intervalSeconds;
  const grid = new Float64Array(Math.max(1, Math.round((end - firstSecond) / stepSeconds)));
  let left = 0;
  for (let i = 0; i < grid.length; i++) {
    const at = firstSecond + i * stepSeconds;
    while (left + 1 < seconds.length && (seconds[left + 1] ?? 0) <= at) left++;
    grid[i] = between(at, left, samples, intervalSeconds);
  }
  return { stepSeconds, firstSecond, values: grid, gaps: gapsOf(seconds, intervalSeconds) };
}

/** The value at a second whose newest sample is the `left`-th. */
function between(at: number, left: number, { seconds, values }: Samples, intervalSeconds: number): number {
  const from = seconds[left] ?? 0;
  const to = seconds[left + 1];
  const value = values[left] ?? Number.NaN;
  if (to === undefined) return value;
  if (to - from > GAP_INTERVALS * intervalSeconds) return at < from + intervalSeconds ? value : Number.NaN;
  return value + ((at - from) / (to - from)) * ((values[left + 1] ?? value) - value);
}

function gapsOf(seconds: Float64Array, intervalSeconds: number): number {
  let gaps = 0;
  for (let i = 1; i < seconds.length; i++) {
    if ((seconds[i] ?? 0) - (seconds[i - 1] ?? 0) > GAP_INTERVALS * intervalSeconds) gaps++;
  }
  return gaps;
}

/** Means over a window of so many steps around each step; unknown steps stay unknown and count for nobody. */
export function centredMean(values: Float64Array, window: number): Float64Array {
  const half = Math.floor(window / 2);
  return values.map((value, i) => {
    if (Number.isNaN(value)) return value;
    let sum = 0;
    let known = 0;
    for (let j = Math.max(0, i - half); j <= Math.min(values.length - 1, i + half); j++) {
      const near = values[j] ?? Number.NaN;
      if (Number.isNaN(near)) continue;
      sum += near;
      known++;
    }
    return sum / known;
  });
}
