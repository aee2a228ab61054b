/** What every port to ECS services promises. */
import { describe, expect, test } from '@jest/globals';
import type { DescribedService, Services } from '../../lib/loop/ports.ts';
import type { ServiceName } from '../../lib/policy/policy.ts';

export interface GivenService extends ServiceName {
  readonly desired: number;
  readonly running: number;
  readonly status: DescribedService['status'];
  readonly schedulingStrategy: DescribedService['schedulingStrategy'];
}

/** `loseAnswer`: the change is made and the answer is lost. `loseRequest`: the change never arrives. */
export type ChangeFault = 'throttle' | 'serverError' | 'accessDenied' | 'loseAnswer' | 'loseRequest';

export interface ServicesWorld {
  readonly services: Services;
  /** The next change of this service meets this. */
  meet(name: ServiceName, fault: ChangeFault): void;
  /** What ECS really has. */
  desiredOf(name: ServiceName): number;
  close(): Promise<void>;
}

const live = (): AbortSignal => new AbortController().signal;
const gone = (): AbortSignal => AbortSignal.abort(new Error('the time is over'));
const arnOf = (cluster: string, service: string) => `arn:aws:ecs:eu-west-1:123456789012:service/${cluster}/${service}`;

export function given(service: string, facts: Partial<GivenService> = {}): GivenService {
  return {
    cluster: 'prod',
    service,
    desired: 4,
    running: 4,
    status: 'ACTIVE',
    schedulingStrategy: 'REPLICA',
    ...facts,
  };
}

const CHECKOUT = given('checkout');

type Create = (services: readonly GivenService[]) => Promise<ServicesWorld>;
/** A world with these services for one story, closed when it ends. */
type Story = (title: string, services: readonly GivenService[], tell: (world: ServicesWorld) => Promise<void>) => void;

export function servicesContract(name: string, create: Create): void {
  const story: Story = (title, services, tell) =>
    test(title, async () => {
      const world = await create(services);
      try {
        await tell(world);
      } finally {
        await world.close();
      }
    });
  describe(`services: ${name}`, () => {
    describeContract(story);
    changeContract(story);
    faultContract(story);
  });
}

function describeContract(story: Story): void {
  story('are described with their counts', [given('checkout', { desired: 6, running: 4 })], async ({ services }) => {
    expect(await services.describe([CHECKOUT], live())).toEqual([
      {
        kind: 'found',
        arn: arnOf('prod', 'checkout'),
        status: 'ACTIVE',
        schedulingStrategy: 'REPLICA',
        desired: 6,
        running: 4,
        pending: 2,
        deploying: false,
      },
    ]);
  });

  const others = [CHECKOUT, given('agent', { schedulingStrategy: 'DAEMON' }), given('old', { status: 'INACTIVE' })];
  story('of every status and strategy are described', others, async ({ services }) => {
    const described = await services.describe(others, live());
    expect(described).toMatchObject(others.map(({ status, schedulingStrategy }) => ({ status, schedulingStrategy })));
  });

  story(
    'are described in the order asked, also twice, and the unknown are missing',
    [CHECKOUT],
    async ({ services }) => {
      const [unknown, elsewhere] = [given('unknown'), given('checkout', { cluster: 'elsewhere' })];
      const described = await services.describe([elsewhere, CHECKOUT, unknown, CHECKOUT], live());
      expect(described.map(({ kind }) => kind)).toEqual(['missing', 'found', 'missing', 'found']);
      expect(described[1]).toEqual(described[3]);
    },
  );

  const many = Array.from({ length: 37 }, (_, i) => given(`s${i}`, { cluster: i % 2 ? 'prod' : 'test', desired: i }));
  story('are many, in two clusters', many, async ({ services }) => {
    const described = await services.describe(many, live());
    expect(described).toMatchObject(
      many.map(({ cluster, service, desired }) => ({ arn: arnOf(cluster, service), desired })),
    );
  });

  story('are not described when the call was aborted', [CHECKOUT], async ({ services }) => {
    await expect(services.describe([CHECKOUT], gone())).rejects.toThrow('the time is over');
  });
}

function changeContract(story: Story): void {
  story('take a count, up or down or the same, which is no deployment', [CHECKOUT], async ({ services, desiredOf }) => {
    for (const count of [9, 2, 2, 0]) {
      expect(await services.setDesiredCount(CHECKOUT, count, live())).toEqual({ kind: 'accepted' });
      expect(desiredOf(CHECKOUT)).toBe(count);
      expect(await services.describe([CHECKOUT], live())).toMatchObject([{ desired: count, deploying: false }]);
    }
  });

  const [agent, old] = [given('agent', { schedulingStrategy: 'DAEMON' }), given('old', { status: 'INACTIVE' })];
  const refusals: readonly (readonly [string, ServiceName, number, string])[] = [
    ['an unknown service', given('unknown'), 5, 'ServiceNotFoundException'],
    ['an unknown cluster', given('checkout', { cluster: 'elsewhere' }), 5, 'ClusterNotFoundException'],
    ['an inactive service', old, 5, 'ServiceNotActiveException'],
    ['a daemon service', agent, 5, 'InvalidParameterException'],
    ['a negative count', CHECKOUT, -1, 'InvalidParameterException'],
  ];
  for (const [what, name, count, error] of refusals) {
    story(`refuse for good: ${what}`, [CHECKOUT, agent, old], async ({ services, desiredOf }) => {
      expect(await services.setDesiredCount(name, count, live())).toMatchObject({ kind: 'refused', error });
      expect([CHECKOUT, agent, old].map(desiredOf)).toEqual([4, 4, 4]);
    });
  }

  story('send nothing after an abort, and say so', [CHECKOUT], async ({ services, desiredOf }) => {
    expect(await services.setDesiredCount(CHECKOUT, 9, gone())).toMatchObject({ kind: 'retryable', unknown: false });
    expect(desiredOf(CHECKOUT)).toBe(4);
  });
}

function faultContract(story: Story): void {
  const faults: readonly (readonly [ChangeFault, object, number])[] = [
    ['throttle', { kind: 'retryable', error: 'ThrottlingException', unknown: false }, 4],
    ['accessDenied', { kind: 'refused', error: 'AccessDeniedException' }, 4],
    ['serverError', { kind: 'retryable', error: 'ServerException', unknown: true }, 4],
    ['loseRequest', { kind: 'retryable', unknown: true }, 4],
    ['loseAnswer', { kind: 'retryable', unknown: true }, 9],
  ];
  for (const [fault, outcome, after] of faults) {
    story(`meet ${fault} in one attempt, and the next change is taken`, [CHECKOUT], async (world) => {
      world.meet(CHECKOUT, fault);
      expect(await world.services.setDesiredCount(CHECKOUT, 9, live())).toMatchObject(outcome);
      expect(world.desiredOf(CHECKOUT)).toBe(after);
      expect(await world.services.setDesiredCount(CHECKOUT, 7, live())).toEqual({ kind: 'accepted' });
      expect(world.desiredOf(CHECKOUT)).toBe(7);
    });
  }
}
