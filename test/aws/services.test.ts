/** ECS services over the wire: the unmodified client against a scripted server, and against the local cloud. */
import { describe, expect, test } from '@jest/globals';
import { awsClients } from '../../lib/aws/clients.ts';
import { awsServices } from '../../lib/aws/services.ts';
import { startLocalCloud } from '../../lib/local/cloud.ts';
import { type GivenService, given, servicesContract } from '../contracts/services.ts';
import { stubPlant } from '../local/stub-plant.ts';
import { CREDENTIALS, REGION } from './dynamodb.ts';
import { startEcs, withEcs } from './ecs.ts';
import { failure, type WireAnswer } from './wire.ts';

type Json = Readonly<Record<string, unknown>>;

const CHECKOUT = given('checkout');
const live = (): AbortSignal => new AbortController().signal;

servicesContract('ECS, scripted', (services) => startEcs(services));

servicesContract('ECS, the local cloud', async (services) => {
  const plants = services.map(plantOf);
  const cloud = await startLocalCloud({ plants, region: REGION });
  const endpoints = { ecs: cloud.endpoint };
  const clients = awsClients({ region: REGION, credentials: CREDENTIALS, endpoints, limits: { attempts: 1 } });
  return {
    services: awsServices(clients),
    meet: (_, kind) => cloud.faults.next('UpdateService', { kind }),
    desiredOf: (name) => {
      const view = plants.map((plant) => plant.view());
      return view.find((one) => one.cluster === name.cluster && one.service === name.service)?.desired ?? Number.NaN;
    },
    close: async () => {
      clients.close();
      await cloud.close();
    },
  };
});

/** The stub holds as many running tasks as it began with. */
function plantOf({ desired, running, ...facts }: GivenService) {
  const plant = stubPlant({ ...facts, desired: running });
  if (desired !== running) plant.setDesiredCount(desired);
  return plant;
}

describe('describing', () => {
  test('asks for ten a call, and never for two clusters in one', () =>
    withEcs([CHECKOUT, given('s0', { cluster: 'test' })], async ({ services, wire }) => {
      const prod = Array.from({ length: 23 }, (_, index) => given(`s${index}`));
      await services.describe([...prod, ...prod, given('s0', { cluster: 'test' })], live());
      const asked = wire.requests.map(({ text }) => JSON.parse(text));
      expect(asked.map(({ cluster, services }) => `${services.length} of ${cluster}`).toSorted()).toEqual([
        '1 of test',
        '10 of prod',
        '10 of prod',
        '3 of prod',
      ]);
    }));

  const causes: readonly (readonly [string, WireAnswer, object])[] = [
    ['denied', failure('AccessDeniedException', 'no'), { kind: 'unreadable', cause: 'AccessDeniedException: no' }],
    ['throttled', failure('ThrottlingException', 'Rate exceeded'), { cause: 'ThrottlingException: Rate exceeded' }],
    ['a fault of ECS', failure('ServerException', 'down', 500), { kind: 'unreadable', cause: 'ServerException: down' }],
    ['no JSON', 'html', { kind: 'unreadable', cause: expect.stringContaining('Error') }],
    ['no answer', 'silence', { kind: 'unreadable', cause: expect.stringMatching(/^TimeoutError: .*300 ms/) }],
    ['no such cluster', failure('ClusterNotFoundException', 'Cluster not found.'), { kind: 'missing' }],
  ];
  test.each(causes)('%s for one cluster: its services say so, the others are served', (_, answer, description) =>
    withEcs(
      [CHECKOUT, given('checkout', { cluster: 'test' })],
      async ({ services, interfere }) => {
        interfere(({ text }) => (JSON.parse(text).cluster === 'test' ? answer : undefined));
        const described = await services.describe([given('checkout', { cluster: 'test' }), CHECKOUT], live());
        expect(described).toMatchObject([description, { kind: 'found', desired: 4 }]);
      },
      { attemptMs: 300 },
    ),
  );

  test('denied one service of a batch: that one says so, the others are served', () =>
    withEcs([CHECKOUT, given('billing'), given('secret')], async ({ services, wire, interfere }) => {
      interfere(({ text }) =>
        JSON.parse(text).services.includes('secret') ? failure('AccessDeniedException', 'no') : undefined,
      );
      const described = await services.describe([CHECKOUT, given('secret'), given('billing')], live());
      expect(described).toMatchObject([
        { kind: 'found', desired: 4 },
        { kind: 'unreadable', cause: 'AccessDeniedException: no' },
        { kind: 'found', desired: 4 },
      ]);
      expect(wire.requests).toHaveLength(1 + 3);
    }));

  test('a throttled call is repeated', () =>
    withEcs(
      [CHECKOUT],
      async ({ services, wire, interfere }) => {
        interfere(() => (wire.requests.length < 2 ? failure('ThrottlingException', 'Rate exceeded') : undefined));
        expect(await services.describe([CHECKOUT], live())).toMatchObject([{ kind: 'found' }]);
        expect(wire.requests).toHaveLength(2);
      },
      { attempts: 2 },
    ));

  test.each(['silence', 'half', 'stalling'] as const)('an attempt that meets %s is given up and repeated', (answer) =>
    withEcs(
      [CHECKOUT],
      async ({ services, wire, interfere }) => {
        interfere(() => (wire.requests.length < 2 ? answer : undefined));
        expect(await services.describe([CHECKOUT], live())).toMatchObject([{ kind: 'found' }]);
        expect(wire.requests).toHaveLength(2);
      },
      { attempts: 2, attemptMs: 300, callMs: 2_000 },
    ),
  );

  const odd: readonly (readonly [string, Json, object])[] = [
    ['without counts', { runningCount: undefined }, { cause: 'ECS answered without the ARN or the counts' }],
    ['with an unknown status', { status: 'SLEEPING' }, { cause: 'ECS answered with the status SLEEPING' }],
  ];
  test.each(odd)('a service %s is unreadable', (_, json, description) =>
    withEcs([{ ...CHECKOUT, json }], async ({ services }) => {
      expect(await services.describe([CHECKOUT], live())).toEqual([{ kind: 'unreadable', ...description }]);
    }),
  );

  test('failures other than MISSING, and services that nobody mentions, are unreadable', () =>
    withEcs([CHECKOUT], async ({ services, interfere }) => {
      const failures = [
        { arn: 'arn:aws:ecs:eu-west-1:123456789012:service/checkout', reason: 'BUSY', detail: 'later' },
      ];
      interfere(() => ({ body: { services: [], failures } }));
      expect(await services.describe([CHECKOUT, given('billing')], live())).toEqual([
        { kind: 'unreadable', cause: 'ECS failed for it: BUSY, later' },
        { kind: 'unreadable', cause: 'ECS answered without a word about prod/billing' },
      ]);
    }));

  test('ends when its signal fires, and the request with it', () =>
    withEcs([CHECKOUT], async ({ services, wire, interfere }) => {
      const abort = new AbortController();
      interfere(() => {
        abort.abort(new Error('the time is over'));
        return 'silence';
      });
      await expect(services.describe([CHECKOUT], abort.signal)).rejects.toThrow('the time is over');
      await wire.givenUp;
    }));
});

describe('deploying', () => {
  const [primary, active] = [{ status: 'PRIMARY' }, { status: 'ACTIVE' }];
  const cases: readonly (readonly [string, Json, boolean])[] = [
    ['one completed deployment', { deployments: [{ ...primary, rolloutState: 'COMPLETED' }] }, false],
    ['one that failed', { deployments: [{ ...primary, rolloutState: 'FAILED' }] }, false],
    ['a Classic Load Balancer, which has no rollout state', { deployments: [primary] }, false],
    ['one in progress', { deployments: [{ ...primary, rolloutState: 'IN_PROGRESS' }] }, true],
    ['tasks of two revisions', { deployments: [{ ...primary, rolloutState: 'COMPLETED' }, active] }, true],
    ['a replaced one still listed', { deployments: [primary, { status: 'INACTIVE' }] }, false],
    ['CODE_DEPLOY with two task sets', { deploymentController: { type: 'CODE_DEPLOY' }, taskSets: [{}, {}] }, true],
    ['CODE_DEPLOY with one', { deploymentController: { type: 'CODE_DEPLOY' }, taskSets: [{}] }, false],
    ['EXTERNAL, which may keep several', { deploymentController: { type: 'EXTERNAL' }, taskSets: [{}, {}] }, false],
  ];
  test.each(cases)('%s: %j is %p', (_, json, deploying) =>
    withEcs([{ ...CHECKOUT, running: 1, json }], async ({ services }) => {
      expect(await services.describe([CHECKOUT], live())).toMatchObject([{ deploying }]);
    }),
  );
});
