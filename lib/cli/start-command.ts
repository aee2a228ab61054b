/** `npm start`: a policy over a workload, from its options to its scores and its page. Prints nothing; whoever watches is told. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalCloud } from '../local/cloud.ts';
import { renderRunPage } from '../report/page.ts';
import { planOracle } from '../sim/oracle.ts';
import { createPlant, type PlantOptions } from '../sim/plant.ts';
import { type Scores, score } from '../sim/scores.ts';
import type { Load, Plant } from '../sim/types.ts';
import { assumptionsOf } from './assumptions.ts';
import { startHandler } from './handler-link.ts';
import { createLocalTable } from './local-table.ts';
import { checkOutFolder, makeOutFolder } from './out-folder.ts';
import { paceOf } from './pace.ts';
import { type Played, play, type Tick } from './play.ts';
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

/** Told as the run goes; must not throw. */
export interface Watcher {
  begun(load: Load, policy: PolicyPlayed): void;
  ticked(tick: Tick): void;
}

export interface Started {
  readonly summary: Summary;
  readonly played: Played;
}

const REGION = 'us-east-1';
const ACCOUNT_ID = '123456789012';
const TABLE = 'schmitt';

/** Throws `BadInput` before anything is written; throws the abort's reason when the run is given up. */
export async function start(options: StartOptions, watcher: Watcher, abort: AbortSignal): Promise<Started> {
  const policy = await readPolicy(options.policy, options.service);
  const load = await readWorkload(options);
  await checkOutFolder(options.out);
  const plantOptions = plantOf(options, load, policy);
  const plant = createPlant(plantOptions);
  refuseUnplayedSignals(policy, plant);
  const played = await playOnCloud(options, { load, policy, plant }, watcher, abort);
  const scores = scoresOf(plant, played, plantOptions);
  const page = join(await makeOutFolder(options.out), 'run.html');
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

interface Scene {
  readonly load: Load;
  readonly policy: PolicyPlayed;
  readonly plant: Plant;
}

async function playOnCloud(
  { port, out, seed, speed }: StartOptions,
  { load, policy, plant }: Scene,
  watcher: Watcher,
  abort: AbortSignal,
): Promise<Played> {
  const cloud = await startLocalCloud({ plants: [plant], port, account: ACCOUNT_ID, region: REGION });
  try {
    const logFile = join(await makeOutFolder(out), 'handler.log');
    await rm(join(out, 'run.html'), { force: true });
    await createLocalTable(cloud.dynamoEndpoint, REGION, TABLE);
    const { endpoint, dynamoEndpoint } = cloud;
    const account = { region: REGION, accountId: ACCOUNT_ID, tableName: TABLE };
    const handler = startHandler({ policies: policy.set, ...account, endpoint, dynamoEndpoint }, logFile);
    try {
      watcher.begun(load, policy);
      const pace = paceOf(speed, load.startsAt);
      const stage = { load, plant, policy: policy.policy, handler, seed, pace };
      return await play(stage, (tick) => watcher.ticked(tick), abort);
    } finally {
      await handler.close();
    }
  } finally {
    await cloud.close();
  }
}

function scoresOf(plant: Plant, { decisions }: Played, plantOptions: PlantOptions): Scores {
  const changes = decisions.filter(({ outcome }) => outcome === 'changed');
  return score(plant.rows(), changes, planOracle(plantOptions));
}
