/** The last periods of one metric as one signal reads them, worked out once each. */
import type { Datapoint } from '../policy/observation.ts';
import type { EpochMs, SignalSpec } from '../policy/policy.ts';
import { publicationDelaySeconds } from './series.ts';
import { eachPeriod, type Statistic, statisticCalled } from './statistics.ts';
import type { PlantMetric } from './types.ts';

export class SeriesTail {
  private readonly spec: SignalSpec;
  private readonly metric: PlantMetric;
  private readonly statistic: Statistic;
  private readonly periodMs: number;
  private readonly publishedAfterMs: number;
  /** All periods from the first one asked for up to `finalUntil`: every datapoint of theirs was published when they were read. */
  private final: readonly Datapoint[] = [];
  private finalFrom: EpochMs = Number.POSITIVE_INFINITY;
  private finalUntil: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(spec: SignalSpec, metric: PlantMetric, statistic: Statistic) {
    this.spec = spec;
    this.metric = metric;
    this.statistic = statistic;
    this.periodMs = spec.periodSeconds * 1000;
    this.publishedAfterMs = publicationDelaySeconds(metric.periodSeconds) * 1000;
  }

  /** The settled ones of the last so many periods, oldest first. Time goes forward only. */
  last(periods: number, now: EpochMs): readonly Datapoint[] {
    const { periodMs } = this;
    const end = this.startOf(now - this.spec.publicationDelaySeconds * 1000);
    const from = end - Math.max(1, periods) * periodMs;
    const published = Math.min(end, this.startOf(now - this.publishedAfterMs));
    if (from < this.finalFrom || from > this.finalUntil) this.restart(from);
    this.finalFrom = from;
    if (published > this.finalUntil || (this.final[0]?.[0] ?? from) < from) this.goOn(from, published);
    return end > this.finalUntil ? [...this.final, ...this.read(this.finalUntil, end)] : this.final;
  }

  /** Into a new list: whoever was given the old one keeps it as it was. */
  private goOn(from: EpochMs, published: EpochMs): void {
    const kept: Datapoint[] = [];
    for (const point of this.final) if (point[0] >= from) kept.push(point);
    if (published > this.finalUntil) {
      for (const point of this.read(this.finalUntil, published)) kept.push(point);
      this.finalUntil = published;
    }
    this.final = kept;
  }

  private restart(from: EpochMs): void {
    this.final = [];
    this.finalUntil = from;
  }

  private startOf(at: EpochMs): EpochMs {
    return Math.floor(at / this.periodMs) * this.periodMs;
  }

  private read(from: EpochMs, to: EpochMs): Datapoint[] {
    const { spec, statistic } = this;
    const values: Datapoint[] = [];
    eachPeriod(this.metric.datapoints(from, to), this.periodMs, (startedAt, within) => {
      const value = statistic(within);
      if (value === undefined) return;
      const scaled = value * spec.scale;
      values.push(spec.averagedOverTasks ? [startedAt, scaled, tasksOf(within) / within.length] : [startedAt, scaled]);
    });
    return values;
  }
}

const SAMPLE_COUNT = statisticCalled('SampleCount');

/** ECS puts one sample a task into each datapoint. */
function tasksOf(points: Parameters<Statistic>[0]): number {
  return SAMPLE_COUNT?.(points) ?? 0;
}
