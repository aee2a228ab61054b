/** Every row of the deployments table: what may change while tasks of two revisions run. */
import { describe, expect, test } from '@jest/globals';
import type { Deployment } from '../../lib/policy/observation.ts';
import { rule, setTo, tasks } from '../support/policies.ts';
import { happens, policy, type Row, steady, tell, tickAt, world } from '../support/story.ts';

const flood = rule('flood', 'cpu > 90', setTo(40));
const calm = rule('calm', 'cpu < 40', tasks(1));
const given = () => world({ policy: policy({ scaleOut: [flood], scaleIn: [calm] }), service: steady(10) });

const deploys = (parts: Partial<Deployment> = {}) =>
  happens({ deploying: true, deployment: { controller: 'ECS', strategy: 'rolling', phase: 'shifting', ...parts } });
const ends = happens(steady(10, { deploying: false }));
const ended: Row = (world) => {
  ends(world);
  delete (world.service as { deployment?: Deployment }).deployment;
};
const asksIn = 'calm true 1 of 1 (cpu 30) asks 9 from 10';
const asksOut = 'flood true 1 of 1 (cpu 95) asks 40 from 10';

describe('in while it deploys', () => {
  const rows: readonly (readonly [Partial<Deployment>, string])[] = [
    [{ phase: 'shifting' }, 'a rolling deployment is shifting'],
    [{ phase: 'baking' }, 'a rolling deployment is baking'],
    [{ phase: 'terminating' }, 'a rolling deployment is terminating'],
    [{ strategy: 'blueGreen' }, 'a blue/green deployment is shifting'],
    [{ strategy: 'linear', phase: 'baking' }, 'a linear deployment is baking'],
    [{ strategy: 'canary', phase: 'terminating' }, 'a canary deployment is terminating'],
    [
      { strategy: 'linear', stage: 'PRODUCTION_TRAFFIC_SHIFT' },
      'a linear deployment is shifting (PRODUCTION_TRAFFIC_SHIFT)',
    ],
    [{ controller: 'CODE_DEPLOY', strategy: 'blueGreen' }, 'a CODE_DEPLOY deployment is in progress'],
  ];
  test.each(rows)('%j: nothing is given back', (deployment, why) => {
    tell(given(), [deploys(deployment), [0, { cpu: 30 }, `hold 10: ${asksIn}; no scale-in: ${why}`]]);
  });

  test('the block ends at twice the assumed rollout time', () => {
    tell(given(), [
      deploys(),
      [0, { cpu: 30 }, `hold 10: ${asksIn}; no scale-in: a rolling deployment is shifting`],
      [29, { cpu: 30 }, `hold 10: ${asksIn}; no scale-in: a rolling deployment is shifting`],
      [30, { cpu: 30 }, `10 → 9: ${asksIn}`],
    ]);
  });

  test('and at twice the time that rollouts of this service were seen to take', () => {
    const story = given();
    for (const minute of [0, 20, 40]) {
      tell(story, [deploys(), (world) => void tickAt(world, minute), ended, (world) => void tickAt(world, minute + 4)]);
    }
    expect(story.state.rolloutSeconds).toEqual([240, 240, 240]);
    tell(story, [
      deploys(),
      [60, { cpu: 30 }, `hold 10: ${asksIn}; no scale-in: a rolling deployment is shifting`],
      [67, { cpu: 30 }, `hold 10: ${asksIn}; no scale-in: a rolling deployment is shifting`],
      [68, { cpu: 30 }, `10 → 9: ${asksIn}`],
    ]);
  });

  test('under CODE_DEPLOY it does not end', () => {
    const frozen = `hold 10: ${asksIn}; no scale-in: a CODE_DEPLOY deployment is in progress`;
    tell(given(), [
      deploys({ controller: 'CODE_DEPLOY', strategy: 'blueGreen' }),
      [0, { cpu: 30 }, frozen],
      [600, { cpu: 30 }, frozen],
    ]);
  });
});

describe('out while it deploys', () => {
  const rows: readonly (readonly [Partial<Deployment>, string])[] = [
    [{}, `10 → 20: ${asksOut}; at most 20 while it deploys, 100 % above the 10 it began with`],
    [{ phase: 'baking' }, `10 → 20: ${asksOut}; at most 20 while it deploys, 100 % above the 10 it began with`],
    [{ strategy: 'blueGreen' }, `10 → 15: ${asksOut}; at most 15 while it deploys, 50 % above the 10 it began with`],
    [{ strategy: 'linear' }, `10 → 15: ${asksOut}; at most 15 while it deploys, 50 % above the 10 it began with`],
    [{ strategy: 'canary' }, `10 → 15: ${asksOut}; at most 15 while it deploys, 50 % above the 10 it began with`],
    [{ phase: 'terminating' }, `10 → 40: ${asksOut}`],
    [
      { controller: 'CODE_DEPLOY', strategy: 'blueGreen' },
      `hold 10: ${asksOut}; CODE_DEPLOY is deploying: the count stays until it has ended`,
    ],
    [
      { failing: '4 of its tasks failed' },
      `hold 10: ${asksOut}; its deployment fails (4 of its tasks failed): nothing is added or taken away`,
    ],
  ];
  test.each(rows)('%j', (deployment, sentence) => {
    tell(given(), [deploys(deployment), [0, { cpu: 95 }, sentence]]);
  });

  test('the surplus is of the whole rollout, not of each step', () => {
    const most = 'at most 20 while it deploys, 100 % above the 10 it began with';
    tell(given(), [
      deploys(),
      [0, { cpu: 95 }, `10 → 20: ${asksOut}; ${most}`],
      happens({ running: 20, inService: 20, pending: 0 }),
      (world) => void tickAt(world, 1),
      [4, { cpu: 95 }, `hold 20: flood true 1 of 1 (cpu 95) asks 40 from 20; ${most}`],
    ]);
  });

  test('a template that resets the count does not lower the surplus', () => {
    const story = given();
    tell(story, [
      [0, { cpu: 60 }, 'hold 10: flood false (cpu 60); calm false (cpu 60)'],
      happens(steady(2)),
      deploys(),
      [
        1,
        { cpu: 95 },
        '2 → 20: somebody else set 10 → 2, adopted; flood true 1 of 1 (cpu 95) asks 40 from 10; at most 20 while it deploys, 100 % above the 10 it began with',
      ],
    ]);
  });

  test('a deployment that failed and is over still starts nothing new', () => {
    tell(given(), [
      deploys({ failing: 'ECS deployment failed: tasks failed to start.' }),
      happens({ deploying: false }),
      [
        0,
        { cpu: 30 },
        `hold 10: ${asksIn}; its deployment fails (ECS deployment failed: tasks failed to start.): nothing is added or taken away`,
      ],
    ]);
  });
});
