/** Stories of one ECS service: what an operator would see in the console, minute by minute. */
import { describe, expect, test } from '@jest/globals';
import { step } from '../../lib/sim/generate.ts';
import { billed, loadOf, START, stage } from './stage.ts';

describe('scaling out', () => {
  test('tasks are pending, then running, then in service; capacity comes late', () => {
    const { plant, at } = stage(4, { desired: 5 });
    at(600).setDesiredCount(10);
    expect(plant.view()).toMatchObject({ desired: 10, running: 5, pending: 5, inService: 5 });
    expect(at(606).view()).toMatchObject({ running: 5, pending: 5 });
    const seen = { runningNotServing: false };
    for (let second = 607; second < 900; second++) {
      const { running, inService } = at(second).view();
      if (running > inService) seen.runningNotServing = true;
    }
    expect(seen.runningNotServing).toBe(true);
    expect(plant.view()).toMatchObject({ desired: 10, running: 10, pending: 0, inService: 10 });
  });

  test('a launch that fails is tried again after a minute', () => {
    const { plant, at } = stage(4, { desired: 0, seed: 2 });
    at(60).setDesiredCount(1000);
    at(300);
    const failures = plant.view().events.filter(({ message }) => message.includes('unable to start'));
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.length).toBeLessThan(20);
    expect(plant.view().running).toBeLessThan(1001);
    expect(at(900).view()).toMatchObject({ running: 1000, pending: 0, inService: 1000 });
  });

  test('the account launches 100 tasks at once and 20 a second after that', () => {
    const quick = { desired: 0, startClass: 'fast', withLoadBalancer: false } as const;
    const median = (tasks: number) => {
      const { plant, at } = stage(1, quick);
      at(60).setDesiredCount(tasks);
      for (let second = 61; second < 600; second++) if (at(second).view().running >= tasks / 2) return second - 60;
      return plant.view().running;
    };
    expect(median(100)).toBeLessThan(32);
    // Half of 1,000 tasks are granted 20 s later than half of 100.
    expect(median(1000)).toBeGreaterThan(40);
  });

  test('no more tasks than fit are placed, and the service says so', () => {
    const { plant, at } = stage(4, { desired: 4, placeableTasks: 6 });
    at(60).setDesiredCount(12);
    expect(at(600).view()).toMatchObject({ desired: 12, running: 6, pending: 0 });
    expect(plant.view().events[0]?.message).toBe('(service checkout) was unable to place a task.');
  });
});

describe('scaling in', () => {
  test('a task leaves service at once, drains, and is billed until it stops', () => {
    const { plant, at } = stage(1, { desired: 4, deregistrationDelaySeconds: 300 });
    const before = billed(at(600));
    plant.setDesiredCount(2);
    expect(plant.view()).toMatchObject({ desired: 2, running: 2, inService: 2, draining: 2 });
    expect(at(600 + 304).view().draining).toBe(2);
    expect(at(600 + 306).view().draining).toBe(0);
    expect(billed(at(1200)) - before).toBeCloseTo(2 * 600 + 2 * 305, 3);
  });

  test('without a load balancer a task stops as soon as its process ends', () => {
    const { plant, at } = stage(1, { desired: 4, withLoadBalancer: false });
    at(600).setDesiredCount(2);
    expect(at(604).view().draining).toBe(2);
    expect(at(606).view().draining).toBe(0);
    expect(plant.metrics().map(({ name }) => name)).toEqual(['CPUUtilization', 'MemoryUtilization']);
  });

  test('launches that have not begun are called off first, and cost nothing', () => {
    const { plant, at } = stage(1, { desired: 2 });
    const before = billed(at(600));
    plant.setDesiredCount(20);
    at(605).setDesiredCount(2);
    expect(plant.view()).toMatchObject({ running: 2, pending: 0, inService: 2, draining: 0 });
    expect(billed(at(700)) - before).toBeCloseTo(2 * 100, 3);
  });

  test('a task stopped while it pulls its image is billed for a minute', () => {
    const { plant, at } = stage(1, { desired: 2, startClass: 'heavy' });
    const before = billed(at(600));
    plant.setDesiredCount(3);
    at(620).setDesiredCount(2);
    expect(plant.view().pending).toBe(0);
    expect(billed(at(700)) - before).toBeCloseTo(2 * 100 + 60, 3);
  });

  test('a request in the queue of a draining task is still answered', () => {
    const { plant, at } = stage(step({ atHour: 0.5, before: 6, after: 0.1 }), { desired: 4 });
    at(1700);
    expect(plant.totals().inQueue).toBeGreaterThan(0);
    const given = plant.totals().timedOut;
    plant.setDesiredCount(1);
    at(1799);
    expect(at(2400).totals()).toMatchObject({ inQueue: 0 });
    // The one that stays cannot take six tasks' worth for 100 s; those three that drain lose nothing.
    expect(plant.totals().timedOut - given).toBeCloseTo(500 * 100, -2);
  });

  test('to zero: nothing runs, nothing is billed, nobody is served', () => {
    const { plant, at } = stage(2, { desired: 3 });
    at(600).setDesiredCount(0);
    const { billedTaskSeconds, served } = at(1200).totals();
    expect(at(1800).totals()).toMatchObject({ billedTaskSeconds, served });
    expect(plant.rows().at(-1)).toMatchObject({ running: 0, inService: 0, cpu: null });
    expect(plant.rows().at(-1)?.requestsAboveCapacity).toBeCloseTo(200 * 60, 6);
  });
});

test('zone rebalancing runs tasks above desired for a while and drains them again', () => {
  const { plant, at } = stage(2, { desired: 6 });
  at(600).rebalance(2, 300);
  expect(plant.view()).toMatchObject({ desired: 6, running: 6, pending: 2 });
  expect(at(840).view()).toMatchObject({ desired: 6, running: 8, inService: 8 });
  expect(at(901).view()).toMatchObject({ desired: 6, running: 6, inService: 6, draining: 2 });
  expect(at(1300).view()).toMatchObject({ running: 6, draining: 0 });
});

describe('CPU', () => {
  test('follows the load over the tasks that run', () => {
    const { at, average } = stage(3, { desired: 6 });
    at(600);
    // Half busy, 1 to 5 % for nothing, ± 2 % of noise.
    expect(average('CPUUtilization')).toBeGreaterThan(49);
    expect(average('CPUUtilization')).toBeLessThan(57);
  });

  test('fresh tasks without traffic lower the average, although the others are as busy as before', () => {
    const options = { desired: 4, startClass: 'fast', healthCheckIntervalSeconds: 300 } as const;
    const { plant, at, average } = stage(3.6, options);
    at(600);
    const before = average('CPUUtilization') ?? 0;
    plant.setDesiredCount(8);
    at(780);
    const now = plant.view();
    expect(now.running).toBe(8);
    expect(now.inService).toBeLessThan(8);
    expect(average('CPUUtilization')).toBeLessThan(before * 0.8);
  });

  test('on Fargate a saturated task shows 100 %, however large the load', () => {
    const { plant, at, points } = stage(12, { desired: 4 });
    at(900);
    const seen = points('CPUUtilization');
    expect(Math.max(...seen.map(({ max }) => max))).toBe(100);
    expect(Math.max(...seen.map(({ sum, count }) => sum / count))).toBe(100);
    expect(plant.rows().at(-1)?.cpu).toBe(100);
  });

  test('on EC2 it bursts above, and serves more for it', () => {
    const fargate = stage(6, { desired: 4 });
    const ec2 = stage(6, { desired: 4, launchType: 'EC2' });
    fargate.at(900);
    ec2.at(900);
    expect(ec2.average('CPUUtilization')).toBeGreaterThan(140);
    expect(ec2.plant.totals().timedOut).toBe(0);
    expect(fargate.plant.totals().timedOut).toBeGreaterThan(0);
  });

  test('where work waits for others it stays low with a full queue', () => {
    const { at, average, plant } = stage(6, { desired: 4, kind: 'io' });
    at(900);
    expect(average('CPUUtilization')).toBeLessThan(20);
    expect(plant.totals().inQueue).toBeGreaterThan(0);
  });
});

describe('overload', () => {
  test('requests above capacity are counted, wait, and are given up after the time-out', () => {
    const { plant, at } = stage(5, { desired: 4, timeoutSeconds: 20 });
    at(600);
    const rows = plant.rows();
    expect(rows.at(-1)?.requestsAboveCapacity).toBeCloseTo(100 * 60, 6);
    const { arrived, served, timedOut, inQueue } = plant.totals();
    // Four queues of 20 s of work each are full; what came above that was given up.
    expect(inQueue).toBeCloseTo(4 * 100 * 20, 6);
    expect(served + timedOut + inQueue).toBeCloseTo(arrived, 3);
    expect(served).toBeCloseTo(600 * 400, -2);
  });

  test('after a burst the backlog drains slowly, though the load is within capacity again', () => {
    const { plant, at } = stage(step({ atHour: 0.25, before: 8, after: 3.6 }), { desired: 4, timeoutSeconds: 30 });
    at(900);
    const full = plant.totals().inQueue;
    expect(full).toBeCloseTo(4 * 100 * 30, 6);
    expect(at(960).totals().inQueue).toBeGreaterThan(full / 2);
    expect(at(1800).totals().inQueue).toBe(0);
  });

  test('a new task does not share the queues of the old ones', () => {
    const { plant, at } = stage(5.5, { desired: 4 });
    const full = at(900).totals().inQueue;
    plant.setDesiredCount(7);
    const serving = at(1000).view().inService;
    expect(serving).toBe(7);
    // Seven tasks could take it all, and yet the four old queues empty only as fast as their own tasks have time to spare.
    expect(plant.totals().inQueue).toBeGreaterThan(0.3 * full);
    expect(at(1700).totals().inQueue).toBe(0);
  });
});

describe('a queue worker', () => {
  test('works off a backlog that nobody gives up on', () => {
    const { at, points } = stage(step({ atHour: 0.5, before: 6, after: 1 }), { desired: 4, kind: 'queue' });
    expect(at(1800).view().queue).toEqual({ name: 'checkout-jobs', visible: 200 * 1800, inFlight: 16 });
    expect(
      at(1810)
        .metrics()
        .map(({ name }) => name),
    ).toContain('ApproximateNumberOfMessagesVisible');
    const later = at(3060);
    expect(later.view().queue).toEqual({ name: 'checkout-jobs', visible: 0, inFlight: 4 });
    expect(later.totals()).toMatchObject({ timedOut: 0, inQueue: 0 });
    const visible = points('ApproximateNumberOfMessagesVisible').map(({ sum }) => sum);
    expect(Math.max(...visible)).toBe(200 * 1800);
  });

  test('shows full CPU while there is a backlog', () => {
    const { at, average } = stage(6, { desired: 4, kind: 'queue' });
    at(900);
    expect(average('CPUUtilization')).toBeGreaterThan(97);
  });
});

describe('a gap in the load', () => {
  const known = loadOf(3, 1);
  const load = {
    ...known,
    rateAt: (at: number) => (at >= START + 1200_000 && at < START + 1800_000 ? null : known.rateAt(at)),
  };

  test('is unknown: no datapoints, rows say null, and the tasks still cost', () => {
    const { values: _, ...unsampled } = load;
    const { plant, at, points } = stage(1, { load: unsampled, desired: 4 });
    at(3600);
    const gap = plant.rows().slice(20, 30);
    expect(gap.map((row) => row.load)).toEqual(Array(10).fill(null));
    expect(gap.map((row) => row.cpu)).toEqual(Array(10).fill(null));
    expect(gap.every((row) => row.requests === 0 && row.billedTaskSeconds === 240)).toBe(true);
    expect(plant.rows()[19]?.load).toBe(300);
    expect(plant.rows()[30]?.load).toBe(300);
    for (const metric of ['CPUUtilization', 'MemoryUtilization', 'RequestCount', 'TargetResponseTime']) {
      const minutes = points(metric).map(({ startedAt }) => (startedAt - START) / 60_000);
      expect(minutes.filter((minute) => minute >= 20 && minute < 30)).toEqual([]);
      expect(minutes).toContain(19);
      expect(minutes).toContain(30);
    }
  });
});

test('what cannot be is refused', () => {
  const { plant, at } = stage(1);
  at(60);
  expect(() => plant.setDesiredCount(-1)).toThrow('a desired count is a whole number, not -1');
  expect(() => plant.setDesiredCount(1.5)).toThrow('a desired count is a whole number, not 1.5');
  expect(() => at(30)).toThrow('time goes forward only');
});
