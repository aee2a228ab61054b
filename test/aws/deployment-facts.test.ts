/** The deployment of a service, read from what DescribeServices says, and of native strategies from DescribeServiceDeployments. */
import { describe, expect, test } from '@jest/globals';
import { given } from '../contracts/services.ts';
import { withEcs } from './ecs.ts';
import { failure, type WireAnswer } from './wire.ts';

type Json = Readonly<Record<string, unknown>>;
const CHECKOUT = given('checkout', { desired: 4, running: 4 });
const described = async (json: Json) => {
  let found: unknown;
  await withEcs([{ ...CHECKOUT, json }], async ({ services }) => {
    [found] = await services.describe([CHECKOUT], new AbortController().signal);
  });
  return found;
};

const old = { status: 'ACTIVE', runningCount: 4, rolloutState: 'COMPLETED' };
const primary = (more: Json) => ({ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', runningCount: 0, ...more });
const strategy = (name: string) => ({ deploymentConfiguration: { strategy: name } });

describe('a deployment', () => {
  const rows: readonly (readonly [string, Json, Json])[] = [
    ['rolling, its tasks start', { deployments: [primary({ pendingCount: 2 }), old] }, { phase: 'shifting' }],
    ['rolling, all its tasks run', { deployments: [primary({ runningCount: 4 }), old] }, { phase: 'baking' }],
    [
      'rolling, only old tasks stop',
      { deployments: [primary({ runningCount: 4, rolloutState: 'COMPLETED' }), old] },
      { phase: 'terminating' },
    ],
    ['blue/green', { ...strategy('BLUE_GREEN'), deployments: [primary({}), old] }, { strategy: 'blueGreen' }],
    ['linear', { ...strategy('LINEAR'), deployments: [primary({}), old] }, { strategy: 'linear' }],
    ['canary', { ...strategy('CANARY'), deployments: [primary({}), old] }, { strategy: 'canary' }],
    [
      'CODE_DEPLOY',
      { deploymentController: { type: 'CODE_DEPLOY' }, taskSets: [{}, {}] },
      { controller: 'CODE_DEPLOY' },
    ],
    ['failing', { deployments: [primary({ failedTasks: 3 }), old] }, { failing: '3 of its tasks failed' }],
    [
      'failed',
      { deployments: [primary({ rolloutState: 'FAILED', rolloutStateReason: 'tasks failed to start.' })] },
      { failing: 'tasks failed to start.' },
    ],
  ];
  test.each(rows)('%s', async (_, json, deployment) => {
    expect(await described(json)).toMatchObject({ deployment });
  });

  test('there is none in a steady service, and two failed tasks are no pattern', async () => {
    expect(
      await described({ deployments: [primary({ runningCount: 4, rolloutState: 'COMPLETED' })] }),
    ).not.toHaveProperty('deployment');
    expect(await described({ deployments: [primary({ failedTasks: 2 }), old] })).not.toHaveProperty(
      'deployment.failing',
    );
  });

  test('EXTERNAL task sets run their share of the count: that is all there is to run', async () => {
    const external = (computedDesiredCount: number, runningCount: number) => ({
      deploymentController: { type: 'EXTERNAL' },
      taskSets: [{ computedDesiredCount }, { computedDesiredCount: 0 }],
      runningCount,
    });
    expect(await described(external(2, 2))).toMatchObject({ inService: 4, deploying: false });
    expect(await described(external(2, 1))).toMatchObject({ inService: 3 });
    expect(await described(external(2, 2))).not.toHaveProperty('deployment');
  });

  test('an Express service says so, and what ECS last said of tasks that fail is kept without its name', async () => {
    const createdAt = 1_763_000_000;
    const events = [
      { message: '(service checkout) has reached a steady state.', createdAt: createdAt + 5 },
      { message: '(service checkout) was unable to place a task.', createdAt },
      { message: '(service checkout) (task 1) failed container health checks.', createdAt: createdAt - 5 },
    ];
    expect(await described({ resourceManagementType: 'ECS', events })).toMatchObject({
      isExpress: true,
      trouble: { at: createdAt * 1000, says: 'was unable to place a task.' },
    });
  });
});

describe('the stage of a native deployment', () => {
  const ARN = 'arn:aws:ecs:eu-west-1:123456789012:service-deployment/prod/checkout/1';
  const native = {
    ...strategy('CANARY'),
    currentServiceDeployment: ARN,
    deployments: [primary({ runningCount: 4 }), old],
  };
  const asked = async (json: Json, answer: WireAnswer) => {
    let found: unknown;
    let calls: readonly unknown[] = [];
    await withEcs([{ ...CHECKOUT, json }], async ({ services, wire, interfere }) => {
      interfere(({ operation }) => (operation === 'DescribeServiceDeployments' ? answer : undefined));
      [found] = await services.describe([CHECKOUT], new AbortController().signal);
      calls = wire.requests.filter(({ operation }) => operation === 'DescribeServiceDeployments');
    });
    return { found, calls: calls.length };
  };
  const at = (more: Json): WireAnswer => ({
    body: { serviceDeployments: [{ serviceDeploymentArn: ARN, status: 'IN_PROGRESS', ...more }] },
  });

  const rows: readonly (readonly [string, string])[] = [
    ...['RECONCILE_SERVICE', 'PRE_SCALE_UP', 'SCALE_UP', 'POST_SCALE_UP', 'TEST_TRAFFIC_SHIFT'].map(
      (stage) => [stage, 'shifting'] as const,
    ),
    ...['POST_TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'].map(
      (stage) => [stage, 'shifting'] as const,
    ),
    ['BAKE_TIME', 'baking'],
    ['CLEAN_UP', 'terminating'],
  ];
  test.each(rows)('%s: %s, whatever the counts say', async (lifecycleStage, phase) => {
    const { found, calls } = await asked(native, at({ lifecycleStage }));
    expect(found).toMatchObject({ deployment: { strategy: 'canary', phase, stage: lifecycleStage } });
    expect(calls).toBe(1);
  });

  test.each(['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_FAILED', 'STOP_REQUESTED'])(
    '%s: it fails',
    async (status) => {
      const { found } = await asked(native, at({ status, statusReason: 'Alarm high-errors went off.' }));
      expect(found).toMatchObject({ deployment: { failing: 'Alarm high-errors went off.' } });
    },
  );

  test('that cannot be had: what the counts say stands', async () => {
    const denied = await asked(native, failure('AccessDeniedException', 'no'));
    expect(denied.found).toMatchObject({ kind: 'found', deployment: { strategy: 'canary', phase: 'baking' } });
    const gone = await asked(native, { body: { serviceDeployments: [], failures: [] } });
    expect(gone.found).toMatchObject({ deployment: { phase: 'baking' } });
  });

  test('is not asked of a rolling deployment, of CODE_DEPLOY, or of a steady service', async () => {
    const currentServiceDeployment = ARN;
    const steady = { currentServiceDeployment, ...strategy('BLUE_GREEN') };
    const rolling = { currentServiceDeployment, deployments: [primary({}), old] };
    const codeDeploy = { currentServiceDeployment, deploymentController: { type: 'CODE_DEPLOY' }, taskSets: [{}, {}] };
    for (const json of [steady, rolling, codeDeploy]) expect((await asked(json, at({}))).calls).toBe(0);
  });
});
