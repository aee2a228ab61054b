import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  combine,
  DEFAULT_BEHAVIOR,
  limitLegacy,
  reconcile,
  startingState,
} from '../../../lib/sim/peers/kubernetes/reconcile.ts';
import type { Proposal } from '../../../lib/sim/peers/kubernetes/tolerance.ts';
import { at } from './seen.ts';

const NOW = at(3600);
const ago = (seconds: number) => at(3600 - seconds);

describe('Kubernetes horizontal_test: without behaviour, rules and bounds', () => {
  test.each([
    ['within range', 5, 7, 3, 8, 7, 'DesiredWithinRange'],
    ['below the minimum', 3, 1, 2, 8, 2, 'TooFewReplicas'],
    ['to zero where the minimum is zero', 1, 0, 0, 10, 0, 'DesiredWithinRange'],
    ['the maximum is tighter than the rate', 20, 1000, 1, 10, 10, 'TooManyReplicas'],
    ['the rate is tighter than the maximum', 3, 1000, 1, 2000, 6, 'ScaleUpLimit'],
    ['four are always allowed', 1, 1000, 1, 2000, 4, 'ScaleUpLimit'],
  ])('%s', (_name, current, desired, min, max, count, reason) => {
    expect(limitLegacy(desired, current, { min, max }, 2)).toEqual({ count, reason });
  });

  test("upscale cap: with the factor of the project's own tests 3 become at most 24", () => {
    expect(limitLegacy(1000, 3, { min: 1, max: 100 }, 8)).toEqual({ count: 24, reason: 'ScaleUpLimit' });
  });
});

const wants = (count: number): Proposal => ({ kind: 'replicas', count });
const failed: Proposal = { kind: 'error', why: 'the metric cannot be read' };

describe('Kubernetes documentation: several metrics', () => {
  test.each<[string, Proposal[], number | null]>([
    ['the largest proposal wins', [wants(3), wants(7), wants(5)], 7],
    ['all failed: nothing', [failed, failed], null],
    ['some failed: no decrease', [wants(3), failed], null],
    ['some failed: an increase passes', [wants(7), failed], 7],
    ['some failed: as many as now', [wants(5), failed], 5],
    ['none failed: a decrease passes', [wants(3), wants(2)], 3],
  ])('%s', (_name, proposals, expected) => {
    expect(combine(proposals, 5)).toBe(expected);
  });
});

describe('a pass of the controller', () => {
  const capacity = { min: 2, max: 20 };
  const pass = (current: number, ...proposals: Proposal[]) =>
    reconcile(current, capacity, DEFAULT_BEHAVIOR, () => proposals, startingState(current, ago(0)), NOW);

  test("zero by somebody's will stays zero", () => {
    expect(pass(0, wants(10))).toBe(0);
  });

  test('outside the bounds it goes to the bound and asks no metric', () => {
    const asked = () => {
      throw new Error('no metric is read');
    };
    const state = startingState(30, NOW);
    expect(reconcile(30, capacity, DEFAULT_BEHAVIOR, asked, state, NOW)).toBe(20);
    expect(reconcile(1, capacity, DEFAULT_BEHAVIOR, asked, state, NOW)).toBe(2);
  });

  test('the first pass after a start never scales down', () => {
    expect(pass(10, wants(3))).toBe(10);
  });

  test('a failed metric leaves the count and no trace in the log', () => {
    const state = startingState(10, ago(600));
    expect(reconcile(10, capacity, DEFAULT_BEHAVIOR, () => [failed], state, NOW)).toBe(10);
    expect(state.log).toHaveLength(1);
  });

  test('by default it at most doubles every 15 s, and four are always allowed', () => {
    const state = startingState(2, ago(15));
    const counts = [2];
    for (const seconds of [0, 15, 30]) {
      const current = counts.at(-1) ?? 0;
      const far = { min: 1, max: 1000 };
      counts.push(reconcile(current, far, DEFAULT_BEHAVIOR, () => [wants(500)], state, at(3600 + seconds)));
    }
    expect(counts).toEqual([2, 6, 12, 24]);
  });

  test('without behaviour it at most doubles, four are always allowed, and it goes down five minutes after its start', () => {
    const far = { min: 1, max: 1000 };
    const state = startingState(3, ago(600));
    expect(reconcile(3, far, 'legacy', () => [wants(500)], state, NOW)).toBe(6);
    expect(reconcile(1, far, 'legacy', () => [wants(500)], startingState(1, NOW), NOW)).toBe(4);
    const falling = startingState(10, ago(300));
    expect(reconcile(10, far, 'legacy', () => [wants(5)], falling, NOW)).toBe(10);
    expect(reconcile(10, far, 'legacy', () => [wants(5)], falling, at(3601))).toBe(5);
  });

  test('what it did counts against the allowance of the period', () => {
    const fourAMinute = {
      stabilizationSeconds: 0,
      select: 'Max',
      policies: [{ kind: 'Pods', value: 4, periodSeconds: 60 }],
    } as const;
    const behavior = { up: fourAMinute, down: fourAMinute };
    const state = startingState(10, at(0));
    const counts = [10];
    for (const seconds of [0, 15, 59, 60]) {
      const wish = () => [wants(50)];
      counts.push(reconcile(counts.at(-1) ?? 0, { min: 1, max: 1000 }, behavior, wish, state, at(3600 + seconds)));
    }
    expect(counts).toEqual([10, 14, 14, 14, 18]);
  });

  test('it stays within its bounds whatever the metrics say', () => {
    const steps = fc.array(fc.nat(60), { maxLength: 30 });
    fc.assert(
      fc.property(steps, fc.constantFrom(DEFAULT_BEHAVIOR, 'legacy' as const), (wishes, behavior) => {
        const state = startingState(10, at(0));
        let count = 10;
        wishes.forEach((wish, i) => {
          count = reconcile(count, capacity, behavior, () => [wants(wish)], state, at(15 * (i + 1)));
          expect(count).toBeGreaterThanOrEqual(capacity.min);
          expect(count).toBeLessThanOrEqual(capacity.max);
        });
      }),
    );
  });
});
