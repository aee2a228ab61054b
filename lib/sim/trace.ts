/** Traces: files of load, read into virtual time. */
import type { EpochMs } from '../policy/policy.ts';
import type { Load } from './types.ts';

export interface TraceOptions {
  /** Only the end of the trace: `90m`, `12h`, `3d`. Default: all of it. */
  readonly last?: string;
  /** Default: the file's name without its extension. */
  readonly name?: string;
  /** Where second 0 lies, for traces whose timestamps are no dates. Default Monday 2026-01-05T00:00Z. */
  readonly startsAt?: EpochMs;
}

export interface Trace extends Load {
  readonly samples: number;
  /** Median distance of two samples. */
  readonly intervalSeconds: number;
  /** Stretches of more than two intervals without a sample; `rateAt` is null in them. */
  readonly gaps: number;
}

/** Reads `timestamp_s,value` with a header. Throws `BadInput`. */
export function readTrace(_file: string, _options: TraceOptions = {}): Promise<Trace> {
  throw new Error('not built yet');
}

export interface ScaleOptions {
  /** Default 20. */
  readonly tasksAtP95?: number;
  /** Of those tasks, a fraction. Default 0.6. */
  readonly utilisation?: number;
  /** Requests per second one task serves at 100 %. Default 100. */
  readonly capacityPerTask?: number;
}

/** The load whose 95th percentile keeps `tasksAtP95` tasks at `utilisation`. Throws `BadInput` where that percentile is 0. */
export function scaleLoad(_load: Load, _options: ScaleOptions = {}): Load {
  throw new Error('not built yet');
}
