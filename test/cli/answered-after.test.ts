import { expect, test } from '@jest/globals';
import { answeredAfter } from '../../lib/cli/answered-after.ts';

const change = (second: number, from: number, to: number) => ({ at: second * 1000, from, to });

test('a step is answered by the first change that adds tasks after it', () => {
  const changes = [change(90, 4, 6), change(140, 6, 5), change(150, 5, 9), change(160, 9, 12)];
  expect(answeredAfter([100_000], changes)).toEqual([50]);
});

test('what comes after the next step answers that one; a step may stay without an answer', () => {
  expect(answeredAfter([100_000, 200_000, 300_000], [change(230, 4, 8), change(310, 8, 9)])).toEqual([null, 30, 10]);
  expect(answeredAfter([100_000], [])).toEqual([null]);
});

test('a change at the very moment of the step counts for it', () => {
  expect(answeredAfter([100_000, 200_000], [change(200, 4, 8)])).toEqual([null, 0]);
});
