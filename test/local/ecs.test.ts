/** ECS as the unmodified client sees it: what it answers, what it refuses, and in whose words. */
import {
  ClusterNotFoundException,
  DescribeServicesCommand,
  ECSClient,
  InvalidParameterException,
  ListClustersCommand,
  ListServicesCommand,
  paginateListServices,
  ServiceNotActiveException,
  ServiceNotFoundException,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ACCOUNT, type Bench, failure, REGION, startBench } from './clients.ts';
import { NOON, type StubPlant, stubPlant } from './stub-plant.ts';

const ARN = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/prod/checkout`;
const CLUSTER_ARN = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/prod`;

let plant: StubPlant;
let bench: Bench;

beforeEach(async () => {
  plant = stubPlant();
  const services = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'].map((name) => stubPlant({ service: name }));
  const gone = stubPlant({ service: 'gone', status: 'INACTIVE' });
  const agent = stubPlant({ service: 'agent', schedulingStrategy: 'DAEMON' });
  bench = await startBench({
    plants: [plant, ...services, gone, agent, stubPlant({ cluster: 'default', service: 'web' })],
  });
});
afterEach(() => bench.close());

const update = (desiredCount: number, service = 'checkout', cluster = 'prod') =>
  bench.ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount }));
const describeNames = (services: string[], cluster?: string) =>
  bench.ecs.send(new DescribeServicesCommand({ services, ...(cluster === undefined ? {} : { cluster }) }));

describe('DescribeServices', () => {
  test('shows a service with the counts of its plant', async () => {
    const { services, failures } = await describeNames(['checkout'], 'prod');
    expect(failures).toEqual([]);
    expect(services).toHaveLength(1);
    expect(services?.[0]).toMatchObject({
      serviceArn: ARN,
      serviceName: 'checkout',
      clusterArn: CLUSTER_ARN,
      status: 'ACTIVE',
      desiredCount: 4,
      runningCount: 4,
      pendingCount: 0,
      schedulingStrategy: 'REPLICA',
      launchType: 'FARGATE',
      deploymentController: { type: 'ECS' },
      taskDefinition: `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/checkout:3`,
      deployments: [{ id: 'ecs-svc/7', status: 'PRIMARY', rolloutState: 'COMPLETED', desiredCount: 4 }],
    });
  });

  test('writes times as epoch seconds, which the client reads as dates', async () => {
    const [service] = (await describeNames(['checkout'], 'prod')).services ?? [];
    expect(service?.deployments?.[0]?.createdAt).toEqual(new Date(NOON - 90_500));
    expect(service?.events?.[0]?.createdAt).toEqual(new Date(NOON - 30_500));
  });

  test('shows the newest hundred events', async () => {
    const talkative = await startBench({ plants: [stubPlant({ events: 130 })] });
    const input = { cluster: 'prod', services: ['checkout'] };
    const { services } = await talkative.ecs.send(new DescribeServicesCommand(input));
    expect(services?.[0]?.events).toHaveLength(100);
    expect(services?.[0]?.events?.[0]?.createdAt).toEqual(new Date(NOON - 30_500));
    await talkative.close();
  });

  test('takes ARNs for cluster and service, in the old short form too', async () => {
    const old = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/checkout`;
    const { services } = await describeNames([ARN, old], CLUSTER_ARN);
    expect(services?.map(({ serviceName }) => serviceName)).toEqual(['checkout', 'checkout']);
  });

  test('takes the cluster called default where none is named', async () => {
    expect((await describeNames(['web'])).services?.[0]?.serviceName).toBe('web');
  });

  test('reports an unknown service in failures, with HTTP 200', async () => {
    const { services, failures } = await describeNames(['nobody', 'checkout'], 'prod');
    expect(services?.map(({ serviceName }) => serviceName)).toEqual(['checkout']);
    expect(failures).toEqual([{ arn: ARN.replace('checkout', 'nobody'), reason: 'MISSING' }]);
  });

  test('takes ten names and refuses eleven', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'];
    expect((await describeNames(names.slice(0, 10), 'prod')).services).toHaveLength(10);
    const error = await failure(describeNames(names, 'prod'));
    expect(error).toBeInstanceOf(InvalidParameterException);
    expect(error.message).toBe('service names can have at most 10 items.');
    expect(error.$metadata?.httpStatusCode).toBe(400);
  });

  test('refuses an empty list and a cluster nobody knows', async () => {
    expect((await failure(describeNames([], 'prod'))).message).toBe('Services cannot be empty.');
    expect(await failure(describeNames(['checkout'], 'prd'))).toBeInstanceOf(ClusterNotFoundException);
  });

  test('refuses an ARN of another cluster', async () => {
    const error = await failure(describeNames([ARN.replace('prod', 'test')], 'prod'));
    expect(error.message).toBe('Invalid identifier: Identifier is for cluster test. Your cluster is prod');
  });
});

describe('UpdateService', () => {
  test('changes the count and answers with the service', async () => {
    const { service } = await update(6);
    expect(service).toMatchObject({ serviceName: 'checkout', desiredCount: 6, runningCount: 4, pendingCount: 2 });
    expect(plant.asked).toEqual([6]);
  });

  test('takes zero', async () => {
    expect((await update(0)).service?.desiredCount).toBe(0);
  });

  test.each([-1, 5001])('refuses a count of %d', async (count) => {
    const error = await failure(update(count));
    expect(error).toBeInstanceOf(InvalidParameterException);
    expect(error.message).toContain(String(count));
    expect(plant.asked).toEqual([]);
  });

  test('refuses half a task', async () => {
    const error = await failure(update(2.5));
    expect(error.name).toBe('SerializationException');
    expect(plant.asked).toEqual([]);
  });

  test('refuses an inactive service, an unknown one, and an unknown cluster', async () => {
    expect(await failure(update(2, 'gone'))).toBeInstanceOf(ServiceNotActiveException);
    expect(await failure(update(2, 'nobody'))).toBeInstanceOf(ServiceNotFoundException);
    expect(await failure(update(2, 'checkout', 'prd'))).toBeInstanceOf(ClusterNotFoundException);
  });

  test('refuses a count for a daemon, in words an operator can look up', async () => {
    const error = await failure(update(2, 'agent'));
    expect(error).toBeInstanceOf(InvalidParameterException);
    expect(error.message).toMatch(/^The daemon scheduling strategy does not support a desired count for services/);
  });

  test('starts a deployment, and refuses by name what the plant does not model', async () => {
    const common = { cluster: 'prod', service: 'checkout' };
    await bench.ecs.send(new UpdateServiceCommand({ ...common, forceNewDeployment: true }));
    expect([plant.deploys, plant.asked]).toEqual([1, []]);
    const error = await failure(bench.ecs.send(new UpdateServiceCommand({ ...common, platformVersion: '1.3.0' })));
    expect([error.name, error.message]).toEqual([
      'UnsupportedFeatureException',
      'The local cloud does not change platformVersion.',
    ]);
  });
});

describe('ListServices', () => {
  test('gives ten a page, whatever there is, and leaves inactive services out', async () => {
    const first = await bench.ecs.send(new ListServicesCommand({ cluster: 'prod' }));
    expect(first.serviceArns).toHaveLength(10);
    const pages: string[][] = [];
    for await (const page of paginateListServices({ client: bench.ecs }, { cluster: 'prod' })) {
      pages.push(page.serviceArns ?? []);
    }
    expect(pages.map((page) => page.length)).toEqual([10, 3]);
    expect(pages.flat().map((arn) => arn.split('/').at(-1))).toEqual(['checkout', ...'abcdefghijk', 'agent']);
  });

  test('keeps to maxResults and the strategy asked for, and knows its own tokens only', async () => {
    const list = (more: object) => bench.ecs.send(new ListServicesCommand({ cluster: 'prod', ...more }));
    expect((await list({ maxResults: 2 })).serviceArns).toHaveLength(2);
    expect((await list({ schedulingStrategy: 'DAEMON' })).serviceArns).toEqual([ARN.replace('checkout', 'agent')]);
    expect(await failure(list({ maxResults: 101 }))).toBeInstanceOf(InvalidParameterException);
    expect((await failure(list({ nextToken: 'made-up' }))).message).toBe('Invalid token.');
  });
});

test('a read is behind a change for as long as it is told to be, and the answer of the change is not', async () => {
  const slow = stubPlant();
  const behind = await startBench({ plants: [slow], staleReadSeconds: 15 });
  const send = (desiredCount: number) =>
    behind.ecs.send(new UpdateServiceCommand({ cluster: 'prod', service: 'checkout', desiredCount }));
  const seen = async (secondsLater: number) => {
    slow.advanceTo(NOON + secondsLater * 1000);
    const input = { cluster: 'prod', services: ['checkout'] };
    const [service] = (await behind.ecs.send(new DescribeServicesCommand(input))).services ?? [];
    return [service?.desiredCount, service?.deployments?.[0]?.desiredCount];
  };
  expect((await send(6)).service?.desiredCount).toBe(6);
  expect(await seen(10)).toEqual([4, 4]);
  await send(9);
  expect(await seen(14)).toEqual([4, 4]);
  expect(await seen(15)).toEqual([6, 6]);
  expect(await seen(25)).toEqual([9, 9]);
  await behind.close();
});

describe('what it will not talk about', () => {
  test('an operation it does not have is a named error, for the client and for a stranger', async () => {
    const error = await failure(bench.ecs.send(new ListClustersCommand({})));
    expect(error.name).toBe('UnknownOperationException');
    expect(error.message).toContain('ListClusters');
    const page = await fetch(bench.cloud.endpoint);
    expect([page.status, await page.json()]).toMatchObject([400, { __type: 'UnknownOperationException' }]);
  });

  test('a request signed for another region or service is refused', async () => {
    const client = new ECSClient({
      endpoint: bench.cloud.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'A', secretAccessKey: 'b' },
    });
    const error = await failure(client.send(new ListServicesCommand({ cluster: 'prod' })));
    expect([error.name, error.message]).toEqual([
      'InvalidSignatureException',
      "Credential should be scoped to a valid region, not 'us-east-1'.",
    ]);
    client.destroy();
  });
});
