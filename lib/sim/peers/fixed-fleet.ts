/** A fleet that never changes, as large as the busiest percent but one of the whole load asks for: what doing without a scaler costs. */
import { ratePercentile } from '../load.ts';
import type { Load } from '../types.ts';
import type { Peer } from './peer.ts';

export interface FixedFleetOptions {
  readonly load: Load;
  /** Requests per second one task serves at 100 %. */
  readonly capacityPerTask: number;
  /** How busy a task is meant to be at that rate. Default 1: at its capacity. */
  readonly utilisation?: number;
  /** Default 0.99. */
  readonly percentile?: number;
}

/** At least one task; it knows the whole load beforehand, which nobody who sizes a fleet does. */
export function fixedFleetSize(options: FixedFleetOptions): number {
  const { load, capacityPerTask, utilisation = 1, percentile = 0.99 } = options;
  const rate = ratePercentile(load, percentile) ?? 0;
  // A hair of tolerance: 1200 ÷ 60 must not become 21 by rounding.
  return Math.max(1, Math.ceil(rate / (capacityPerTask * utilisation) - 1e-9));
}

export function createFixedFleet(options: FixedFleetOptions): Peer {
  const tasks = fixedFleetSize(options);
  return { name: 'fixed-p99', everySeconds: 60, decide: () => tasks };
}
