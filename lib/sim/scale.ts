/** Gives a load the size that a service of so many tasks would have. */
import { randomPoisson } from 'd3-random';
import { BadInput } from '../policy/bad-input.ts';
import { stream } from './chance.ts';
import { ratePercentile, type SampledLoad, sampled, sampledLoad } from './load.ts';
import type { Load } from './types.ts';

export interface ScaleOptions {
  /** Default 20. */
  readonly tasksAtP95?: number;
  /** Of those tasks, a fraction. Default 0.6. */
  readonly utilisation?: number;
  /** Requests per second one task serves at 100 %. Default 100. */
  readonly capacityPerTask?: number;
  /** Of the noise drawn where the trace has lost its own. Default 1. */
  readonly seed?: number;
}

/**
 * The load whose 95th percentile keeps `tasksAtP95` tasks at `utilisation`, in requests per second; unknown stays unknown.
 * Throws `BadInput` where that percentile is 0.
 */
export function scaleLoad(load: Load, options: ScaleOptions = {}): SampledLoad {
  const { tasksAtP95 = 20, utilisation = 0.6, capacityPerTask = 100, seed = 1 } = options;
  const p95 = ratePercentile(load, 0.95);
  if (p95 === null || p95 === 0) {
    const found = p95 === null ? 'has no known value' : 'is 0 for at least 95 % of its time';
    throw new BadInput(
      `trace ${load.name}: value ${found}, so it has no size to scale by; give a longer or busier stretch`,
    );
  }
  const factor = (tasksAtP95 * utilisation * capacityPerTask) / p95;
  if (!Number.isFinite(factor)) {
    throw new BadInput(
      `trace ${load.name}: value ${p95} at its 95th percentile is too small to scale by; check the unit`,
    );
  }
  const values = sampled(load).values.map((value) => value * factor);
  const scaled = sampledLoad(load.name, load.startsAt, load.stepSeconds, values);
  return 'lostNoise' in load && load.lostNoise === true ? withPoissonNoise(scaled, seed) : scaled;
}

/** Each step's count of requests drawn from a Poisson distribution around it. */
function withPoissonNoise(load: Load, seed: number): SampledLoad {
  const poisson = randomPoisson.source(stream(seed, 'poisson'));
  const { stepSeconds } = load;
  const values = sampled(load).values.map((rate) => (rate > 0 ? poisson(rate * stepSeconds)() / stepSeconds : rate));
  return sampledLoad(load.name, load.startsAt, stepSeconds, values);
}
