/** Misfortune on demand, as the client lives through it. */
import { GetMetricDataCommand, InternalServiceFault } from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeServicesCommand, ServerException, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Bench, failure, startBench } from './clients.ts';
import { MINUTE, NOON, type StubPlant, stubPlant } from './stub-plant.ts';

let plant: StubPlant;
let bench: Bench;
beforeEach(async () => {
  plant = stubPlant();
  bench = await startBench({ plants: [plant] });
});
afterEach(() => bench.close());

const service = { cluster: 'prod', service: 'checkout' };
const update = (desiredCount: number, client = bench.ecs) =>
  client.send(new UpdateServiceCommand({ ...service, desiredCount }));
const getData = () =>
  bench.cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(NOON - MINUTE),
      EndTime: new Date(NOON),
      MetricDataQueries: [
        { Id: 'q', MetricStat: { Metric: { Namespace: 'N', MetricName: 'M' }, Period: 60, Stat: 'Sum' } },
      ],
    }),
  );

describe('refusals', () => {
  test('ECS throttles, and the client knows it for what it is', async () => {
    bench.cloud.faults.next('UpdateService', { kind: 'throttle' });
    const error = await failure(update(6));
    expect([error.name, error.message, error.$metadata?.httpStatusCode]).toEqual([
      'ThrottlingException',
      'Rate exceeded',
      400,
    ]);
    expect(plant.asked).toEqual([]);
    await update(6);
    expect(plant.asked).toEqual([6]);
  });

  test('a client that retries gets through two throttles by itself, and each attempt is counted', async () => {
    const patient = await startBench({ plants: [plant] }, 3);
    patient.cloud.faults.next('UpdateService', { kind: 'throttle', times: 2 });
    await update(6, patient.ecs);
    expect([plant.asked, patient.cloud.calls.of('UpdateService')]).toEqual([[6], 3]);
    await patient.close();
  });

  test('ECS has a fault of its own, or lets nobody in', async () => {
    bench.cloud.faults.next('UpdateService', { kind: 'serverError' });
    bench.cloud.faults.next('UpdateService', { kind: 'accessDenied' });
    const fault = await failure(update(6));
    expect([fault instanceof ServerException, fault.$metadata?.httpStatusCode]).toEqual([true, 500]);
    expect((await failure(update(6))).name).toBe('AccessDeniedException');
    expect(plant.asked).toEqual([]);
  });

  test('CloudWatch says the same in the words of its query protocol', async () => {
    for (const kind of ['throttle', 'serverError', 'accessDenied'] as const) {
      bench.cloud.faults.next('GetMetricData', { kind });
    }
    expect((await failure(getData())).name).toBe('Throttling');
    expect(await failure(getData())).toBeInstanceOf(InternalServiceFault);
    expect((await failure(getData())).name).toBe('AccessDenied');
  });

  test('a fault meets its own operation only, and is forgotten when told so', async () => {
    bench.cloud.faults.next('UpdateService', { kind: 'throttle', times: 5 });
    await getData();
    bench.cloud.faults.clear();
    await update(6);
    expect(bench.cloud.calls.all()).toEqual({ GetMetricData: 1, UpdateService: 1 });
  });
});

describe('answers that never come', () => {
  test('a lost answer: the change was made and the client saw a broken connection', async () => {
    bench.cloud.faults.next('UpdateService', { kind: 'loseAnswer' });
    const error = await failure(update(6));
    expect(error.message).toContain('socket hang up');
    expect(plant.asked).toEqual([6]);
  });

  test('a lost request looks the same to the client, and nothing was changed', async () => {
    bench.cloud.faults.next('UpdateService', { kind: 'loseRequest' });
    expect((await failure(update(6))).message).toContain('socket hang up');
    expect(plant.asked).toEqual([]);
  });

  test.each([
    [true, [6]],
    [false, []],
  ])('a call that hangs (applied: %s) ends when the caller gives up', async (applied, asked) => {
    bench.cloud.faults.next('UpdateService', { kind: 'hang', applied });
    const command = new UpdateServiceCommand({ ...service, desiredCount: 6 });
    const error = await failure(bench.ecs.send(command, { abortSignal: AbortSignal.timeout(80) }));
    expect(error.name).toBe('AbortError');
    expect(plant.asked).toEqual(asked);
  });

  test('a slow answer comes', async () => {
    bench.cloud.faults.next('DescribeServices', { kind: 'slow', delayMs: 60 });
    const before = performance.now();
    const { services } = await bench.ecs.send(new DescribeServicesCommand({ cluster: 'prod', services: ['checkout'] }));
    expect(services).toHaveLength(1);
    expect(performance.now() - before).toBeGreaterThanOrEqual(55);
  });
});

describe('DynamoDB', () => {
  const TableName = 'things';
  const put = (value: string) =>
    bench.dynamo.send(new PutItemCommand({ TableName, Item: { pk: { S: 'a' }, value: { S: value } } }));
  const get = async () => {
    const { Item } = await bench.dynamo.send(
      new GetItemCommand({ TableName, Key: { pk: { S: 'a' } }, ConsistentRead: true }),
    );
    return Item?.value?.S;
  };
  beforeEach(async () => {
    await bench.dynamo.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      }),
    );
  });

  test('a table is there at once, and its calls are counted with the others', async () => {
    await put('1');
    expect(await get()).toBe('1');
    expect(bench.cloud.calls.all()).toEqual({ CreateTable: 1, PutItem: 1, GetItem: 1 });
  });

  test.each([
    ['throttle', 'ThrottlingException'],
    ['serverError', 'InternalServerError'],
    ['accessDenied', 'AccessDeniedException'],
  ] as const)('%s: nothing is written', async (kind, name) => {
    bench.cloud.faults.next('PutItem', { kind });
    expect((await failure(put('1'))).name).toBe(name);
    expect(await get()).toBeUndefined();
  });

  test('a lost answer was written, a lost request was not', async () => {
    bench.cloud.faults.next('PutItem', { kind: 'loseAnswer' });
    bench.cloud.faults.next('PutItem', { kind: 'loseRequest' });
    expect((await failure(put('1'))).message).toContain('socket hang up');
    expect((await failure(put('2'))).message).toContain('socket hang up');
    expect(await get()).toBe('1');
  });

  test.each([
    [true, '1'],
    [false, undefined],
  ])('a write that hangs (applied: %s)', async (applied, value) => {
    bench.cloud.faults.next('PutItem', { kind: 'hang', applied });
    const command = new PutItemCommand({ TableName, Item: { pk: { S: 'a' }, value: { S: '1' } } });
    const error = await failure(bench.dynamo.send(command, { abortSignal: AbortSignal.timeout(80) }));
    expect([error.name, await get()]).toEqual(['AbortError', value]);
  });

  test('a slow answer comes', async () => {
    bench.cloud.faults.next('PutItem', { kind: 'slow', delayMs: 60 });
    await put('1');
    expect(await get()).toBe('1');
  });
});
