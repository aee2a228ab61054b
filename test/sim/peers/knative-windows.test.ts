import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { average, bucketedAverage, isEmpty, record } from '../../../lib/sim/peers/knative/bucketed-average.ts';
import { maximum, slidingMaximum, withValue } from '../../../lib/sim/peers/knative/sliding-maximum.ts';
import { at } from './seen.ts';

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
