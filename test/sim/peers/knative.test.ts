import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { average, bucketedAverage, isEmpty, record } from '../../../lib/sim/peers/knative/bucketed-average.ts';
import { createKpa } from '../../../lib/sim/peers/knative/kpa.ts';
import {
  DEFAULT_KPA,
  type KpaRules,
  type KpaState,
  scale,
  startingState,
} from '../../../lib/sim/peers/knative/scale.ts';
import { maximum, slidingMaximum, withValue } from '../../../lib/sim/peers/knative/sliding-maximum.ts';
import { at, IdealService, seen } from './seen.ts';

/** As the project's own tests set it up. */
const RULES: KpaRules = { ...DEFAULT_KPA, target: 10, maxScaleUpRate: 10, maxScaleDownRate: 10 };
const calm = (): KpaState => startingState(1, at(0), RULES);

interface Case {
  readonly stable: number;
  readonly panic: number;
  readonly ready?: number;
  readonly rules?: Partial<KpaRules>;
  readonly state?: KpaState;
  readonly seconds?: number;
}

function scaled({ stable, panic, ready = 1, rules, state = calm(), seconds = 0 }: Case): number {
  return scale({ stable, panic }, ready, { ...RULES, ...rules }, state, at(seconds));
}

describe('Knative autoscaler_test: one decision', () => {
  test.each<[string, Case, number]>([
    ['no load, to zero', { stable: 0, panic: 0 }, 0],
    ['stable mode, concurrency', { stable: 50, panic: 10 }, 5],
    ['unlimited burst capacity', { stable: 21, panic: 26, rules: { target: 181 } }, 1],
    ['no change, already scaled', { stable: 50, panic: 50, ready: 5 }, 5],
    ['small scale-up rate', { stable: 3, panic: 3.1, ready: 2, rules: { target: 1, maxScaleUpRate: 1.1 } }, 3],
    ['small scale-down rate', { stable: 1, panic: 1, ready: 100, rules: { maxScaleDownRate: 1.1 } }, 90],
    [
      'small scale-down rate, not reachable',
      { stable: 1, panic: 1, ready: 100, rules: { maxScaleDownRate: 1.1, isReachable: false } },
      1,
    ],
    ['panic doubles the count', { stable: 50, panic: 100 }, 10],
    ['rate limit up', { stable: 1000, panic: 1001 }, 10],
    ['rate limit down', { stable: 1, panic: 1, ready: 100 }, 10],
    ['no ready replica counts as one', { stable: 1000, panic: 888, ready: 0 }, 10],
    ['activation scale without load', { stable: 0, panic: 0, rules: { activationScale: 2 } }, 0],
    ['activation scale', { stable: 1, panic: 0, rules: { activationScale: 2 } }, 2],
  ])('%s', (_name, one, expected) => {
    expect(scaled(one)).toBe(expected);
  });

  test.each([
    ['stable larger than panic', 50, 50],
    ['stable less than panic', 20, 30],
  ])('in panic, %s', (_name, stable, expected) => {
    const state = { panicAt: at(-5), panicFloor: 5, delay: null };
    expect(scaled({ stable, panic: 30, ready: 5, rules: { target: 1 }, state })).toBe(expected);
  });
});

describe('Knative autoscaler_test: panic over time', () => {
  test('a surge, a slower increase, and the end of the panic after a stable window', () => {
    const state = calm();
    const rules = { target: 1 };
    expect(scaled({ stable: 11, panic: 25, ready: 10, rules, state })).toBe(25);
    expect(scaled({ stable: 30, panic: 41, ready: 40, rules, state, seconds: 30 })).toBe(41);
    expect(state.panicAt).toBe(at(0));
    expect(scaled({ stable: 50, panic: 56, ready: 55, rules, state, seconds: 62 })).toBe(50);
    expect(state).toMatchObject({ panicAt: null, panicFloor: 0 });
  });

  test('a surge in the panic prolongs it', () => {
    const state = calm();
    const rules = { target: 1 };
    expect(scaled({ stable: 11, panic: 25, ready: 10, rules, state })).toBe(25);
    expect(scaled({ stable: 30, panic: 80, ready: 40, rules, state, seconds: 30 })).toBe(80);
    expect(state.panicAt).toBe(at(30));
  });

  test('no scale-down in a panic, and one after it', () => {
    const state = calm();
    expect(scaled({ stable: 100, panic: 1000, ready: 10, state })).toBe(100);
    expect(scaled({ stable: 1, panic: 1, ready: 10, state, seconds: 30 })).toBe(100);
    expect(scaled({ stable: 1, panic: 1, ready: 10, state, seconds: 60 })).toBe(100);
    expect(scaled({ stable: 1, panic: 1, ready: 10, state, seconds: 61 })).toBe(1);
  });

  test('a load that grows sixfold each second is followed', () => {
    const state = calm();
    const counts = [6, 36, 216, 1296].map((load, i) =>
      scaled({ stable: load, panic: load, ready: 6 ** i, rules: { target: 1 }, state, seconds: i }),
    );
    expect(counts).toEqual([6, 36, 216, 1296]);
  });

  test('beside several ready replicas it starts in panic, so that a restart scales nothing down', () => {
    const starting = [0, 1, 2].map((ready) => startingState(ready, at(0), RULES));
    expect(starting.map(({ panicAt }) => panicAt)).toEqual([null, null, at(0)]);
    expect(scaled({ stable: 0, panic: 0, ready: 2, state: startingState(2, at(0), RULES), seconds: 2 })).toBe(2);
  });
});

describe('Knative autoscaler_test: scale-down delay', () => {
  const delay = { panicThreshold: 100, scaleDownDelaySeconds: 300 };

  test('a count is held for the delay and not longer', () => {
    const state = startingState(0, at(0), { ...RULES, ...delay });
    const wanted = [
      [2, 40],
      [300, 0],
      [302, 0],
      [540, 40],
      [600, 30],
      [660, 0],
      [840, 0],
      [900, 0],
    ].map(([seconds = 0, load = 0]) => scaled({ stable: load, panic: load, ready: 0, rules: delay, state, seconds }));
    expect(wanted).toEqual([4, 4, 0, 4, 4, 4, 3, 0]);
  });

  test('a delay of nothing is no window at all', () => {
    const state = startingState(0, at(0), RULES);
    expect(scaled({ stable: 40, panic: 40, ready: 0, rules: { panicThreshold: 100 }, state })).toBe(4);
    expect(scaled({ stable: 20, panic: 20, ready: 0, rules: { panicThreshold: 100 }, state, seconds: 0.5 })).toBe(2);
  });

  test('a revision that nobody reaches any more does not wait', () => {
    const state = startingState(0, at(0), { ...RULES, ...delay });
    expect(scaled({ stable: 40, panic: 40, ready: 0, rules: delay, state, seconds: 2 })).toBe(4);
    expect(scaled({ stable: 0, panic: 0, ready: 0, rules: { ...delay, isReachable: false }, state, seconds: 4 })).toBe(
      0,
    );
  });
});

describe('Knative window_test: sliding maximum of five slots', () => {
  const same = () => 1;
  test.each<[string, number[], number[], ((i: number) => number)?]>([
    ['single value', [1], [1]],
    ['ascending', [1, 2], [1, 2]],
    ['descending', [2, 1], [2, 2]],
    ['windowing out', [5, 6, 5, 5, 5, 5, 5], [5, 6, 6, 6, 6, 6, 5]],
    ['windowing out with gaps', [6, 5, 2, 1], [6, 6, 6, 2], (i) => (i >= 3 ? i + 3 : i)],
    [
      'a long one',
      [5, 8, 5, 7, 5, 5, 1, 4, 4, 4, 4, 9, 3, 4, 2, 1, 0],
      [5, 8, 8, 8, 8, 8, 7, 7, 5, 5, 4, 9, 9, 9, 9, 9, 4],
    ],
    ['one slot, ascending', [1, 2, 3], [1, 2, 3], same],
    ['one slot, descending', [3, 2, 1], [3, 3, 3], same],
  ])('%s', (_name, values, expected, slotOf = (i) => i) => {
    let window = slidingMaximum(5);
    const found = values.map((value, i) => {
      window = withValue(window, slotOf(i), value);
      return maximum(window);
    });
    expect(found).toEqual(expected);
  });

  test('it is the largest of the last five, always', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1 }), (values) => {
        let window = slidingMaximum(5);
        values.forEach((value, i) => {
          window = withValue(window, i, value);
          expect(maximum(window)).toBe(Math.max(...values.slice(Math.max(0, i - 4), i + 1)));
        });
      }),
    );
  });
});

describe('Knative bucketing_test: bucketed average', () => {
  /** Five buckets of a second, with 1, 2, … 5 in the first five seconds. */
  function filled() {
    const state = bucketedAverage(5, 1);
    for (let i = 0; i < 5; i++) record(state, at(i), i + 1);
    return state;
  }

  test('a window that has just begun is as long as it is old', () => {
    const state = bucketedAverage(5, 1);
    record(state, at(0), 1);
    expect(average(state, at(0))).toBe(1);
  });

  test('a full window, and one read at an instant before its last write', () => {
    expect(average(filled(), at(4))).toBe(3);
    expect(average(filled(), at(3.6))).toBe(3);
  });

  test('a short hole: what scrolled out leaves sum and divisor', () => {
    expect(average(filled(), at(6))).toBe((3 + 4 + 5) / 3);
  });

  test('a hole of a whole window: nothing is left', () => {
    expect(average(filled(), at(9))).toBe(0);
    expect([isEmpty(filled(), at(8)), isEmpty(filled(), at(9))]).toEqual([false, true]);
  });

  test('a hole shorter than the window counts as zeros, one of a window begins anew', () => {
    const state = filled();
    record(state, at(6), 91);
    expect(average(state, at(6))).toBe((3 + 4 + 5 + 0 + 91) / 5);
    record(state, at(11), 7);
    expect(average(state, at(11))).toBe(7);
  });

  test('late values are added while their bucket is in the window, and may be the new first', () => {
    const state = bucketedAverage(5, 1);
    record(state, at(10), 6);
    record(state, at(8), 3);
    expect(average(state, at(10))).toBe(3);
    record(state, at(5), 100);
    expect(average(state, at(10))).toBe(3);
  });

  test('values of one bucket add up; the answer has six digits', () => {
    const state = bucketedAverage(4, 2);
    record(state, at(0), 1);
    record(state, at(1), 2);
    expect(average(state, at(1))).toBe(3);
    const third = bucketedAverage(3, 1);
    for (const [second, value] of [
      [0, 1],
      [1, 0],
      [2, 0],
    ] as const)
      record(third, at(second), value);
    expect(average(third, at(2))).toBe(0.333333);
  });
});

describe('the peer', () => {
  test('without delays it ends at the load ÷ the target, rounded up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 5000 }), fc.integer({ min: 1, max: 80 }), (load, before) => {
        const service = new IdealService(load, before);
        expect(service.run(createKpa({ target: 70 }), 0.2)).toBe(Math.max(1, Math.ceil(load / 70)));
      }),
      { numRuns: 30 },
    );
  });

  test('it says nothing while it has seen nothing', () => {
    expect(createKpa({ target: 70 }).decide(seen({ sample: null }))).toBeUndefined();
  });
});
