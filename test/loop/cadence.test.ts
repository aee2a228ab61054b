/** The other ticks of a minute: when they are due, how long they are held back, and when they come too late. */
import { describe, expect, test } from '@jest/globals';
import { isDue, isTooLate, ticksOfMinute } from '../../lib/loop/cadence.ts';
import { policy, T0 } from '../support/story.ts';

const SECOND = 1000;
const every = (cadenceSeconds: number) => policy({ cadenceSeconds });
/** Its first tick a second and a half late. */
const FIRST = T0 + 1_500;
const told = (policies: ReturnType<typeof every>[], first = FIRST) =>
  ticksOfMinute(policies, T0, first).map(({ dueAt, delaySeconds, cadenceSeconds }) => {
    expect(dueAt).toBe(first + delaySeconds * SECOND);
    return `${delaySeconds} (${cadenceSeconds})`;
  });

describe('the minute’s other ticks', () => {
  test.each<[string, number[], string[]]>([
    ['none where nobody is in a hurry', [60, 300], []],
    ['two for 20 s', [60, 20], ['20 (20)', '40 (20)']],
    [
      'five for 10 s, which serve 20 s and 30 s too',
      [10, 20, 30],
      ['10 (10)', '20 (10)', '30 (10)', '40 (10)', '50 (10)'],
    ],
    ['20 s and 30 s together', [20, 30], ['20 (20)', '30 (30)', '40 (20)']],
    ['never more often than every 10 s', [3], ['10 (10)', '20 (10)', '30 (10)', '40 (10)', '50 (10)']],
  ])('%s', (_, cadences, expected) => {
    expect(told(cadences.map(every))).toEqual(expected);
  });

  test('are counted from the first one, wherever in its minute the schedule fires', () => {
    expect(told([every(20)], T0 + 47 * SECOND)).toEqual(['20 (20)', '40 (20)']);
  });

  test('are not sent by a first tick that comes when the next minute’s is there', () => {
    expect(told([every(20)], T0 + 119 * SECOND)).toHaveLength(2);
    expect(told([every(20)], T0 + 120 * SECOND)).toEqual([]);
  });

  test('a service that is off hurries nobody', () => {
    expect(told([policy({ cadenceSeconds: 10, mode: 'off' }), every(60)])).toEqual([]);
  });
});

test.each([
  [60, [0]],
  [300, [0]],
  [20, [0, 20, 40]],
  [30, [0, 30]],
  [10, [0, 10, 20, 30, 40, 50]],
])('every %i s is due at %p', (cadenceSeconds, expected) => {
  const due = [0, 10, 20, 30, 40, 50].filter((s) => isDue({ cadenceSeconds }, T0, T0 + s * SECOND));
  expect(due).toEqual(expected);
});

test.each([
  [20, 19.9, false],
  [20, 20, true],
  [10, 10, true],
  [60, 45, false],
])('of %i s, %p s late is too late: %p', (cadenceSeconds, late, expected) => {
  expect(isTooLate({ dueAt: T0, cadenceSeconds }, T0 + late * SECOND)).toBe(expected);
});
