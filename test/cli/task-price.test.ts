/** What an hour of a task costs, and where that figure is from. */
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { awsClients } from '../../lib/aws/clients.ts';
import { readTaskFacts, taskFactsOf } from '../../lib/aws/task-facts.ts';
import { givenPrice, taskPriceOf } from '../../lib/cli/task-price.ts';
import { type LocalCloud, startLocalCloud } from '../../lib/local/cloud.ts';
import type { LocalServiceFacts } from '../../lib/local/surroundings.ts';
import { stubPlant } from '../local/stub-plant.ts';

const FARGATE: Service = { launchType: 'FARGATE' };
const SMALL: TaskDefinition = { cpu: '256', memory: '512' };
const on = (...names: readonly string[]): Service => ({
  capacityProviderStrategy: names.map((capacityProvider) => ({ capacityProvider, weight: 1 })),
});

describe('the size of a task at the list price', () => {
  // A quarter of 0.04048 and half of 0.004445; for ARM of 0.03238 and 0.00356.
  const rows: readonly (readonly [Service, TaskDefinition, number, string])[] = [
    [FARGATE, SMALL, 0.0123425, '0.25 vCPU and 0.5 GB on Fargate, list price of us-east-1'],
    [
      FARGATE,
      { ...SMALL, runtimePlatform: { cpuArchitecture: 'ARM64' } },
      0.009875,
      '0.25 vCPU and 0.5 GB of ARM on Fargate, list price of us-east-1',
    ],
    [
      FARGATE,
      { cpu: '4096', memory: '8192', runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } },
      0.19748,
      '4 vCPU and 8 GB on Fargate, list price of us-east-1, as of Linux; Windows costs more',
    ],
    [
      on('FARGATE', 'FARGATE_SPOT'),
      SMALL,
      0.0123425,
      '0.25 vCPU and 0.5 GB on Fargate, list price of us-east-1, without the discount of Spot',
    ],
    [
      on('own-instances'),
      {
        containerDefinitions: [
          { cpu: 512, memory: 1024 },
          { cpu: 512, memoryReservation: 512 },
        ],
      },
      0.0471475,
      '1 vCPU and 1.5 GB at what Fargate would charge in us-east-1, though instances are paid whole',
    ],
    [
      {},
      { containerDefinitions: [{ name: 'app', memory: 512 }] },
      0.04937,
      '1 vCPU and 2 GB on Fargate, list price of us-east-1, since its own task definition was not told (it names no size)',
    ],
  ];
  test.each(rows)('%j with %j costs $%d', (service, task, dollarsPerHour, why) => {
    const price = taskPriceOf(taskFactsOf(service, task));
    expect(price.dollarsPerHour).toBeCloseTo(dollarsPerHour, 9);
    expect(price.why).toBe(why);
  });

  test('or whatever the operator says', () => {
    expect(givenPrice(0.02)).toEqual({ dollarsPerHour: 0.02, why: 'as --price says' });
  });
});

describe('of a service in the cloud', () => {
  let cloud: LocalCloud;
  afterEach(() => cloud.close());

  async function priceOf(around: LocalServiceFacts = {}, denied?: 'DescribeServices' | 'DescribeTaskDefinition') {
    const services = { 'prod/checkout': around };
    cloud = await startLocalCloud({ plants: [stubPlant()], region: 'us-east-1', surroundings: { services } });
    if (denied !== undefined) cloud.faults.next(denied, { kind: 'accessDenied', times: 9 });
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const clients = awsClients({ region: 'us-east-1', credentials, endpoints: { ecs: cloud.endpoint } });
    const facts = await readTaskFacts(clients, { cluster: 'prod', service: 'checkout' }, AbortSignal.timeout(9_000));
    clients.close();
    return taskPriceOf(facts);
  }

  test('it is that of the task definition it runs now', async () => {
    const price = await priceOf({ task: { cpu: '512', memory: '4096' } });
    expect(price.why).toBe('0.5 vCPU and 4 GB on Fargate, list price of us-east-1');
    expect(price.dollarsPerHour).toBeCloseTo(0.03802, 9);
  });

  test.each(['DescribeServices', 'DescribeTaskDefinition'] as const)(
    'without the permission for %s a common size is taken, and it is said',
    async (denied) => {
      const price = await priceOf({}, denied);
      expect(price.dollarsPerHour).toBeCloseTo(0.04937, 9);
      expect(price.why).toMatch(
        /^1 vCPU and 2 GB on Fargate, list price of us-east-1, since its own task definition was not told \(AccessDeniedException: .*\)$/,
      );
    },
  );
});
