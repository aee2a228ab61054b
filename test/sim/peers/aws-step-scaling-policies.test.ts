import { describe, expect, test } from '@jest/globals';
import { noCooldown, scaleIn, scaleOut } from '../../../lib/sim/peers/aws/scalable-target.ts';
import { createStepScaling, documentedSteps, type StepPolicy } from '../../../lib/sim/peers/aws/step-scaling.ts';
import type { Peer } from '../../../lib/sim/peers/peer.ts';
import { at, metric, type Situation, seen } from './seen.ts';

const flat = (value: number, minutes: number) => new Array<number>(minutes).fill(value);

/** Decides every minute of `values`, and as long after it as a datapoint takes to count; the changes and their minutes. */
function play(peer: Peer, values: readonly number[], situation: Situation = {}) {
  const cpu = metric('CPUUtilization', values);
  const changes: [minute: number, to: number][] = [];
  let desired = situation.desired ?? 10;
  for (let minute = 1; minute <= values.length + 3; minute++) {
    const to = peer.decide(seen({ ...situation, desired, seconds: minute * 60, metrics: [cpu] }));
    if (to === undefined) continue;
    desired = to;
    changes.push([minute, to]);
  }
  return changes;
}

/** Adds or removes tasks as soon as one minute breaches. */
function atOnce(threshold: number, change: number, more: Partial<StepPolicy> = {}): StepPolicy {
  const step = change > 0 ? { lower: 0, upper: null, change } : { lower: null, upper: 0, change };
  return {
    threshold,
    alarm: { m: 1, n: 1, treatMissing: 'missing' },
    adjustment: { type: 'ChangeInCapacity', steps: [step] },
    cooldownSeconds: 300,
    ...more,
  };
}

describe('Amazon EC2 Auto Scaling user guide: the example of step adjustments, over time', () => {
  test('out after three minutes above the threshold and not after two; the datapoint counts three minutes after it', () => {
    expect(play(createStepScaling(documentedSteps(50, 10)), [50, 60, 60, 50, 50])).toEqual([]);
    expect(play(createStepScaling(documentedSteps(50, 10)), [50, 60, 60, 60, 50, 50])).toEqual([[7, 11]]);
  });

  test('in after fifteen minutes below it and not after fourteen', () => {
    expect(play(createStepScaling(documentedSteps(50, 10)), [50, ...flat(30, 14), 50])).toEqual([]);
    expect(play(createStepScaling(documentedSteps(50, 10)), [50, ...flat(30, 15), 50])).toEqual([[19, 7]]);
  });

  test('the newest datapoint of a breach picks the step', () => {
    expect(play(createStepScaling(documentedSteps(50, 10)), [50, 50, 60, 60, 70, 50])).toEqual([[8, 13]]);
  });

  test('the percentage is one of the tasks that run, and within the cooldown of those that ran before it', () => {
    const starting = { desired: 12, running: 10 };
    expect(play(createStepScaling(documentedSteps(50, 10)), [70, 70, 70, 70, 70, 70], starting)).toEqual([[6, 13]]);
  });

  test('a breach that falls short of the first step changes nothing', () => {
    const adjustment = { type: 'ChangeInCapacity', steps: [{ lower: 10, upper: null, change: 2 }] } as const;
    expect(play(createStepScaling({ out: atOnce(50, 2, { adjustment }) }), [59, 61])).toEqual([[5, 12]]);
  });

  test('a percentage of no task is none, and the least adjustment makes one of it', () => {
    expect(play(createStepScaling(documentedSteps(50, 10)), [70, 70, 70], { desired: 0, min: 0 })).toEqual([[6, 1]]);
  });
});

describe('Amazon CloudWatch user guide: an alarm on a comparison', () => {
  test('GreaterThanThreshold does not breach at the threshold, GreaterThanOrEqualToThreshold does', () => {
    const strict = createStepScaling({ out: atOnce(50, 2, { inclusive: false }) });
    expect(play(strict, [50, 50, 50.1])).toEqual([[6, 12]]);
    expect(play(createStepScaling({ out: atOnce(50, 2) }), [50])).toEqual([[4, 12]]);
  });

  test('with a period below a minute it is evaluated every 10 s, else every minute', () => {
    const { out } = documentedSteps(50, 10);
    const every = [undefined, 20, 300].map(
      (periodSeconds) => createStepScaling({ out, ...(periodSeconds !== undefined && { periodSeconds }) }).everySeconds,
    );
    expect(every).toEqual([60, 10, 60]);
  });
});

describe('AWS Application Auto Scaling user guide: several policies and their cooldowns', () => {
  test('where a scale-out and a scale-in are due at once, the larger capacity counts', () => {
    expect(play(createStepScaling({ out: atOnce(50, 2), in: atOnce(50, -2) }), [50])).toEqual([[4, 12]]);
  });

  test('each direction waits as long as its own policy says', () => {
    const out = atOnce(70, 2, { cooldownSeconds: 60 });
    const into = atOnce(30, -2, { cooldownSeconds: 180 });
    const rising = play(createStepScaling({ out, in: into }), flat(80, 4));
    expect(rising).toEqual([
      [4, 12],
      [5, 14],
      [6, 16],
      [7, 18],
    ]);
    const falling = play(createStepScaling({ out, in: into }), flat(20, 4));
    expect(falling).toEqual([
      [4, 8],
      [7, 6],
    ]);
  });

  test('what leaves the count as it is starts no cooldown, and no step goes beyond the bounds', () => {
    const cooldowns = { outSeconds: 300, inSeconds: 300 };
    const standing = { now: at(0), desired: 10, running: 10, capacity: { min: 10, max: 12 } };
    const state = noCooldown();
    expect(scaleIn(8, standing, cooldowns, state)).toBeUndefined();
    expect(scaleOut(10, 10, standing, cooldowns, state)).toBeUndefined();
    expect(state).toEqual(noCooldown());
    expect(scaleOut(20, 10, standing, cooldowns, state)).toBe(12);
    expect(scaleIn(1, { ...standing, desired: 12 }, cooldowns, state)).toBe(10);
  });
});
