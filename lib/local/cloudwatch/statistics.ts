/** Datapoints into clock-aligned periods, and a period into one number. */
import type { EpochMs } from '../../policy/policy.ts';
import type { PlantDatapoint } from '../../sim/types.ts';

export interface Period {
  readonly startedAt: EpochMs;
  readonly points: readonly PlantDatapoint[];
}

export type Statistic = (points: readonly PlantDatapoint[]) => number | undefined;

/** Points oldest first; periods too. A period without a point is absent, as CloudWatch has it. */
export function periodsOf(points: readonly PlantDatapoint[], periodMs: number): readonly Period[] {
  const periods: { startedAt: EpochMs; points: PlantDatapoint[] }[] = [];
  for (const point of points) {
    const startedAt = Math.floor(point.startedAt / periodMs) * periodMs;
    const last = periods.at(-1);
    if (last?.startedAt === startedAt) last.points.push(point);
    else periods.push({ startedAt, points: [point] });
  }
  return periods;
}

/** Undefined: CloudWatch has such a statistic or not, the local cloud does not. */
export function statisticCalled(stat: string): Statistic | undefined {
  const simple = SIMPLE.get(stat);
  if (simple !== undefined) return simple;
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(stat)?.[1];
  return percent === undefined ? undefined : (points) => percentile(points, Number(percent));
}

const sum: Statistic = (points) => points.reduce((total, point) => total + point.sum, 0);
const count = (points: readonly PlantDatapoint[]) => points.reduce((total, point) => total + point.count, 0);

const SIMPLE: ReadonlyMap<string, Statistic> = new Map<string, Statistic>([
  ['Sum', sum],
  ['SampleCount', count],
  ['Average', (points) => (count(points) === 0 ? undefined : (sum(points) ?? 0) / count(points))],
  ['Minimum', (points) => Math.min(...points.map(({ min }) => min))],
  ['Maximum', (points) => Math.max(...points.map(({ max }) => max))],
]);

/** Nearest rank. Without the values themselves only a period of equal values has percentiles, as in CloudWatch. */
function percentile(points: readonly PlantDatapoint[], percent: number): number | undefined {
  const values = points.flatMap((point) => point.values ?? (point.min === point.max ? [point.min] : [Number.NaN]));
  if (values.length === 0 || values.some(Number.isNaN)) return undefined;
  values.sort((a, b) => a - b);
  return values[Math.max(0, Math.ceil((percent / 100) * values.length) - 1)];
}
