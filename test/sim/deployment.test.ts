/** Rolling deployments: two revisions run side by side, and the count of those that serve never falls. */
import { describe, expect, test } from '@jest/globals';
import { nextMoves } from '../../lib/sim/rollout.ts';
import { stage } from './stage.ts';

describe('a rolling deployment', () => {
  test('two deployments and the tasks of both revisions, until the new ones serve', () => {
    const { plant, at, points } = stage(3, { desired: 6 });
    at(600).deploy();
    const [primary, old, ...others] = plant.view().deployments;
    expect(others).toEqual([]);
    expect(primary).toMatchObject({
      status: 'PRIMARY',
      rolloutState: 'IN_PROGRESS',
      desired: 6,
      running: 0,
      pending: 6,
    });
    expect(primary?.taskDefinition).toBe('checkout:2');
    expect(old).toMatchObject({ status: 'ACTIVE', rolloutState: 'COMPLETED', running: 6, pending: 0 });
    expect(old?.taskDefinition).toBe('checkout:1');
    let mostRunning = 0;
    for (let second = 600; second <= 1200; second++) {
      const view = at(second).view();
      mostRunning = Math.max(mostRunning, view.running);
      expect(view.inService).toBeGreaterThanOrEqual(6);
      expect(view.running).toBe(view.deployments.reduce((total, { running }) => total + running, 0));
    }
    expect(mostRunning).toBeGreaterThan(7);
    expect(plant.view()).toMatchObject({ desired: 6, running: 6, inService: 6, draining: 0 });
    expect(plant.view().deployments).toHaveLength(1);
    expect(plant.view().deployments[0]).toMatchObject({ status: 'PRIMARY', rolloutState: 'COMPLETED', running: 6 });
    expect(Math.max(...points('CPUUtilization').map(({ count }) => count))).toBeGreaterThan(6);
    expect(plant.totals().timedOut).toBe(0);
  });

  test('a scale-out in the middle of it launches new tasks only', () => {
    const { plant, at } = stage(3, { desired: 4 });
    at(600).deploy();
    at(610).setDesiredCount(8);
    expect(plant.view().deployments[0]).toMatchObject({ desired: 8, pending: 8 });
    expect(at(1300).view()).toMatchObject({ desired: 8, running: 8, inService: 8 });
    expect(plant.view().deployments).toHaveLength(1);
  });

  test('a second one while the first still rolls replaces both revisions', () => {
    const { plant, at } = stage(3, { desired: 4 });
    at(600).deploy();
    at(620).deploy();
    expect(plant.view().deployments.map(({ taskDefinition }) => taskDefinition)).toEqual([
      'checkout:3',
      'checkout:2',
      'checkout:1',
    ]);
    expect(
      at(1500)
        .view()
        .deployments.map(({ taskDefinition, running }) => [taskDefinition, running]),
    ).toEqual([['checkout:3', 4]]);
  });

  test('two at one moment, with no room to spare, still end', () => {
    const { plant, at } = stage(0.5, { desired: 1 });
    at(600).deploy();
    plant.deploy();
    expect(plant.view()).toMatchObject({ running: 1, pending: 1 });
    expect(
      at(1500)
        .view()
        .deployments.map(({ taskDefinition }) => taskDefinition),
    ).toEqual(['checkout:3']);
  });

  test('of a service at zero is over at once', () => {
    const { plant, at } = stage(3, { desired: 0 });
    at(600).deploy();
    expect(plant.view().deployments).toEqual([
      expect.objectContaining({ rolloutState: 'COMPLETED', taskDefinition: 'checkout:2' }),
    ]);
  });
});

describe('what the scheduler does next', () => {
  const none = { slots: 0, inService: 0 };
  test.each([
    ['launches what is missing', 5, { slots: 2, inService: 2 }, none, { launch: 3, retirePrimary: 0, retireOlder: 0 }],
    ['stops what is too many', 2, { slots: 5, inService: 5 }, none, { launch: 0, retirePrimary: 3, retireOlder: 0 }],
    [
      'runs at most twice desired',
      4,
      { slots: 1, inService: 0 },
      { slots: 6, inService: 6 },
      { launch: 1, retirePrimary: 0, retireOlder: 2 },
    ],
    [
      'keeps all of desired healthy',
      4,
      { slots: 4, inService: 1 },
      { slots: 4, inService: 4 },
      { launch: 0, retirePrimary: 0, retireOlder: 1 },
    ],
    [
      'gives up old tasks that do not serve',
      4,
      { slots: 4, inService: 0 },
      { slots: 4, inService: 2 },
      { launch: 0, retirePrimary: 0, retireOlder: 2 },
    ],
  ])('%s', (_, want, primary, older, moves) => {
    expect(nextMoves(want, primary, older, Number.POSITIVE_INFINITY)).toEqual(moves);
  });
});
