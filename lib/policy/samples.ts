/**
 * How many samples a percentile needs before it says anything: ten beyond it, so that it is not the word of two slow requests. Percentiles
 * are those of CloudWatch's statistics; `p95(cpu, '5m')` is of datapoints that an operator counts himself, and never above their `max`.
 */
import type { Reading } from './observation.ts';
import type { EpochMs, SignalSpec } from './policy.ts';

const BEYOND = 10;
const STATISTICS: ReadonlySet<SignalSpec['source']['kind']> = new Set(['ecs', 'alb', 'cloudwatch']);

/** Undefined where the signal is no percentile. */
export function samplesNeeded({ source, stat }: Pick<SignalSpec, 'source' | 'stat'>): number | undefined {
  if (!STATISTICS.has(source.kind)) return undefined;
  const percent = /^p(\d{1,2}(?:\.\d+)?)$/.exec(stat)?.[1];
  // The epsilon forgives binary fractions: p99 needs 1000, not 1001.
  return percent === undefined ? undefined : Math.ceil((BEYOND * 100) / (100 - Number(percent)) - 1e-6);
}

/** Period start to the samples behind its datapoint, of those that are too few. Undefined where there are none. */
export function thinIn(spec: SignalSpec, reading: Reading | undefined): ReadonlyMap<EpochMs, number> | undefined {
  if (reading?.samples === undefined) return undefined;
  const needed = samplesNeeded(spec);
  if (needed === undefined) return undefined;
  const thin = reading.samples.filter(([, samples]) => samples < needed);
  return thin.length === 0 ? undefined : new Map(thin);
}

/** `40 samples, and p95 needs 200`. */
export function thinClause(spec: SignalSpec, samples: number): string {
  return `${samples} ${samples === 1 ? 'sample' : 'samples'}, and ${spec.stat} needs ${samplesNeeded(spec)}`;
}
