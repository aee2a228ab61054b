import { describe, expect, test } from '@jest/globals';
import { generate } from '../../../lib/sim/generate.ts';
import { createTargetTracking, type TargetTrackingOptions } from '../../../lib/sim/peers/aws/target-tracking.ts';
import { drive } from '../../../lib/sim/peers/drive.ts';
import { createPlant } from '../../../lib/sim/plant.ts';
import { START } from './seen.ts';

const TASKS = 6;
const CAPACITY = { min: 1, max: 100 };
const STEP_SECONDS = 1800;

interface StepRun {
  readonly before: number;
  readonly after: number;
  /** Where in its minute the step falls. */
  readonly phase: number;
  readonly hours?: number;
}

/** Six tasks of 100 requests a second; their CPU steps from one percentage to another. Seconds from the step to each change. */
function step({ before, after, phase, hours = 1 }: StepRun, options: Partial<TargetTrackingOptions>, seed = 1) {
  const stepAt = STEP_SECONDS + phase;
  const load = generate((second) => (second < stepAt ? before : after) * TASKS, {
    name: 'step',
    hours,
    stepSeconds: 2,
    startsAt: START,
  });
  const { periodSeconds = 60 } = options;
  const plant = createPlant({ load, seed, desired: TASKS, metricPeriodSeconds: periodSeconds });
  const peer = createTargetTracking({ target: 60, scaleInDisabled: true, ...options });
  const { changes, rows } = drive({ peer, plant, load, capacity: CAPACITY });
  const seconds = (at: number) => (at - START) / 1000 - stepAt;
  const served = rows.find(({ at, inService }) => seconds(at) > 0 && inService > TASKS);
  return {
    changes: changes.map(({ at, from, to }) => ({ after: seconds(at), from, to })),
    servedAfter: served === undefined ? undefined : seconds(served.at),
  };
}

const PHASES = [0, 10, 20, 30, 40, 50];
const mean = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length;

describe('AWS, faster auto scaling for Amazon ECS: a threefold step', () => {
  const near = { before: 50, after: 150 };

  test('with 60 s metrics the scaling activity comes after 363 ± 60 s, wherever in its minute the step falls', () => {
    const delays = PHASES.map((phase) => step({ ...near, phase }, {}).changes[0]?.after ?? Number.NaN);
    for (const delay of delays) expect(Math.abs(delay - 363)).toBeLessThanOrEqual(60);
  });

  test('with 20 s metrics after 86 s, a phase of its period more or less', () => {
    const delays = PHASES.map(
      (phase) => step({ ...near, phase }, { periodSeconds: 20 }).changes[0]?.after ?? Number.NaN,
    );
    for (const delay of delays) expect(Math.abs(delay - 86)).toBeLessThanOrEqual(15);
    expect(Math.abs(mean(delays) - 86)).toBeLessThanOrEqual(6);
  });

  test('new tasks serve half a minute later', () => {
    const { changes, servedAfter } = step({ ...near, phase: 20 }, {});
    const wait = (servedAfter ?? Number.NaN) - (changes[0]?.after ?? Number.NaN);
    expect(wait).toBeGreaterThanOrEqual(0);
    expect(wait).toBeLessThanOrEqual(60);
  });

  test('CPU ends at 100 %, so the first step is at most by 100 ÷ the target and more rounds follow', () => {
    const { changes } = step({ before: 50, after: 250, phase: 0, hours: 1 }, {});
    expect(changes[0]?.to).toBe(TASKS / 0.6);
    expect(changes.length).toBeGreaterThan(1);
    expect(changes.at(-1)?.to).toBeGreaterThanOrEqual((TASKS * 250) / 60);
  });
});

describe('scale-in', () => {
  test.each([60, 20] as const)(
    'with %d s metrics no earlier than 15 minutes and the delay of the metric',
    (periodSeconds) => {
      for (const phase of [0, 30]) {
        const options = { periodSeconds, scaleInDisabled: false };
        const [first] = step({ before: 54, after: 18, phase, hours: 2 }, options).changes;
        expect(first?.to).toBeLessThan(TASKS);
        // The minute in which the load fell may already count.
        expect(first?.after).toBeGreaterThanOrEqual(15 * 60 - phase + 14);
        expect(first?.after).toBeLessThanOrEqual(15 * 60 + 60 + 50 + 130);
      }
    },
  );
});

test('a steady load is answered with as many tasks as keep each at the target, or hardly more, whatever the seed', () => {
  for (const seed of [1, 2, 3]) {
    const options = { signal: 'requestsPerTask', target: 60 * 60 } as const;
    const { changes } = step({ before: 50, after: 220, phase: 0, hours: 3 }, options, seed);
    const needed = Math.ceil((TASKS * 220) / 60);
    expect(changes.at(-1)?.to).toBeGreaterThanOrEqual(needed);
    // What is more than that lies within the tenth in which its low alarm is silent.
    expect(changes.at(-1)?.to).toBeLessThanOrEqual(needed / 0.9);
  }
});
