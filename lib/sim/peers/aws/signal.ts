/** The metrics AWS's policies watch, as CloudWatch has published them. */
import type { EpochMs } from '../../../policy/policy.ts';
import type { PlantDatapoint, PlantMetric } from '../../types.ts';

/**
 * `cpu`, `memory`: percent, average of the service. `requestsPerTask`: ALBRequestCountPerTarget, requests per minute and healthy task.
 * `backlogPerTask`: visible messages ÷ running tasks, by metric math; no datapoint without a running task.
 */
export type AwsSignal = 'cpu' | 'memory' | 'requestsPerTask' | 'backlogPerTask';

export interface SignalPoint {
  readonly startedAt: EpochMs;
  readonly visibleAt: EpochMs;
  readonly value: number;
  /** The whole service's load in the unit of the value: value × tasks that made it. */
  readonly total: number;
}

/** Oldest first, from `from` on and before `to`, in periods of so many seconds (a finer metric is rolled up). */
export function readSignal(
  metrics: readonly PlantMetric[],
  signal: AwsSignal,
  periodSeconds: number,
  from: EpochMs,
  to: EpochMs,
): SignalPoint[] {
  const points = (name: string) => {
    const metric = metrics.find((candidate) => candidate.name === name);
    const found = metric?.datapoints(from, to) ?? [];
    if (metric === undefined || metric.periodSeconds >= periodSeconds) return found;
    return rollUp(found, periodSeconds, metric.periodSeconds / periodSeconds);
  };
  switch (signal) {
    case 'cpu':
      return points('CPUUtilization').map(average);
    case 'memory':
      return points('MemoryUtilization').map(average);
    case 'requestsPerTask':
      return quotient(points('RequestCount'), points('HealthyHostCount'), ({ sum, count }) => sum / count);
    case 'backlogPerTask':
      return quotient(points('ApproximateNumberOfMessagesVisible'), points('CPUUtilization'), ({ count }) => count);
  }
}

/** Each finer datapoint counts for its `share` of the period, so that the count of an ECS metric stays the number of tasks. */
function rollUp(points: readonly PlantDatapoint[], periodSeconds: number, share: number): PlantDatapoint[] {
  const periodMs = periodSeconds * 1000;
  const rolled: PlantDatapoint[] = [];
  for (const point of points) {
    const startedAt = Math.floor(point.startedAt / periodMs) * periodMs;
    const part = { ...point, startedAt, sum: point.sum * share, count: point.count * share };
    const last = rolled.at(-1);
    if (last?.startedAt !== startedAt) rolled.push(part);
    else rolled[rolled.length - 1] = merged(last, part);
  }
  return rolled;
}

function merged(a: PlantDatapoint, b: PlantDatapoint): PlantDatapoint {
  return {
    startedAt: a.startedAt,
    visibleAt: Math.max(a.visibleAt, b.visibleAt),
    sum: a.sum + b.sum,
    count: a.count + b.count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}

function average(point: PlantDatapoint): SignalPoint {
  const { startedAt, visibleAt, sum, count } = point;
  return { startedAt, visibleAt, value: sum / count, total: sum };
}

/** A total ÷ the tasks of the same period; periods without both, or without a task, have no value. */
function quotient(
  totals: readonly PlantDatapoint[],
  tasks: readonly PlantDatapoint[],
  tasksOf: (point: PlantDatapoint) => number,
): SignalPoint[] {
  const found: SignalPoint[] = [];
  for (const total of totals) {
    const divisor = tasks.find((point) => point.startedAt === total.startedAt);
    const count = divisor === undefined ? 0 : tasksOf(divisor);
    if (divisor === undefined || count <= 0) continue;
    const visibleAt = Math.max(total.visibleAt, divisor.visibleAt);
    found.push({ startedAt: total.startedAt, visibleAt, value: total.sum / count, total: total.sum });
  }
  return found;
}

/** The last datapoints of a signal, read once each: what is published does not change any more. */
export class SignalTail {
  private readonly signal: AwsSignal;
  private readonly periodSeconds: number;
  private points: SignalPoint[] = [];
  private readUntil: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(signal: AwsSignal, periodSeconds: number) {
    this.signal = signal;
    this.periodSeconds = periodSeconds;
  }

  /** Those of the periods from the one that starts at `from` to the one that starts at `to`, oldest first. Time goes forward only. */
  between(metrics: readonly PlantMetric[], from: EpochMs, to: EpochMs): readonly SignalPoint[] {
    const end = to + this.periodSeconds * 1000;
    if (end <= this.readUntil) return this.points;
    const since = Math.max(from, this.readUntil);
    const kept = this.points.filter(({ startedAt }) => startedAt >= from);
    this.points = [...kept, ...readSignal(metrics, this.signal, this.periodSeconds, since, end)];
    this.readUntil = end;
    return this.points;
  }
}
