/** Tasks that fail: what the plant shows of them, and what becomes of a deployment whose tasks do. */
import { describe, expect, test } from '@jest/globals';
import type { Illness } from '../../lib/sim/types.ts';
import { stage } from './stage.ts';

const rows: readonly (readonly [Illness, string, number])[] = [
  ['image', 'CannotPullContainerError: failed to resolve ref: not found', 0],
  ['crash', 'Essential container in task exited', 0],
  ['unhealthy', 'Task failed ELB health checks', 2],
];

describe('tasks that are ill', () => {
  test.each(rows)('%s: they are never in service, stop, and are tried again', (illness, reason, unhealthy) => {
    const { plant, at } = stage(3, { desired: 4 });
    plant.sicken(illness);
    at(600).setDesiredCount(6);
    let mostUnhealthy = 0;
    for (let second = 600; second <= 1500; second += 5) {
      const view = at(second).view();
      expect(view.inService).toBe(4);
      mostUnhealthy = Math.max(mostUnhealthy, view.unhealthy ?? 0);
    }
    const { stopped = [], events } = plant.view();
    expect(mostUnhealthy).toBe(unhealthy);
    expect(stopped.length).toBeGreaterThan(4);
    expect(new Set(stopped.map((task) => task.reason))).toEqual(new Set([reason]));
    expect(events.find(({ message }) => message.includes(reason))?.message).toMatch(/unable to start a task/);
  });

  test('get well when what ails them ends', () => {
    const { plant, at } = stage(3, { desired: 4 });
    plant.sicken('crash');
    at(600).setDesiredCount(6);
    expect(at(900).view().inService).toBe(4);
    plant.sicken(null);
    expect(at(1500).view()).toMatchObject({ running: 6, inService: 6, unhealthy: 0 });
  });
});

describe('a deployment whose tasks fail', () => {
  test('without a circuit breaker goes on for ever, and the old tasks serve', () => {
    const { plant, at } = stage(3, { desired: 4 });
    plant.sicken('image');
    at(600).deploy();
    const [primary, old] = at(2400).view().deployments;
    expect(primary).toMatchObject({ rolloutState: 'IN_PROGRESS', running: 0 });
    expect(primary?.failedTasks).toBeGreaterThan(20);
    expect(old).toMatchObject({ status: 'ACTIVE', running: 4 });
  });

  test('with one is failed after three, and launches no more', () => {
    const { plant, at } = stage(3, { desired: 4 });
    plant.sicken('image');
    at(600).deploy({ circuitBreaker: true });
    const failed = at(1200).view();
    expect(failed.deployments[0]).toMatchObject({ rolloutState: 'FAILED', running: 0, pending: 0 });
    expect(failed.deployments[0]?.failedTasks).toBeGreaterThanOrEqual(3);
    expect(at(3600).view().stopped).toHaveLength(failed.stopped?.length ?? 0);
    expect(plant.view()).toMatchObject({ inService: 4, running: 4 });
  });
});
