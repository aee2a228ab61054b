/** The ports, composed as the function composes them, against the local cloud. */

import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type AwsPorts, awsPorts } from '../../lib/aws/ports.ts';
import { systemClock } from '../../lib/aws/system-clock.ts';
import { tableDefinition } from '../../lib/aws/table.ts';
import { type LocalCloud, startLocalCloud } from '../../lib/local/cloud.ts';
import { manualClock } from '../../lib/loop/manual-clock.ts';
import { memoryPolicies } from '../../lib/loop/memory-policies.ts';
import { given } from '../contracts/services.ts';
import { cpuOf, MINUTE, NOW } from '../contracts/signals.ts';
import { coreWith } from '../contracts/store.ts';
import { metricOf, point, stubPlant } from '../local/stub-plant.ts';
import { CREDENTIALS, REGION } from './dynamodb.ts';

const live = (): AbortSignal => new AbortController().signal;
const CPU = { ClusterName: 'prod', ServiceName: 'checkout' };
let cloud: LocalCloud;
let ports: AwsPorts;

beforeEach(async () => {
  const cpu = metricOf('AWS/ECS', 'CPUUtilization', CPU, 60, [point(NOW - 2 * MINUTE, 60, [70, 80])]);
  const plant = stubPlant({ metrics: [cpu] });
  plant.advanceTo(NOW);
  cloud = await startLocalCloud({ plants: [plant], region: REGION });
  const { endpoint, dynamoEndpoint } = cloud;
  const setup = new DynamoDBClient({ region: REGION, credentials: CREDENTIALS, endpoint: dynamoEndpoint });
  await setup.send(new CreateTableCommand(tableDefinition('schmitt')));
  setup.destroy();
  ports = awsPorts({
    tableName: 'schmitt',
    policies: memoryPolicies({ version: 'p1', services: [], tagged: [], groups: [], allow: [], deny: [] }),
    clock: manualClock(NOW),
    region: REGION,
    credentials: CREDENTIALS,
    endpoints: { ecs: endpoint, cloudwatch: endpoint, elb: endpoint, dynamodb: dynamoEndpoint },
  });
});

afterEach(async () => {
  ports.close();
  await cloud.close();
});

test('one turn through every port', async () => {
  const { clock, overrides, policies, services, signals, store } = ports;
  const checkout = given('checkout');
  expect(await policies.load(live())).toMatchObject({ version: 'p1' });
  expect(await overrides.list(clock.now(), live())).toEqual([]);
  const outcome = await store.acquire('0', 'anna', clock.now(), live());
  const [description] = await services.describe([checkout], live());
  if (outcome.kind !== 'held' || description?.kind !== 'found') throw new Error('no lease or no service');
  expect(await signals.read([cpuOf('checkout')], clock.now(), live())).toMatchObject([
    { status: 'complete', values: [[NOW - 2 * MINUTE, 75, 2]] },
  ]);
  expect(await store.save(description.arn, { core: coreWith() }, null, live())).toEqual({ kind: 'saved', rev: 1 });
  expect(await services.setDesiredCount(checkout, 6, live())).toEqual({ kind: 'accepted' });
  await ports.store.release(outcome.lease, live());
  expect(cloud.calls.all()).toEqual({
    CreateTable: 1,
    UpdateItem: 2,
    PutItem: 1,
    Query: 1,
    DescribeServices: 1,
    GetMetricData: 1,
    UpdateService: 1,
  });
});

test('reads are repeated when they are throttled, changes never', async () => {
  cloud.faults.next('DescribeServices', { kind: 'throttle' });
  cloud.faults.next('UpdateService', { kind: 'throttle' });
  expect(await ports.services.describe([given('checkout')], live())).toMatchObject([{ kind: 'found' }]);
  expect(await ports.services.setDesiredCount(given('checkout'), 6, live())).toMatchObject({ kind: 'retryable' });
  expect(cloud.calls.all()).toMatchObject({ DescribeServices: 2, UpdateService: 1 });
});

test('without a clock the machine’s is used', () => {
  expect(awsPorts({ tableName: 'schmitt', policies: ports.policies, region: REGION }).clock).toBe(systemClock);
});
