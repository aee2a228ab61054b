/** Datapoints as CloudWatch keeps them: published late, kept for some hours, absent where nothing was reported. */
import type { EpochMs } from '../policy/policy.ts';
import type { PlantDatapoint, PlantMetric } from './types.ts';

/** What a series is given. A function is asked once, when somebody first reads the datapoint. */
export type Recorded = PlantDatapoint | (() => PlantDatapoint);

export interface SeriesOptions {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly periodSeconds: number;
  readonly keptHours: number | 'all';
}

/** AWS shows a datapoint so long after its period has ended. */
export function publicationDelaySeconds(periodSeconds: number): number {
  return periodSeconds < 60 ? 14 : 50;
}

export class Series implements PlantMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly periodSeconds: number;
  private readonly keptMs: number;
  private readonly delayMs: number;
  private readonly clock: { readonly now: EpochMs };
  /** A ring, unless all is kept: `written` datapoints in all, the i-th at i modulo the length. */
  private readonly starts: EpochMs[] = [];
  private readonly points: Recorded[] = [];
  private readonly slots: number;
  private written = 0;

  constructor(options: SeriesOptions, clock: { readonly now: EpochMs }) {
    this.namespace = options.namespace;
    this.name = options.name;
    this.dimensions = options.dimensions;
    this.periodSeconds = options.periodSeconds;
    this.keptMs = options.keptHours === 'all' ? Number.POSITIVE_INFINITY : options.keptHours * 3_600_000;
    this.slots = Math.ceil(this.keptMs / (options.periodSeconds * 1000)) + 2;
    this.delayMs = publicationDelaySeconds(options.periodSeconds) * 1000;
    this.clock = clock;
  }

  /** Datapoints come in the order of time. */
  record(startedAt: EpochMs, point: Recorded): void {
    const slot = this.slotOf(this.written);
    this.starts[slot] = startedAt;
    this.points[slot] = point;
    this.written++;
  }

  visibleAt(startedAt: EpochMs): EpochMs {
    return startedAt + this.periodSeconds * 1000 + this.delayMs;
  }

  /** Sum, least and most of one number seen `count` times. */
  recordPlain(startedAt: EpochMs, sum: number, count: number, min: number, max: number): void {
    this.record(startedAt, { startedAt, visibleAt: this.visibleAt(startedAt), sum, count, min, max });
  }

  datapoints(from: EpochMs, to: EpochMs): readonly PlantDatapoint[] {
    const { now } = this.clock;
    const oldest = Math.max(from, now - this.keptMs);
    const found: PlantDatapoint[] = [];
    for (let i = this.written - 1; i >= Math.max(0, this.written - this.slots); i--) {
      const startedAt = this.starts[this.slotOf(i)] ?? Number.NEGATIVE_INFINITY;
      if (startedAt < oldest) break;
      if (startedAt < to && this.visibleAt(startedAt) <= now) found.push(this.pointAt(this.slotOf(i)));
    }
    return found.reverse();
  }

  private pointAt(slot: number): PlantDatapoint {
    const point = this.points[slot];
    if (point === undefined) throw new RangeError(`no datapoint in slot ${slot}`);
    if (typeof point !== 'function') return point;
    const made = point();
    this.points[slot] = made;
    return made;
  }

  private slotOf(index: number): number {
    return this.slots === Number.POSITIVE_INFINITY ? index : index % this.slots;
  }
}
