/** Loads made by the project, for those who have no trace. Seeded: same seed, same bytes. */
import { randomLogNormal, randomPoisson } from 'd3-random';
import type { EpochMs } from '../policy/policy.ts';
import { stream, uniformAt } from './chance.ts';
import { type SampledLoad, sampled, sampledLoad } from './load.ts';
import { scaleLoad } from './scale.ts';
import { constant, flashCrowd, noise, product, ramp, type Shape, sum } from './shapes.ts';
import type { Load } from './types.ts';

export * from './shapes.ts';

export interface GeneratedOptions {
  readonly name: string;
  readonly hours: number;
  /** Default Monday 2026-01-05T00:00Z. */
  readonly startsAt?: EpochMs;
  /** Default 60. */
  readonly stepSeconds?: number;
}

const MONDAY = Date.UTC(2026, 0, 5);

/** A shape as a load: its level in the middle of each step, as requests per second, never below 0. */
export function generate(shape: Shape, options: GeneratedOptions): SampledLoad {
  const { name, hours, startsAt = MONDAY, stepSeconds = 60 } = options;
  const steps = Math.round((hours * 3600) / stepSeconds);
  const values = Float64Array.from({ length: steps }, (_, i) => Math.max(0, shape((i + 0.5) * stepSeconds)));
  return sampledLoad(name, startsAt, stepSeconds, values);
}

/** The default day: a morning ramp, noise and one flash crowd; its p95 is 20 tasks of 100 requests per second at 60 %. */
export function dayWithFlashCrowd(seed: number): SampledLoad {
  const chance = (index: number) => uniformAt(seed, 1_000_000 + index);
  const day = sum(
    constant(0.22),
    ramp({ from: 0, to: 0.78, startHour: 6.5 + chance(0), endHour: 9.5 + chance(1) }),
    ramp({ from: 0, to: -0.12, startHour: 12, endHour: 13 }),
    ramp({ from: 0, to: -0.66, startHour: 17.5, endHour: 23 }),
  );
  const crowd = flashCrowd({
    atHour: 14 + 2 * chance(2),
    height: 0.8 + 0.3 * chance(3),
    riseSeconds: 240 + 240 * chance(4),
    halfLifeSeconds: 900,
  });
  const wander = noise({ seed, sigma: 0.06, everySeconds: 600 });
  const flicker = noise({ seed: seed + 7919, sigma: 0.03, everySeconds: 60 });
  return scaleLoad(generate(product(sum(day, crowd), wander, flicker), { name: 'a seeded day', hours: 24 }));
}

export interface QueueJobsOptions extends GeneratedOptions {
  readonly seed: number;
  /** Mean jobs per second over time. */
  readonly jobsPerSecond: Shape;
  /** Jobs come in batches of about so many: 1 is one by one. Default 1. */
  readonly batchSize?: number;
  /** Median work in a job, and how it spreads (sigma of its logarithm). */
  readonly secondsPerJob: { readonly median: number; readonly sigma: number };
}

export interface QueueJobs {
  readonly load: SampledLoad;
  /** Mean work in a job. A task that works on `parallel` jobs at once takes parallel ÷ this jobs per second. */
  readonly meanSecondsPerJob: number;
}

/** Jobs that arrive by chance, each with work of its own; a step's load counts long jobs for more than short ones. */
export function queueJobs(options: QueueJobsOptions): QueueJobs {
  const { seed, jobsPerSecond, batchSize = 1, secondsPerJob } = options;
  const { median, sigma } = secondsPerJob;
  const meanSecondsPerJob = median * Math.exp((sigma * sigma) / 2);
  const batches = randomPoisson.source(stream(seed, 'batches'));
  const work = randomLogNormal.source(stream(seed, 'work'))(Math.log(median), sigma);
  const mean = generate(jobsPerSecond, options);
  const values = mean.values.map((rate) => {
    const jobs = batches((rate * mean.stepSeconds) / batchSize)() * batchSize;
    return workIn(jobs, work, meanSecondsPerJob, sigma) / meanSecondsPerJob / mean.stepSeconds;
  });
  return { load: sampledLoad(options.name, mean.startsAt, mean.stepSeconds, values), meanSecondsPerJob };
}

/** Beyond so many jobs in a step their sum is near its mean, and drawing each is a waste. */
const DRAWN_JOBS = 500;

function workIn(jobs: number, draw: () => number, mean: number, sigma: number): number {
  if (sigma === 0 || jobs > DRAWN_JOBS) return jobs * mean;
  let seconds = 0;
  for (let i = 0; i < jobs; i++) seconds += draw();
  return seconds;
}

/** The load with every rate times `factor`. */
export function scaled(load: Load, factor: number): SampledLoad {
  return onItsGrid(load, (rate) => rate * factor);
}

/** The load run through faster (`speed` 2: in half the time) or slower, step by step. */
export function warped(load: Load, speed: number): SampledLoad {
  const { values, stepSeconds, name, startsAt } = sampled(load);
  const steps = Math.max(1, Math.round(values.length / speed));
  const last = values.length - 1;
  const picked = Float64Array.from(
    { length: steps },
    (_, i) => values[Math.min(last, Math.floor(i * speed))] ?? Number.NaN,
  );
  return sampledLoad(name, startsAt, stepSeconds, picked);
}

/** One load after the other, without a gap, on the grid and from the beginning of the first. */
export function spliced(first: Load, ...others: readonly Load[]): SampledLoad {
  const { stepSeconds } = first;
  const parts = [first, ...others].map((load) => {
    const steps = Math.round((load.endsAt - load.startsAt) / (stepSeconds * 1000));
    return Array.from({ length: steps }, (_, i) => load.rateAt(load.startsAt + i * stepSeconds * 1000) ?? Number.NaN);
  });
  return sampledLoad(first.name, first.startsAt, stepSeconds, Float64Array.from(parts.flat()));
}

/** The load times a noise of its own, drawn anew each minute. */
export function noisy(load: Load, { seed, sigma }: { seed: number; sigma: number }): SampledLoad {
  const factor = noise({ seed, sigma, everySeconds: 60 });
  return onItsGrid(load, (rate, second) => rate * factor(second));
}

function onItsGrid(load: Load, change: (rate: number, second: number) => number): SampledLoad {
  const { values, stepSeconds, name, startsAt } = sampled(load);
  return sampledLoad(
    name,
    startsAt,
    stepSeconds,
    values.map((rate, i) => change(rate, i * stepSeconds)),
  );
}
