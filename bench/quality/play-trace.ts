/** Plays everybody on one trace, at every size, setting and seed. */
import { type Job, playAll } from '../../lib/sim/play/farm.ts';
import type { RunScores } from '../../lib/sim/play/recorder.ts';
import { from, type Scenario, scenarioOf } from '../../lib/sim/play/scenario.ts';
import { type Entrant, entrantsFor } from './contenders.ts';
import type { Result } from './results.ts';
import { type Listed, scenarioFor } from './traces.ts';

export interface Matrix {
  readonly sizes: readonly number[];
  readonly settings: readonly number[];
  readonly seeds: readonly number[];
}

/** Who learns needs the week before; the others need an hour to settle, and are not played for longer. */
const LEARNS = 'aws-predictive';
const SETTLING_MS = 3_600_000;

interface Played {
  readonly size: number;
  readonly entrant: Entrant;
  readonly jobs: readonly Job[];
}

/** @param onProgress told from time to time how far it has come, in [0, 1] */
export async function playTrace(
  trace: Listed,
  { sizes, settings, seeds }: Matrix,
  onProgress: (part: number) => void,
): Promise<readonly Result[]> {
  const plays: Played[] = [];
  for (const size of sizes) {
    const whole = await scenarioFor(trace, size);
    const short = shortened(whole);
    for (const entrant of entrantsFor(whole.capacity, settings)) {
      const scenario = entrant.group === LEARNS ? whole : short;
      const own = entrant.contender.kind === 'oracle' ? seeds.slice(0, 1) : seeds;
      const jobs = own.map((seed) => ({ scenario, contender: entrant.contender, options: { seed } }));
      plays.push({ size, entrant, jobs });
    }
  }
  const jobs = plays.flatMap((one) => one.jobs);
  const runs = await playAll(jobs, { onProgress: (done) => onProgress(done / jobs.length) });
  let next = 0;
  return plays.map(({ size, entrant, jobs: own }) => {
    const scores = own.map(() => runs[next++]?.scores).filter((one) => one !== undefined);
    return resultOf(trace, size, entrant, scores);
  });
}

function shortened(scenario: Scenario): Scenario {
  const { plant, scoredFrom, capacity } = scenario;
  const load = from(plant.load, Math.max(plant.load.startsAt, scoredFrom - SETTLING_MS));
  return scenarioOf({ load, capacity, capacityPerTask: plant.capacityPerTask, scoredFrom });
}

function resultOf(
  { name, family }: Listed,
  size: number,
  { group, setting }: Entrant,
  scores: readonly RunScores[],
): Result {
  const mean = (of: (one: RunScores) => number | null) => {
    const known = scores.map(of).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  return {
    trace: name,
    family,
    size,
    group,
    ...(setting === undefined ? {} : { setting }),
    overloadedPct: mean((one) => one.overloadedPct) ?? 0,
    overSloPct: mean((one) => one.overSloPct) ?? 0,
    costRatio: mean((one) => one.costRatio),
    changesPerDay: mean((one) => one.changesPerDay) ?? 0,
    reversalsPerDay: mean((one) => one.reversalsPerDay) ?? 0,
    reactionSecondsP50: mean((one) => one.reactionSecondsP50),
    reactionSecondsP95: mean((one) => one.reactionSecondsP95),
  };
}
