/** `npm start`: a policy over a workload, from its options to its scores and its page. Prints nothing; whoever watches is told. */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { renderRunPage } from '../report/page.ts';
import { planOracle } from '../sim/oracle.ts';
import { createPlant, type PlantOptions } from '../sim/plant.ts';
import { type Scores, score } from '../sim/scores.ts';
import type { Load, Plant } from '../sim/types.ts';
import { assumptionsOf } from './assumptions.ts';
import { playOnCloud, type Watcher } from './local-run.ts';
import { checkOutFolder } from './out-folder.ts';
import type { Played } from './play.ts';
import { type PolicyPlayed, readPolicy } from './policy-file.ts';
import { refuseUnplayedSignals } from './signals-played.ts';
import type { StartOptions } from './start-options.ts';
import { CAPACITY_PER_TASK, readWorkload, UTILISATION } from './workload.ts';

export interface Summary extends Scores {
  readonly trace: string;
  readonly ticks: number;
  /** Path of the page. */
  readonly page: string;
}

export interface Started {
  readonly summary: Summary;
  readonly played: Played;
}

/** Throws `BadInput` before anything is written; throws the abort's reason when the run is given up. */
export async function start(options: StartOptions, watcher: Watcher, abort: AbortSignal): Promise<Started> {
  const policy = await readPolicy(options.policy, options.service);
  const load = await readWorkload(options);
  await checkOutFolder(options.out);
  const plantOptions = plantOf(options, load, policy);
  const plant = createPlant(plantOptions);
  refuseUnplayedSignals(policy, plant);
  const files = { log: 'handler.log', page: 'run.html' };
  const played = await playOnCloud({ ...options, ...files }, { load, policy, plant }, watcher, abort);
  const page = join(resolve(options.out), files.page);
  const scores = scoresOf(plant, played, plantOptions);
  const summary: Summary = { ...scores, trace: load.name, ticks: played.ticks, page };
  const run = {
    trace: load.name,
    policy: policy.policy,
    policyFile: policy.file,
    policyText: policy.text,
    rows: plant.rows(),
    capacityPerTask: plant.capacityPerTask,
    decisions: played.decisions,
    scores: { ...scores, ticks: played.ticks },
    assumptions: assumptionsOf(options, plantOptions),
  };
  await writeFile(page, renderRunPage(run));
  return { summary, played };
}

function plantOf({ seed }: StartOptions, load: Load, { policy }: PolicyPlayed): PlantOptions {
  const { cluster, service, capacity } = policy;
  const first = (load.rateAt(load.startsAt) ?? 0) / (CAPACITY_PER_TASK * UTILISATION);
  const desired = Math.min(Math.max(Math.ceil(first), capacity.min), capacity.max);
  return { load, seed, name: { cluster, service }, desired, capacityPerTask: CAPACITY_PER_TASK, startClass: 'fast' };
}

function scoresOf(plant: Plant, { decisions }: Played, plantOptions: PlantOptions): Scores {
  const changes = decisions.filter(({ outcome }) => outcome === 'changed');
  return score(plant.rows(), changes, planOracle(plantOptions));
}
