/** The functions of conditions over the datapoints of a window. */
import type { Datapoint } from './observation.ts';

/** Over a signal's window: `avg(cpu, '5m')`. `rate` and `slope` are per second. */
export const WINDOW_FUNCTIONS = ['avg', 'max', 'min', 'p50', 'p90', 'p95', 'p99', 'rate', 'slope'] as const;
export type WindowFunction = (typeof WINDOW_FUNCTIONS)[number];

export function isWindowFunction(name: string): name is WindowFunction {
  return (WINDOW_FUNCTIONS as readonly string[]).includes(name);
}

/** NaN where the window says too little: no datapoint, or fewer than two for a change over time. */
export function windowStatistic(name: WindowFunction, points: readonly Datapoint[]): number {
  if (points.length === 0) return Number.NaN;
  switch (name) {
    case 'avg':
      return points.reduce((sum, [, value]) => sum + value, 0) / points.length;
    case 'max':
      return points.reduce((most, [, value]) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    case 'min':
      return points.reduce((least, [, value]) => Math.min(least, value), Number.POSITIVE_INFINITY);
    case 'rate':
      return changePerSecond(points);
    case 'slope':
      return slopePerSecond(points);
    default:
      return percentile(points, Number(name.slice(1)) / 100);
  }
}

/** From the oldest to the newest datapoint. */
function changePerSecond(points: readonly Datapoint[]): number {
  const first = points[0];
  const last = points[points.length - 1];
  if (first === undefined || last === undefined || first[0] === last[0]) return Number.NaN;
  return (last[1] - first[1]) / ((last[0] - first[0]) / 1000);
}

/** Least squares. */
function slopePerSecond(points: readonly Datapoint[]): number {
  if (points.length < 2) return Number.NaN;
  const origin = points[0]?.[0] ?? 0;
  const meanX = points.reduce((sum, [at]) => sum + (at - origin) / 1000, 0) / points.length;
  const meanY = points.reduce((sum, [, value]) => sum + value, 0) / points.length;
  let covariance = 0;
  let variance = 0;
  for (const [at, value] of points) {
    const x = (at - origin) / 1000 - meanX;
    covariance += x * (value - meanY);
    variance += x * x;
  }
  return variance === 0 ? Number.NaN : covariance / variance;
}

/** Linear between the two nearest ranks. */
function percentile(points: readonly Datapoint[], p: number): number {
  const sorted = points.map(([, value]) => value).sort((a, b) => a - b);
  const position = (sorted.length - 1) * p;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}
