/** A policy on a plant behind the local cloud, decided by the real handler in a thread of its own. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startLocalCloud } from '../local/cloud.ts';
import type { Load, Plant } from '../sim/types.ts';
import { startHandler } from './handler-link.ts';
import { createLocalTable } from './local-table.ts';
import { makeOutFolder } from './out-folder.ts';
import { paceOf } from './pace.ts';
import { type Played, play, type Tick } from './play.ts';
import type { PolicyPlayed } from './policy-file.ts';

export interface Scene {
  readonly load: Load;
  readonly policy: PolicyPlayed;
  readonly plant: Plant;
}

export interface LocalRunOptions {
  readonly port: number;
  readonly seed: number;
  readonly speed: number;
  /** Made once everything else is in order. */
  readonly out: string;
  /** Names in it: what the handler says, and the page of an earlier run, which goes. */
  readonly log: string;
  readonly page: string;
}

/** Told as the run goes; must not throw. */
export interface Watcher {
  begun(load: Load, policy: PolicyPlayed): void;
  ticked(tick: Tick): void;
}

const REGION = 'us-east-1';
const ACCOUNT_ID = '123456789012';
const TABLE = 'schmitt';

/** Throws `BadInput` where the port cannot be had, and the abort's reason when the run is given up. */
export async function playOnCloud(
  { port, seed, speed, out, log, page }: LocalRunOptions,
  { load, policy, plant }: Scene,
  watcher: Watcher,
  abort: AbortSignal,
): Promise<Played> {
  const cloud = await startLocalCloud({ plants: [plant], port, account: ACCOUNT_ID, region: REGION });
  try {
    const folder = await makeOutFolder(out);
    await rm(join(folder, page), { force: true });
    await createLocalTable(cloud.dynamoEndpoint, REGION, TABLE);
    const { endpoint, dynamoEndpoint } = cloud;
    const account = { region: REGION, accountId: ACCOUNT_ID, tableName: TABLE };
    const handler = startHandler({ policies: policy.set, ...account, endpoint, dynamoEndpoint }, join(folder, log));
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
