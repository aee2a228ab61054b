/**
 * AWS predictive scaling on an ECS service, beside target tracking as AWS recommends it: predictive scaling never scales in, so alone it
 * could only grow. Every six hours an hourly forecast of the load for two days, from up to 14 days of history and not before 24 hours of
 * it; capacity = load ÷ target; it is there 300 s before the hour. The two decide independently: the larger capacity counts.
 */
import type { EpochMs } from '../../../policy/policy.ts';
import { publicationDelaySeconds } from '../../series.ts';
import { clamp, type Peer, type PeerView } from '../peer.ts';
import { forecast, HOUR_MS, LoadHistory } from './forecast.ts';
import { readSignal } from './signal.ts';
import { EVALUATION, TargetTracking, type TargetTrackingOptions } from './target-tracking.ts';

export interface PredictiveOptions extends TargetTrackingOptions {
  /** Default 300. */
  readonly schedulingBufferSeconds?: number;
}

const MINUTE_MS = 60_000;
const NEEDED_HOURS = 24;
const KEPT_HOURS = 14 * 24;
const FORECAST_HOURS = 48;
const REFRESH_HOURS = 6;

export function createPredictive(options: PredictiveOptions): Peer {
  const predictive = new Predictive(options);
  const { everySeconds } = EVALUATION[options.periodSeconds ?? 60];
  return { name: 'aws-predictive', everySeconds, decide: (seen) => predictive.decide(seen) };
}

class Predictive {
  private readonly options: PredictiveOptions;
  private readonly tracking: TargetTracking;
  private readonly history = new LoadHistory(KEPT_HOURS);
  private readUntil: EpochMs = Number.NEGATIVE_INFINITY;
  private plan: { from: EpochMs; tasks: readonly number[] } = { from: Number.NEGATIVE_INFINITY, tasks: [] };

  constructor(options: PredictiveOptions) {
    this.options = options;
    this.tracking = new TargetTracking(options);
  }

  decide(seen: PeerView): number | undefined {
    this.learn(seen);
    this.refresh(seen.now);
    const floor = clamp(this.plannedAt(seen.now), seen.capacity);
    const tracked = this.tracking.decide(seen, floor);
    const count = Math.max(tracked ?? seen.service.desired, floor);
    return count === seen.service.desired ? undefined : count;
  }

  /** Whole minutes that are published, each once. */
  private learn(seen: PeerView): void {
    const { signal = 'cpu' } = this.options;
    const to = Math.floor((seen.now - publicationDelaySeconds(60) * 1000) / MINUTE_MS) * MINUTE_MS;
    for (const { startedAt, total } of readSignal(seen.metrics, signal, 60, this.readUntil, to)) {
      this.history.add(startedAt, total);
    }
    this.readUntil = to;
  }

  private refresh(now: EpochMs): void {
    if (now < this.plan.from + REFRESH_HOURS * HOUR_MS) return;
    const hours = this.history.hours();
    if (hours.length < NEEDED_HOURS) return;
    const from = Math.floor(now / HOUR_MS) * HOUR_MS;
    const tasks = forecast(hours, from, FORECAST_HOURS).map((load) => Math.ceil((load ?? 0) / this.options.target));
    this.plan = { from, tasks };
  }

  /** Tasks the forecast wants now: those of this hour, and of the next once it is near. */
  private plannedAt(now: EpochMs): number {
    const bufferMs = (this.options.schedulingBufferSeconds ?? 300) * 1000;
    return Math.max(this.plannedFor(now), this.plannedFor(now + bufferMs));
  }

  private plannedFor(at: EpochMs): number {
    return this.plan.tasks[Math.floor((at - this.plan.from) / HOUR_MS)] ?? 0;
  }
}
