/** Tasks and deployments that fail, from the plant through the wire protocols to the sentence that an operator reads in the ledger. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { awsPorts } from '../../lib/aws/ports.ts';
import { createLocalTable } from '../../lib/cli/local-table.ts';
import { explainAt } from '../../lib/cli/operator/history-commands.ts';
import { type Operator, operatorFor } from '../../lib/cli/operator/operator.ts';
import { startLocalCloud } from '../../lib/local/cloud.ts';
import { manualClock } from '../../lib/loop/manual-clock.ts';
import type { LedgerEntry } from '../../lib/loop/ports.ts';
import { tick } from '../../lib/loop/tick.ts';
import { sampledLoad } from '../../lib/sim/load.ts';
import { createPlant } from '../../lib/sim/plant.ts';
import type { Plant } from '../../lib/sim/types.ts';
import { checkoutPolicies } from '../support/policy-texts.ts';

const REGION = 'us-east-1';
const START = Date.UTC(2026, 10, 18, 14, 0, 0);
const MINUTE = 60_000;
const live = (): AbortSignal => new AbortController().signal;
const POLICIES = checkoutPolicies(`
scaleOut: [{ name: warm, when: 'cpu > 65', add: 2, trueFor: 1 of 1 }]
scaleIn: [{ name: calm, when: 'cpu < 30', remove: 1, trueFor: 6 of 6 }]`);

interface World {
  readonly plant: Plant;
  readonly operator: Operator;
  /** Ticks once a minute up to `minute` after the start; what was said of the service, oldest first. */
  until(minute: number): Promise<readonly LedgerEntry[]>;
}

let closing: () => Promise<void> = async () => undefined;
afterEach(() => closing());

/** Four tasks, calm for ten minutes and then too warm for them. */
async function given(): Promise<World> {
  const rates = Float64Array.from({ length: 90 }, (_, minute) => (minute < 10 ? 150 : 340));
  const plant = createPlant({ load: sampledLoad('step', START, 60, rates), seed: 7, desired: 4 });
  const cloud = await startLocalCloud({ plants: [plant], region: REGION });
  await createLocalTable(cloud.dynamoEndpoint, REGION, 'schmitt');
  const clock = manualClock(START);
  const { endpoint, dynamoEndpoint: dynamodb } = cloud;
  const connection = {
    region: REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    endpoints: { ecs: endpoint, cloudwatch: endpoint, elb: endpoint, dynamodb },
    ...{ tableName: 'schmitt', clock },
  };
  const ports = awsPorts({ ...connection, policies: { load: async () => POLICIES } });
  const operator = operatorFor({ ...connection, abort: live() });
  closing = async () => {
    operator.close();
    ports.close();
    await cloud.close();
  };
  const said: LedgerEntry[] = [];
  return {
    plant,
    operator,
    async until(minute) {
      for (let at = clock.now() + MINUTE; at <= START + minute * MINUTE; at += MINUTE) {
        plant.advanceTo(at);
        clock.set(at);
        const account = { partition: 'aws', region: REGION, accountId: '123456789012' };
        const request = { shard: '0', account, owner: `t${at}`, remainingMs: () => 29_000, abort: live() };
        const report = await tick(ports, request);
        if (report.kind === 'ticked') said.push(...report.entries);
      }
      return said;
    },
  };
}

const sentences = (said: readonly LedgerEntry[], has: string) =>
  said.map(({ sentence }) => sentence).filter((sentence) => sentence.includes(has));

describe('tasks of a change that are not in service in time', () => {
  test.each([
    ['image', /\d+ not started, \d+ stopped: CannotPullContainerError: failed to resolve ref: not found/],
    ['crash', /\d+ stopped: Essential container in task exited \(app: exit code 1\)/],
    ['unhealthy', /2 unhealthy: Health checks failed with these codes: \[502\]/],
  ] as const)('%s: the ledger says why, once', async (illness, why) => {
    const { plant, operator, until } = await given();
    await until(10);
    plant.sicken(illness);
    const said = await until(22);
    const counted = sentences(said, 'counted as a failure');
    expect(counted).toEqual([expect.stringMatching(why)]);
    const at = said.find(({ sentence }) => sentence === counted[0])?.at ?? 0;
    expect(await explainAt(operator, 'prod/checkout', at)).toMatch(why);
    expect(plant.view().inService).toBe(4);
  });
});

describe('a deployment whose tasks fail', () => {
  test('is left alone in both directions, and what ECS says of it is told', async () => {
    const { plant, until } = await given();
    await until(8);
    plant.sicken('image');
    plant.deploy({ circuitBreaker: true });
    const said = await until(24);
    expect(plant.view().deployments[0]?.rolloutState).toBe('FAILED');
    const held = sentences(said, 'its deployment fails');
    expect(held.at(-1)).toMatch(
      /its deployment fails \(ECS deployment .* failed: tasks failed to start\.\): nothing is/,
    );
    expect(plant.view().desired).toBe(4);
  });

  test('that goes on trying without a circuit breaker is known by its failed tasks', async () => {
    const { plant, until } = await given();
    await until(8);
    plant.sicken('crash');
    plant.deploy();
    const said = await until(24);
    expect(sentences(said, 'its deployment fails').at(-1)).toMatch(/its deployment fails \(\d+ of its tasks failed\)/);
    expect(plant.view().inService).toBe(4);
  });
});
