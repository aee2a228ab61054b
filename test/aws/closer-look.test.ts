/** Closer looks: in memory, and with the unmodified clients against the local cloud; and the words that ECS has for tasks that stop. */
import { describe, expect, test } from '@jest/globals';
import { awsClients } from '../../lib/aws/clients.ts';
import { awsServices } from '../../lib/aws/services.ts';
import { startLocalCloud } from '../../lib/local/cloud.ts';
import { memoryServices } from '../../lib/loop/memory-services.ts';
import type { Services } from '../../lib/loop/ports.ts';
import { closerLookContract, FAILED_CHECK, type GivenLook, NOON } from '../contracts/closer-look.ts';
import { given } from '../contracts/services.ts';
import { metricOf, stubPlant } from '../local/stub-plant.ts';
import { CREDENTIALS, REGION } from './dynamodb.ts';
import { withEcs } from './ecs.ts';
import { failure, type WireAnswer } from './wire.ts';

closerLookContract('memory', async (all) => {
  const services = memoryServices();
  const targetGroupOf = ({ service }: { readonly service: string }) => `targetgroup/${service}/1`;
  for (const one of all) {
    const { healthy: inService, unhealthy, stopped } = one;
    services.put(one, { desired: inService + unhealthy, running: inService + unhealthy });
    const because = unhealthy === 0 ? {} : { because: FAILED_CHECK };
    services.heal(targetGroupOf(one), { kind: 'known', inService, unhealthy, ...because });
    services.stop(one, { kind: 'known', tasks: stopped.map(([at, says]) => ({ at, says })) });
  }
  return { services, targetGroupOf, close: async () => undefined };
});

closerLookContract('ECS and ELB, the local cloud', async (all) => {
  const cloud = await startLocalCloud({ plants: all.map(plantOf), region: REGION });
  const endpoints = { ecs: cloud.endpoint, elb: cloud.endpoint };
  const clients = awsClients({ region: REGION, credentials: CREDENTIALS, endpoints, limits: { attempts: 1 } });
  return {
    services: awsServices(clients) as Required<Services>,
    targetGroupOf: ({ service }) =>
      `arn:aws:elasticloadbalancing:${REGION}:123456789012:targetgroup/${service}/0123456789abcdef`,
    close: async () => {
      clients.close();
      await cloud.close();
    },
  };
});

function plantOf({ cluster, service, healthy, unhealthy, initial, stopped }: GivenLook) {
  const dimensions = { LoadBalancer: 'app/web/1', TargetGroup: `targetgroup/${service}/0123456789abcdef` };
  const running = healthy + unhealthy + initial;
  return stubPlant({
    ...{ cluster, service, desired: running },
    metrics: [metricOf('AWS/ApplicationELB', 'RequestCount', dimensions, 60, [])],
    shown: {
      ...{ running, inService: healthy, unhealthy },
      stopped: stopped.map(([at, reason], id) => ({ id, at, stopCode: 'TaskFailedToStart', reason })),
    },
  });
}

describe('a task that stopped', () => {
  const CHECKOUT = given('checkout');
  const stoppedAt = NOON / 1000;
  const rows: readonly (readonly [string, object, string])[] = [
    [
      'with a container that failed',
      {
        stoppedReason: 'Essential container in task exited',
        containers: [
          { name: 'app', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
          { name: 'proxy', exitCode: 0 },
        ],
      },
      'Essential container in task exited (app: exit code 137, OutOfMemoryError: Container killed due to memory usage)',
    ],
    [
      'whose container says the same',
      {
        stoppedReason: 'CannotPullContainerError: not found',
        containers: [{ name: 'app', reason: 'CannotPullContainerError: not found' }],
      },
      'CannotPullContainerError: not found',
    ],
    ['without a reason', { stopCode: 'SpotInterruption' }, 'SpotInterruption'],
    ['without anything', {}, 'ECS gives no reason'],
    ['with a long reason', { stoppedReason: 'x'.repeat(400) }, 'x'.repeat(160)],
  ];

  const asked = async (task: object): Promise<unknown> => {
    let found: unknown;
    await withEcs([CHECKOUT], async ({ services, interfere }) => {
      interfere(({ operation }): WireAnswer | undefined => {
        if (operation === 'ListTasks')
          return { body: { taskArns: ['arn:aws:ecs:eu-west-1:123456789012:task/prod/1'] } };
        return operation === 'DescribeTasks' ? { body: { tasks: [task], failures: [] } } : undefined;
      });
      found = (await services.stopped?.([CHECKOUT], new AbortController().signal))?.[0];
    });
    return found;
  };

  test.each(rows)('%s', async (_, task, says) => {
    expect(await asked({ stoppedAt, ...task })).toEqual({ kind: 'known', tasks: [{ at: NOON, says }] });
  });

  test('because fewer were wanted is no failure', async () => {
    const stoppedReason = 'Scaling activity initiated by (deployment ecs-svc/1)';
    expect(await asked({ stoppedAt, stoppedReason })).toEqual({ kind: 'known', tasks: [] });
  });

  test('that nobody may ask about is unknown, with the reason', () =>
    withEcs([CHECKOUT], async ({ services, interfere }) => {
      interfere(() => failure('AccessDeniedException', 'not authorized to perform ecs:ListTasks'));
      expect(await services.stopped?.([CHECKOUT], new AbortController().signal)).toEqual([
        { kind: 'unknown', cause: 'AccessDeniedException: not authorized to perform ecs:ListTasks' },
      ]);
    }));
});
