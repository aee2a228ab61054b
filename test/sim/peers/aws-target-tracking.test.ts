import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BadInput } from '../../../lib/policy/bad-input.ts';
import { createTargetTracking, proportional } from '../../../lib/sim/peers/aws/target-tracking.ts';
import type { Peer } from '../../../lib/sim/peers/peer.ts';
import { IdealService, metric, type Situation, seen } from './seen.ts';

const flat = (value: number, minutes: number) => new Array<number>(minutes).fill(value);

/** Decides every minute while `values` are published; the first change, and when. */
function firstChange(peer: Peer, values: readonly (number | null)[], situation: Situation = {}) {
  const cpu = metric('CPUUtilization', values);
  for (let seconds = 60; seconds <= 60 * (values.length + 4); seconds += peer.everySeconds) {
    const to = peer.decide(seen({ desired: 10, metrics: [cpu], ...situation, seconds }));
    if (to !== undefined) return { minute: seconds / 60, to };
  }
  return undefined;
}

describe('Amazon ECS developer guide: target tracking', () => {
  test.each([
    // [tasks, metric, target, expected, why]
    [10, 90, 60, 15, 'in proportion'],
    [10, 61, 60, 11, 'a fraction of a task more is a task more'],
    [10, 55, 60, 10, 'a fraction of a task less is none less'],
    [3, 30, 60, 2, 'never below what the target needs'],
    [20, 60, 60, 20, 'on target'],
    [10, 0.1 + 0.2, 0.3, 10, 'a rounding error is no task'],
  ])('%d tasks at %d with a target of %d become %d: %s', (tasks, value, target, expected) => {
    expect(proportional(tasks, value, target)).toBe(expected);
  });

  test('scaling acts conservatively: what it computes is never too few and never one too many', () => {
    const tasks = fc.integer({ min: 1, max: 500 });
    const percent = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(tasks, percent, percent, (count, value, target) => {
        const wanted = proportional(count, value, target);
        expect(wanted * target).toBeGreaterThanOrEqual(count * value - 1e-6);
        expect((wanted - 1) * target).toBeLessThan(count * value);
      }),
    );
  });

  test('three minutes above the target, not two, and the newest of them says how many tasks', () => {
    const peer = createTargetTracking({ target: 60 });
    expect(firstChange(peer, [50, 50, 70, 70, 50, 50, 50])).toBeUndefined();
    const other = createTargetTracking({ target: 60 });
    // The third breaching minute ends after 5; publication and evaluation take three more.
    expect(firstChange(other, [50, 50, 70, 80, 90, 90])).toEqual({ minute: 8, to: 15 });
  });

  test('on the target nothing happens, however many tasks happen to run', () => {
    const situation = { desired: 10, running: 12 };
    expect(firstChange(createTargetTracking({ target: 60 }), flat(60, 60), situation)).toBeUndefined();
  });

  test('at nine tenths of the target nothing happens; below it the service scales in after 15 minutes', () => {
    expect(firstChange(createTargetTracking({ target: 60 }), flat(54, 60))).toBeUndefined();
    expect(firstChange(createTargetTracking({ target: 60 }), flat(30, 60))).toEqual({ minute: 18, to: 5 });
  });

  test('the busiest of those minutes says how far in', () => {
    const values = [...flat(20, 10), 50, ...flat(20, 4)];
    expect(firstChange(createTargetTracking({ target: 60 }), values)).toEqual({ minute: 18, to: 9 });
  });

  test('insufficient data is no reason to scale', () => {
    expect(firstChange(createTargetTracking({ target: 60 }), new Array<null>(60).fill(null))).toBeUndefined();
    // One breach and then silence is an alarm to CloudWatch, and no reason to target tracking.
    expect(firstChange(createTargetTracking({ target: 60 }), [90, null, null, 50, 50])).toBeUndefined();
    expect(firstChange(createTargetTracking({ target: 60 }), [90, 90, 90, null, 50, 50])?.minute).toBe(6);
    expect(firstChange(createTargetTracking({ target: 60 }), [50, 50, 90, null, null, 50, 50])).toBeUndefined();
  });

  test('a metric that speaks again after an alarm over its silence is answered at once', () => {
    // Amazon CloudWatch user guide: with too few datapoints, all of them breaching and one old enough, the alarm is not premature.
    const values = [90, null, null, null, 90, null];
    expect(firstChange(createTargetTracking({ target: 60 }), values)).toEqual({ minute: 8, to: 15 });
  });

  test('scale-in is off during a deployment and scale-out goes on', () => {
    const deploying = { deploying: true };
    expect(firstChange(createTargetTracking({ target: 60 }), flat(30, 60), deploying)).toBeUndefined();
    expect(firstChange(createTargetTracking({ target: 60 }), flat(90, 10), deploying)?.to).toBe(15);
  });

  test('with scale-in disabled it only scales out', () => {
    const peer = createTargetTracking({ target: 60, scaleInDisabled: true });
    expect(firstChange(peer, flat(30, 60))).toBeUndefined();
  });

  test('running tasks are what it multiplies', () => {
    const peer = createTargetTracking({ target: 60 });
    expect(firstChange(peer, flat(90, 10), { desired: 12, running: 10 })?.to).toBe(15);
    const other = createTargetTracking({ target: 60 });
    expect(firstChange(other, flat(30, 60), { desired: 12, running: 10 })?.to).toBe(5);
  });

  test('by default a scale-in is followed by 300 s without another, as Application Auto Scaling does it for ECS', () => {
    const peer = createTargetTracking({ target: 60 });
    const cpu = metric('CPUUtilization', flat(30, 60));
    const at = (minute: number, desired: number) =>
      peer.decide(seen({ seconds: minute * 60, desired, metrics: [cpu] }));
    expect(at(30, 16)).toBe(8);
    expect([31, 34].map((minute) => at(minute, 8))).toEqual([undefined, undefined]);
    expect(at(35, 8)).toBe(4);
  });

  test('within the cooldown stale metrics over the new tasks add nothing, a larger need adds the difference', () => {
    const peer = createTargetTracking({ target: 60 });
    const cpu = metric('CPUUtilization', [...flat(90, 6), 96, ...flat(50, 5)]);
    const at = (minute: number, desired: number) =>
      peer.decide(seen({ seconds: minute * 60, desired, metrics: [cpu] }));
    expect(at(6, 10)).toBe(15);
    expect(at(7, 15)).toBeUndefined();
    expect(at(10, 15)).toBe(16);
    expect(at(11, 16)).toBeUndefined();
  });

  test('20 s metrics: a minute of breach, then seconds', () => {
    const peer = createTargetTracking({ target: 60, periodSeconds: 20 });
    const cpu = metric('CPUUtilization', flat(90, 30), { periodSeconds: 20 });
    const decideAt = (seconds: number) => peer.decide(seen({ seconds, metrics: [cpu] }));
    expect(peer.everySeconds).toBe(10);
    expect(decideAt(80)).toBeUndefined();
    expect(decideAt(90)).toBe(15);
  });

  test('a load balancer has no 20 s metric', () => {
    const options = { target: 1000, signal: 'requestsPerTask', periodSeconds: 20 } as const;
    expect(() => createTargetTracking(options)).toThrow(BadInput);
  });
});

describe('without delays', () => {
  test('from below, target tracking ends at the load ÷ the target, rounded up', () => {
    const rate = fc.integer({ min: 10, max: 5000 });
    fc.assert(
      fc.property(rate, fc.integer({ min: 20, max: 90 }), (load, target) => {
        const service = new IdealService(load, 1);
        const peer = createTargetTracking({ target, evaluationDelaySeconds: 0 });
        expect(service.run(peer, 2)).toBe(Math.ceil(load / target));
      }),
      { numRuns: 30 },
    );
  });

  test('from above it ends within the tenth that its low alarm leaves', () => {
    const rate = fc.integer({ min: 10, max: 5000 });
    fc.assert(
      fc.property(rate, (load) => {
        const service = new IdealService(load, 3 * Math.ceil(load / 60));
        const tasks = service.run(createTargetTracking({ target: 60, evaluationDelaySeconds: 0 }), 6);
        expect(tasks).toBeGreaterThanOrEqual(Math.ceil(load / 60));
        expect(tasks).toBeLessThanOrEqual(Math.max(Math.ceil(load / 60), load / 54));
      }),
      { numRuns: 30 },
    );
  });
});
