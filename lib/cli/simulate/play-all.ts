/** Plays every entrant on every load with every seed, and puts what belongs together together. */
import { BadInput } from '../../policy/bad-input.ts';
import { durationWords } from '../../policy/duration.ts';
import type { ServicePolicy } from '../../policy/policy.ts';
import { type Job, playAll } from '../../sim/play/farm.ts';
import type { Run } from '../../sim/play/play.ts';
import type { PictureTaken, RunScores } from '../../sim/play/recorder.ts';
import { type Scenario, scenarioOf } from '../../sim/play/scenario.ts';
import type { Entrant } from './contenders.ts';
import type { NamedLoad } from './loads.ts';
import type { RunOptions } from './options.ts';
import type { Subject } from './subject.ts';

/** An entrant on one load. */
export interface Result {
  readonly entrant: Entrant;
  /** One a seed. */
  readonly scores: readonly RunScores[];
  /** Of the first seed. */
  readonly picture?: PictureTaken;
}

export interface LoadResult {
  readonly named: NamedLoad;
  readonly scenario: Scenario;
  readonly results: readonly Result[];
}

export interface Watch {
  readonly onProgress: (done: number, of: number) => void;
  readonly abort: AbortSignal;
}

/** Throws `BadInput` where nothing is left to score: figures of nothing are zeros, and no gate should pass on them. */
export function scenariosOf(
  loads: readonly NamedLoad[],
  policy: ServicePolicy,
  subject: Subject,
  options: RunOptions,
): readonly Scenario[] {
  const { startClass, launchType, slo, warmUp, deployEvery } = options;
  const { cluster, service, capacity } = policy;
  return loads.map(({ load }) =>
    scenarioOf({
      load,
      capacity,
      ...subject,
      service: { cluster, service },
      startClass,
      launchType,
      ...(slo === undefined ? {} : { slo }),
      ...(warmUp === undefined ? {} : { scoredFrom: scoredAfter(load, warmUp) }),
      ...(deployEvery === undefined ? {} : { deployments: every(deployEvery * 1000, load.startsAt, load.endsAt) }),
    }),
  );
}

function scoredAfter({ name, startsAt, endsAt, stepSeconds, values }: NamedLoad['load'], warmUp: number): number {
  const scoredFrom = startsAt + warmUp * 1000;
  const scored = values.subarray(Math.floor(warmUp / stepSeconds));
  if (scored.some((rate) => !Number.isNaN(rate))) return scoredFrom;
  const lasts = durationWords((endsAt - startsAt) / 1000);
  throw new BadInput(
    `--warm-up ${durationWords(warmUp)}: ${name} lasts ${lasts} and nothing known is left of it to score; make it shorter.`,
  );
}

function every(stepMs: number, startsAt: number, endsAt: number): readonly number[] {
  return Array.from({ length: Math.ceil((endsAt - startsAt) / stepMs) - 1 }, (_, i) => startsAt + (i + 1) * stepMs);
}

/** @param picturePoints absent: no pictures are taken */
export async function playEverything(
  loads: readonly NamedLoad[],
  scenarios: readonly Scenario[],
  entrants: readonly Entrant[],
  options: Pick<RunOptions, 'seed' | 'seeds' | 'threads'> & { readonly picturePoints?: number },
  { onProgress, abort }: Watch,
): Promise<readonly LoadResult[]> {
  const plays = scenarios.map((scenario) => entrants.map((entrant) => jobsOf(scenario, entrant, options)));
  const jobs = plays.flat(2);
  const { threads } = options;
  const runs = await playAll(jobs, {
    ...(threads === undefined ? {} : { threads }),
    onProgress: (done) => onProgress(done, jobs.length),
    abort,
  });
  const byJob = new Map(jobs.map((job, index) => [job, runs[index] as Run]));
  return loads.map((named, index) => ({
    named,
    scenario: scenarios[index] as Scenario,
    results: entrants.map((entrant, place) => resultOf(entrant, plays[index]?.[place] ?? [], byJob)),
  }));
}

/** What knows no chance is played once. */
function jobsOf(
  scenario: Scenario,
  { contender, shown }: Entrant,
  { seed, seeds, picturePoints }: Pick<RunOptions, 'seed' | 'seeds'> & { readonly picturePoints?: number },
): readonly Job[] {
  const count = contender.kind === 'oracle' ? 1 : seeds;
  return Array.from({ length: count }, (_, index) => {
    const pictured = shown && index === 0 && picturePoints !== undefined;
    return { scenario, contender, options: { seed: seed + index, ...(pictured ? { picturePoints } : {}) } };
  });
}

function resultOf(entrant: Entrant, jobs: readonly Job[], byJob: ReadonlyMap<Job, Run>): Result {
  const runs = jobs.map((job) => byJob.get(job) as Run);
  const picture = runs[0]?.picture;
  return { entrant, scores: runs.map(({ scores }) => scores), ...(picture === undefined ? {} : { picture }) };
}
