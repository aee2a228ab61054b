/**
 * Traces: files of load, read into virtual time.
 * A value is a rate in whatever unit; only the shape counts, and `scaleLoad` gives it a size. Between samples the load is linear.
 * Samples a minute apart bring their own noise. Samples 5 minutes apart have lost it, and counts below about 200 a minute would
 * scale theirs up with them (they are smoothed over 5 minutes first): for these `scaleLoad` draws Poisson noise at the new level.
 * Samples 10 minutes apart and more hide bursts and stay smooth: good for seasons and cost, never for a claim about bursts.
 */
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { BadInput } from '../policy/bad-input.ts';
import { durationSeconds } from '../policy/duration.ts';
import type { EpochMs } from '../policy/policy.ts';
import { readCsvSamples } from './csv-trace.ts';
import { readJsonSamples } from './json-trace.ts';
import { type SampledLoad, sampledLoad } from './load.ts';
import { centredMean, lastSeconds, medianInterval, resample, stepFor } from './resample.ts';
import type { Samples } from './samples.ts';

export { type ScaleOptions, scaleLoad } from './scale.ts';

export interface TraceOptions {
  /** Only the end of the trace: `90m`, `12h`, `3d`. Default: all of it. */
  readonly last?: string;
  /** Default: the file's name without its extension. */
  readonly name?: string;
  /** Where second 0 lies, for traces whose timestamps are no dates. Default Monday 2026-01-05T00:00Z. */
  readonly startsAt?: EpochMs;
  /** True: leave small counts as noisy as they are. */
  readonly raw?: boolean;
  /** Which series of a JSON file that holds several: its Id or Label, or its labels as Prometheus writes them. */
  readonly series?: string;
}

export interface Trace extends SampledLoad {
  readonly samples: number;
  /** Median distance of two samples. */
  readonly intervalSeconds: number;
  /** Stretches of more than two intervals without a sample; `rateAt` is null in them. */
  readonly gaps: number;
  /** The samples do not carry the noise of single requests (any more): `scaleLoad` draws it anew. */
  readonly lostNoise: boolean;
}

const DEFAULT_START = Date.UTC(2026, 0, 5);
/** Seconds; smaller timestamps count from `startsAt`, larger ones are dates (2001 and later). */
const FIRST_DATE = 1e9;
const SMALL_COUNT_PER_MINUTE = 200;
const SMOOTHED_SECONDS = 300;

/**
 * Reads CSV (`timestamp_s,value` with a header) or, where the name ends in `.json`, what `aws cloudwatch get-metric-data` or Prometheus'
 * `query_range` answered. Throws `BadInput`.
 */
export async function readTrace(file: string, options: TraceOptions = {}): Promise<Trace> {
  await refuseUnreadable(file);
  const keepSeconds = options.last === undefined ? undefined : durationSeconds(options.last);
  const samples = isJson(file)
    ? await readJsonSamples(file, file, options.series)
    : await readCsvSamples(file, file, keepSeconds);
  return traceOf(samples, file, options);
}

/** The name decides: what comes through a pipe can be looked at once only. */
export function isJson(file: string): boolean {
  return extname(file).toLowerCase() === '.json';
}

async function refuseUnreadable(file: string): Promise<void> {
  const mend = 'give the path of a CSV file with the header timestamp_s,value, or of a .json file';
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    const why =
      cause.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${cause.code ?? cause.message})`;
    throw new BadInput(`${file}: ${why}; ${mend}`, { cause });
  });
  if (found.isDirectory()) throw new BadInput(`${file}: this is a folder; ${mend}`);
}

/** The load that checked samples of `file` stand for. */
function traceOf(all: Samples, file: string, options: TraceOptions): Trace {
  const intervalSeconds = medianInterval(all);
  const samples = options.last === undefined ? all : lastOf(all, options.last, intervalSeconds, file);
  const isDated = (samples.seconds[0] ?? 0) >= FIRST_DATE;
  refuseEndless(samples, intervalSeconds, file);
  const { stepSeconds, firstSecond, values, gaps } = resample(samples, intervalSeconds);
  const small = options.raw !== true && areSmallCounts(samples.values, intervalSeconds);
  const load = sampledLoad(
    options.name ?? basename(file, extname(file)),
    (isDated ? 0 : (options.startsAt ?? DEFAULT_START)) + firstSecond * 1000,
    stepSeconds,
    small ? centredMean(values, SMOOTHED_SECONDS / stepSeconds) : values,
  );
  const sparse = intervalSeconds > 60 && intervalSeconds < 600;
  return { ...load, samples: samples.seconds.length, intervalSeconds, gaps, lostNoise: small || sparse };
}

/** A year of seconds, sixty of minutes. One timestamp that is far off asks for more. */
export const MOST_STEPS = 32_000_000;

function refuseEndless({ seconds }: Samples, intervalSeconds: number, file: string): void {
  const spanSeconds = (seconds.at(-1) ?? 0) - (seconds[0] ?? 0);
  if (spanSeconds / stepFor(intervalSeconds) <= MOST_STEPS) return;
  const days = Math.round(spanSeconds / 86_400);
  throw new BadInput(
    `${file}: there are ${days} days from its first sample to its last, which are ${intervalSeconds} s apart; correct the timestamp that is far off, or ask for its end with --last`,
  );
}

function lastOf(samples: Samples, last: string, intervalSeconds: number, file: string): Samples {
  const seconds = durationSeconds(last);
  if (seconds === undefined || seconds === 0) {
    throw new BadInput(`--last ${last}: this is not a length of time; write a number with s, m, h or d, such as 3d`);
  }
  const kept = lastSeconds(samples, seconds, intervalSeconds);
  if (kept.seconds.length >= 2) return kept;
  throw new BadInput(
    `--last ${last}: this keeps ${kept.seconds.length} samples of ${file}, which are ${intervalSeconds} s apart; ask for at least ${2 * intervalSeconds}s`,
  );
}

/** Whole numbers whose mean is small: single requests show, and scaling up would turn their noise into bursts. */
function areSmallCounts(values: Float64Array, intervalSeconds: number): boolean {
  let sum = 0;
  for (const value of values) {
    if (!Number.isInteger(value)) return false;
    sum += value;
  }
  return (sum / values.length / intervalSeconds) * 60 < SMALL_COUNT_PER_MINUTE;
}
