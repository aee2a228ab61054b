/** Loads held in memory: one number a step, NaN where nobody knows. */
import type { EpochMs } from '../policy/policy.ts';
import type { Load } from './types.ts';

export interface SampledLoad extends Load {
  /** Requests per second, one a step; NaN in a gap. */
  readonly values: Float64Array;
}

export function sampledLoad(name: string, startsAt: EpochMs, stepSeconds: number, values: Float64Array): SampledLoad {
  const stepMs = stepSeconds * 1000;
  return {
    name,
    startsAt,
    endsAt: startsAt + values.length * stepMs,
    stepSeconds,
    values,
    rateAt(at) {
      const value = values[Math.floor((at - startsAt) / stepMs)];
      return value === undefined || Number.isNaN(value) ? null : value;
    },
  };
}

/** Any load as numbers in memory. */
export function sampled(load: Load): SampledLoad {
  if ('values' in load && load.values instanceof Float64Array) return load as SampledLoad;
  const steps = Math.ceil((load.endsAt - load.startsAt) / (load.stepSeconds * 1000));
  const values = Float64Array.from(
    { length: steps },
    (_, i) => load.rateAt(load.startsAt + i * load.stepSeconds * 1000) ?? Number.NaN,
  );
  return sampledLoad(load.name, load.startsAt, load.stepSeconds, values);
}

/** The rate that a share `p` of the known steps does not exceed; null where no step is known. */
export function ratePercentile(load: Load, p: number): number | null {
  const { values } = sampled(load);
  // Filled by hand: what filter() collects first takes several times the room, and a trace may be long.
  const known = new Float64Array(values.length);
  let count = 0;
  for (const value of values) if (!Number.isNaN(value)) known[count++] = value;
  known.subarray(0, count).sort();
  return known.subarray(0, count)[Math.min(count - 1, Math.max(0, Math.ceil(count * p) - 1))] ?? null;
}
