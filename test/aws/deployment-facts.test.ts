/** The deployment of a service, read from what DescribeServices says. */
import { describe, expect, test } from '@jest/globals';
import { given } from '../contracts/services.ts';
import { withEcs } from './ecs.ts';

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
