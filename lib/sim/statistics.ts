/** Datapoints of one period into the one number a CloudWatch statistic makes of them. */
import type { EpochMs } from '../policy/policy.ts';
import type { PlantDatapoint } from './types.ts';

export type Statistic = (points: readonly PlantDatapoint[]) => number | undefined;

/** Undefined for a statistic that is not modelled. */
export function statisticCalled(stat: string): Statistic | undefined {
  const simple = SIMPLE[stat];
  if (simple !== undefined) return simple;
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(stat)?.[1];
  return percent === undefined ? undefined : (points) => percentile(points, Number(percent));
}

const SIMPLE: Readonly<Record<string, Statistic>> = {
  Sum: sum,
  SampleCount: samples,
  Average: (points) => (samples(points) === 0 ? undefined : sum(points) / samples(points)),
  Minimum: (points) => points.reduce((least, { min }) => Math.min(least, min), Number.POSITIVE_INFINITY),
  Maximum: (points) => points.reduce((most, { max }) => Math.max(most, max), Number.NEGATIVE_INFINITY),
};

function sum(points: readonly PlantDatapoint[]): number {
  return points.reduce((total, point) => total + point.sum, 0);
}

function samples(points: readonly PlantDatapoint[]): number {
  return points.reduce((total, point) => total + point.count, 0);
}

/** Nearest rank; undefined where the values behind a datapoint are not known. */
function percentile(points: readonly PlantDatapoint[], percent: number): number | undefined {
  const values: number[] = [];
  for (const point of points) {
    if (point.values !== undefined) values.push(...point.values);
    else if (point.min === point.max) values.push(point.min);
    else return undefined;
  }
  values.sort((a, b) => a - b);
  return values[Math.max(0, Math.ceil((percent / 100) * values.length) - 1)];
}

/** Calls `found` for each period of the clock's grid that has a datapoint, oldest first. Points oldest first. */
export function eachPeriod(
  points: readonly PlantDatapoint[],
  periodMs: number,
  found: (startedAt: EpochMs, points: readonly PlantDatapoint[]) => void,
): void {
  for (let from = 0, to = 0; from < points.length; from = to) {
    const startedAt = Math.floor((points[from]?.startedAt ?? 0) / periodMs) * periodMs;
    while (to < points.length && (points[to]?.startedAt ?? 0) < startedAt + periodMs) to++;
    found(startedAt, points.slice(from, to));
  }
}
