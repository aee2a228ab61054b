import { describe, expect, test } from '@jest/globals';
import {
  limitRate,
  type RatePolicy,
  type RateRules,
  withEvent,
} from '../../../lib/sim/peers/kubernetes/rate-policies.ts';
import { stabilize, stabilizeDownscale } from '../../../lib/sim/peers/kubernetes/stabilization.ts';
import { at } from './seen.ts';

const NOW = at(3600);
const ago = (seconds: number) => at(3600 - seconds);
const log = (...entries: [count: number, secondsAgo: number][]) =>
  entries.map(([count, seconds]) => ({ at: ago(seconds), count }));

describe('Kubernetes horizontal_test: stabilization without behaviour', () => {
  test.each([
    ['empty log', log(), 5, 5, 1],
    ['stabilize', log([4, 120], [5, 60]), 3, 5, 3],
    ['no stabilize', log([1, 120], [2, 60]), 3, 3, 3],
    ['no stabilize, old recommendations', log([10, 600], [9, 540]), 3, 3, 2],
    ['an entry as old as the window is still part of it', log([8, 300]), 3, 8, 2],
    ['stabilize, old recommendations', log([10, 600], [4, 60], [5, 120], [9, 540]), 3, 5, 4],
  ])('%s', (_name, before, desired, expected, length) => {
    const { count, log: after } = stabilizeDownscale(before, desired, NOW, 300);
    expect([count, after.length]).toEqual([expected, length]);
  });

  test('the last of the old entries is the one that is overwritten', () => {
    const { log: after } = stabilizeDownscale(log([10, 600], [4, 60], [9, 540]), 3, NOW, 300);
    expect(after.map(({ count }) => count)).toEqual([10, 4, 3]);
  });
});

describe('Kubernetes documentation: stabilization window', () => {
  const windows = (upSeconds: number, downSeconds: number) => ({ upSeconds, downSeconds });

  test.each([
    ['a decrease waits for the largest of the down window', log([8, 299]), 5, 10, windows(0, 300), 8],
    ['an entry as old as the window is no part of it', log([8, 300]), 5, 10, windows(0, 300), 5],
    ['an increase waits for the smallest of the up window', log([11, 30], [14, 10]), 20, 10, windows(60, 300), 11],
    ['an increase that was not wanted before does not happen', log([9, 30]), 20, 10, windows(60, 300), 10],
    ['without an up window an increase is immediate', log([9, 30]), 20, 10, windows(0, 300), 20],
  ])('%s', (_name, before, desired, current, both, expected) => {
    expect(stabilize(before, desired, current, NOW, both).count).toBe(expected);
  });
});

const FAR = { min: 1, max: 1000 };
const pods = (value: number, periodSeconds = 60): RatePolicy => ({ kind: 'Pods', value, periodSeconds });
const percent = (value: number, periodSeconds = 60): RatePolicy => ({ kind: 'Percent', value, periodSeconds });

interface RateCase {
  readonly current: number;
  readonly desired: number;
  readonly policies: readonly RatePolicy[];
  readonly select?: RateRules['select'];
  /** Sizes of changes in the same direction, half a period ago, and an old one of 42 that must not count. */
  readonly recent?: readonly number[];
  readonly capacity?: { readonly min: number; readonly max: number };
}

function limited({ current, desired, policies, select = 'Max', recent = [], capacity = FAR }: RateCase) {
  const rules = { policies, select };
  const period = policies[0]?.periodSeconds ?? 60;
  const list = [...recent.map((size) => ({ at: ago(period / 2), size })), { at: ago(period), size: 42 }];
  const events = desired > current ? { up: list, down: [] } : { up: [], down: list };
  return limitRate(desired, current, capacity, { up: rules, down: rules }, events, NOW);
}

describe('Kubernetes horizontal_test: scaling rates', () => {
  const both = [pods(4), percent(100)];
  test.each<[string, RateCase, number]>([
    ['up, default policies', { current: 10, desired: 50, policies: both }, 20],
    ['up, pods larger than percent', { current: 10, desired: 500, policies: [pods(100), percent(100)] }, 110],
    ['up, percent larger than pods', { current: 10, desired: 500, policies: [pods(2), percent(100)] }, 20],
    ['up, wide pods', { current: 10, desired: 50, policies: [pods(100)] }, 50],
    ['up, wide percent', { current: 10, desired: 50, policies: [percent(10_000)] }, 50],
    ['up, pods', { current: 10, desired: 50, policies: [pods(30)] }, 40],
    ['up, percent', { current: 10, desired: 50, policies: [percent(200)] }, 30],
    ['up, a fraction of a pod is a pod', { current: 10, desired: 50, policies: [percent(15)] }, 12],
    ['up, period', { current: 100, desired: 500, policies: both, recent: [1, 2, 3, 4, 5] }, 170],
    ['up, period, pods', { current: 100, desired: 500, policies: [pods(150, 120)], recent: [1, 5, 9] }, 235],
    ['up, period, percent', { current: 100, desired: 500, policies: [percent(200, 120)], recent: [1, 5, 9] }, 255],
    ['up, allowance spent', { current: 100, desired: 500, policies: [pods(5, 120)], recent: [1, 5, 9] }, 100],
    ['down, default policies', { current: 10, desired: 5, policies: [percent(100)] }, 5],
    ['down, the smaller change', { current: 100, desired: 2, policies: [pods(20), percent(1)], select: 'Min' }, 99],
    [
      'down, the smaller change is pods',
      { current: 100, desired: 2, policies: [pods(2), percent(10)], select: 'Min' },
      98,
    ],
    ['down, pods', { current: 10, desired: 2, policies: [pods(5)] }, 5],
    ['down, percent', { current: 10, desired: 5, policies: [percent(50)] }, 5],
    ['down, period, percent', { current: 100, desired: 1, policies: [percent(50, 120)], recent: [2, 4, 6] }, 56],
    ['down, allowance of pods spent', { current: 100, desired: 2, policies: [pods(5, 120)], recent: [1, 5, 9] }, 100],
    [
      'down, allowance of percent spent',
      { current: 100, desired: 1, policies: [percent(10, 120)], recent: [10, 10, 10] },
      100,
    ],
    [
      'down, more than everything',
      { current: 10, desired: 5, policies: [percent(1000, 120)], recent: [10, 10, 10] },
      5,
    ],
    ['up, the smaller change is pods', { current: 10, desired: 50, policies: both, select: 'Min' }, 14],
    [
      'up, the smaller change is percent',
      { current: 10, desired: 50, policies: [pods(9), percent(20)], select: 'Min' },
      12,
    ],
    ['disabled', { current: 10, desired: 50, policies: both, select: 'Disabled' }, 10],
  ])('%s', (_name, rateCase, expected) => {
    expect(limited(rateCase).count).toBe(expected);
  });

  test('the tighter of rate and bound gives the reason', () => {
    const up = { current: 100, desired: 500, policies: [pods(300)], recent: [1, 5, 9] };
    expect(limited({ ...up, capacity: { min: 1, max: 200 } })).toEqual({ count: 200, reason: 'TooManyReplicas' });
    expect(limited(up)).toEqual({ count: 385, reason: 'ScaleUpLimit' });
    const down = { current: 10, desired: 2, policies: [percent(100)] };
    expect(limited({ ...down, capacity: { min: 5, max: 10 } })).toEqual({ count: 5, reason: 'TooFewReplicas' });
    expect(limited({ ...down, policies: [pods(5)] })).toEqual({ count: 5, reason: 'ScaleDownLimit' });
    expect(limited({ ...down, desired: 10 })).toEqual({ count: 10, reason: 'DesiredWithinRange' });
  });
});

describe('Kubernetes documentation: scaling policies', () => {
  /** 4 pods or 10 percent a minute, whichever is more, one decision a minute. */
  test('80 replicas shrink by 8, 72 by 8, and from 40 on by 4', () => {
    const shrink = (current: number) => limited({ current, desired: 10, policies: [pods(4), percent(10)] }).count;
    expect([80, 72, 40, 36].map(shrink)).toEqual([72, 64, 36, 32]);
  });

  test('an outdated change is replaced, a recent one is kept', () => {
    const rules = { policies: [pods(4, 60)], select: 'Max' } as const;
    const both = { up: rules, down: rules };
    const first = withEvent({ up: [], down: [] }, 5, 10, both, ago(100));
    const second = withEvent(first, 10, 12, both, ago(30));
    const third = withEvent(second, 12, 13, both, NOW);
    expect(second.up.map(({ size }) => size)).toEqual([2]);
    expect(third.up.map(({ size }) => size)).toEqual([2, 1]);
    expect(withEvent(third, 13, 10, both, NOW).down.map(({ size }) => size)).toEqual([3]);
  });
});
