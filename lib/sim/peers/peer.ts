/** A model of another autoscaler: what it may see, and what it answers. */
import type { EpochMs } from '../../policy/policy.ts';
import type { PlantMetric, PlantView } from '../types.ts';
import type { PodSample } from './pod-sample.ts';

/** Inclusive. */
export interface Capacity {
  readonly min: number;
  readonly max: number;
}

/** The world at one moment, as far as an autoscaler can see it: nothing of the future, no metric before it is published. */
export interface PeerView {
  readonly now: EpochMs;
  readonly service: PlantView;
  /** What CloudWatch has published. */
  readonly metrics: readonly PlantMetric[];
  /**
   * What the tasks themselves showed since the decision before, for peers that scrape tasks directly and do not wait for CloudWatch.
   * Null where nobody knows: at the very beginning, and in a gap of the load.
   */
  readonly sample: PodSample | null;
  readonly capacity: Capacity;
}

/** Deterministic: the same views in the same order give the same answers. Its state is plain data that it keeps to itself. */
export interface Peer {
  readonly name: string;
  /** Seconds of virtual time between two decisions. */
  readonly everySeconds: number;
  /** The new desired count; undefined leaves it as it is. */
  decide(seen: PeerView): number | undefined;
}

/** The upper bound wins where the two contradict each other. */
export function clamp(count: number, { min, max }: Capacity): number {
  return Math.min(max, Math.max(min, count));
}
