import { describe, expect, test } from '@jest/globals';
import type { Step } from '../../../lib/policy/application-auto-scaling.ts';
import { BadInput } from '../../../lib/policy/bad-input.ts';
import {
  baseIn,
  baseOut,
  type CooldownState,
  noCooldown,
  scaleIn,
  scaleOut,
} from '../../../lib/sim/peers/aws/scalable-target.ts';
import { adjusted, roundedChange, stepFor, stepProblem } from '../../../lib/sim/peers/aws/step-adjustment.ts';
import { createStepScaling, documentedSteps } from '../../../lib/sim/peers/aws/step-scaling.ts';
import { at, metric, seen } from './seen.ts';

const PERCENT = { type: 'PercentChangeInCapacity', steps: [] } as const;

describe('AWS Application Auto Scaling user guide: scaling adjustment types', () => {
  test.each([
    [12.7, 12],
    [0.67, 1],
    [-0.58, -1],
    [-6.67, -6],
    [0, 0],
    [1, 1],
    [-1, -1],
  ])('PercentChangeInCapacity rounding: %d becomes %d', (exact, rounded) => {
    expect(roundedChange(exact)).toBe(rounded);
  });

  test('ChangeInCapacity: 3 and an adjustment of 5 is 8', () => {
    expect(adjusted(3, 5, { type: 'ChangeInCapacity', steps: [] })).toBe(8);
  });

  test('ExactCapacity: 3 and an adjustment of 5 is 5', () => {
    expect(adjusted(3, 5, { type: 'ExactCapacity', steps: [] })).toBe(5);
  });

  test('PercentChangeInCapacity: 10 percent of 10 is one more', () => {
    expect(adjusted(10, 10, PERCENT)).toBe(11);
  });

  test('MinAdjustmentMagnitude: 25 percent of 4 tasks would be 1, and 2 are added', () => {
    expect(adjusted(4, 25, { ...PERCENT, minAdjustmentMagnitude: 2 })).toBe(6);
    expect(adjusted(4, -25, { ...PERCENT, minAdjustmentMagnitude: 2 })).toBe(2);
    expect(adjusted(40, 25, { ...PERCENT, minAdjustmentMagnitude: 2 })).toBe(50);
  });
});

describe('AWS Application Auto Scaling API reference: StepAdjustment', () => {
  test('with a threshold of 50, 50 up to below 60 is a lower bound of 0 and an upper bound of 10', () => {
    const steps = [{ lower: 0, upper: 10, change: 1 }];
    const found = [50, 59.9, 60, 49.9].map((metric) => stepFor(steps, metric - 50, 'out') !== undefined);
    expect(found).toEqual([true, true, false, false]);
  });

  test('with a threshold of 50, above 40 up to 50 is a lower bound of -10 and an upper bound of 0', () => {
    const steps = [{ lower: -10, upper: 0, change: -1 }];
    const found = [40.1, 50, 40, 50.1].map((metric) => stepFor(steps, metric - 50, 'in') !== undefined);
    expect(found).toEqual([true, true, false, false]);
  });

  const refused: [string, Step[]][] = [
    ['there is no step', []],
    ['steps overlap or leave a gap', [step(0, 10), step(11, null)]],
    ['steps overlap or leave a gap', [step(0, 10), step(9, null)]],
    ['two steps have no upper bound', [step(0, null), step(10, null)]],
    ['two steps have no lower bound', [step(null, 0), step(null, -10)]],
    ['a step has neither bound', [step(null, null)]],
    ['no step is without a lower bound', [step(-10, 0)]],
    ['no step is without an upper bound', [step(0, 10)]],
    [
      'there are 21 steps, at most 20 are allowed',
      Array.from({ length: 21 }, (_, i) => step(i, i < 20 ? i + 1 : null)),
    ],
  ];
  test.each(refused)('%s', (problem, steps) => {
    expect(stepProblem(steps)).toBe(problem);
  });

  test('a contiguous list open to its far side is taken, in any order', () => {
    expect(stepProblem([step(10, null), step(0, 10)])).toBeUndefined();
    expect(stepProblem([step(null, -10), step(-10, 0)])).toBeUndefined();
  });

  test('a peer with steps AWS would refuse is refused', () => {
    const { out, in: inwards } = documentedSteps(50, 10);
    const gap = { ...out, adjustment: { ...out.adjustment, steps: [step(0, 5)] } };
    expect(() => createStepScaling({ out: gap, in: inwards })).toThrow(BadInput);
  });
});

function step(lower: number | null, upper: number | null): Step {
  return { lower, upper, change: 1 };
}

describe('AWS Application Auto Scaling user guide: cooldown', () => {
  const COOLDOWNS = { outSeconds: 300, inSeconds: 300 };
  const CAPACITY = { min: 1, max: 100 };

  /** Adds (or removes) tasks as ChangeInCapacity would; the desired count after it. */
  function change(by: number, seconds: number, desired: number, running: number, state: CooldownState): number {
    const standing = { now: at(seconds), desired, running, capacity: CAPACITY };
    const base = by > 0 ? baseOut(standing, state) : baseIn(standing, state);
    if (base === null) return desired;
    const scale = by > 0 ? scaleOut(base + by, base, standing, COOLDOWNS, state) : undefined;
    return (by > 0 ? scale : scaleIn(base + by, standing, COOLDOWNS, state)) ?? desired;
  }

  test('two added; within the cooldown a step of three adds only one more, a step of two nothing', () => {
    const state = noCooldown();
    expect(change(2, 0, 10, 10, state)).toBe(12);
    expect(change(2, 60, 12, 10, state)).toBe(12);
    expect(change(3, 120, 12, 12, state)).toBe(13);
    expect(change(3, 180, 13, 13, state)).toBe(13);
  });

  test('after the cooldown the same step counts from what runs then', () => {
    const state = noCooldown();
    change(2, 0, 10, 10, state);
    expect(change(2, 299, 12, 12, state)).toBe(12);
    expect(change(2, 300, 12, 12, state)).toBe(14);
  });

  test('a scale-in blocks scale-ins; a scale-out passes at once and ends that cooldown', () => {
    const state = noCooldown();
    expect(change(-1, 0, 10, 10, state)).toBe(9);
    expect(change(-1, 60, 9, 9, state)).toBe(9);
    expect(change(2, 120, 9, 9, state)).toBe(11);
    expect(change(-1, 180, 11, 11, state)).toBe(10);
  });
});

describe('Amazon ECS developer guide: service auto scaling and the bounds', () => {
  const capacity = { min: 4, max: 20 };
  const standing = (desired: number, running: number) => ({ now: at(0), desired, running, capacity });

  test('running tasks are the starting point, not desired ones', () => {
    expect(baseOut(standing(10, 7), noCooldown())).toBe(7);
    expect(baseIn(standing(10, 7), noCooldown())).toBe(7);
  });

  test('below the minimum: a scale-out starts from the minimum, a scale-in does nothing', () => {
    expect(baseOut(standing(2, 2), noCooldown())).toBe(4);
    expect(baseIn(standing(2, 2), noCooldown())).toBeNull();
  });

  test('above the maximum: a scale-in starts from the maximum, a scale-out does nothing', () => {
    expect(baseIn(standing(30, 30), noCooldown())).toBe(20);
    expect(baseOut(standing(30, 30), noCooldown())).toBeNull();
  });
});

describe('Amazon EC2 Auto Scaling user guide: the example of step adjustments', () => {
  /** The desired count after the metric has stood at a value for an hour, with cooldowns of nothing and the count as it is. */
  function after(value: number, desired: number): number {
    const { out, in: inwards } = documentedSteps(50, 10);
    const peer = createStepScaling({ out, in: inwards });
    const cpu = metric('CPUUtilization', new Array<number>(60).fill(value));
    return peer.decide(seen({ seconds: 3600, desired, metrics: [cpu] })) ?? desired;
  }

  test.each([
    [60, 10, 11],
    [70, 11, 14],
    [40, 14, 13],
    [30, 13, 10],
    [50, 10, 10],
    [59.9, 10, 10],
    [40.1, 10, 10],
  ])('at a metric of %d, %d becomes %d', (value, desired, expected) => {
    expect(after(value, desired)).toBe(expected);
  });

  test('a scale-in waits while a deployment runs, a scale-out does not', () => {
    const decideAt = (value: number) => {
      const cpu = metric('CPUUtilization', new Array<number>(60).fill(value));
      return createStepScaling(documentedSteps(50, 10)).decide(
        seen({ seconds: 3600, deploying: true, metrics: [cpu] }),
      );
    };
    expect(decideAt(30)).toBeUndefined();
    expect(decideAt(70)).toBe(13);
  });
});
