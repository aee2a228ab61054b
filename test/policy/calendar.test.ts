/** Windows of time: ready by, daylight saving, calendars, overlaps, freezes. */
import { describe, test } from '@jest/globals';
import type { Freeze, Pace, ScheduledBounds } from '../../lib/policy/policy.ts';
import { cron, FREE_IN, FREE_OUT, rule, tasks } from '../support/policies.ts';
import { operatorWrites, policy, somebodySets, started, steady, tell, type World, world } from '../support/story.ts';

const warm = rule('warm', 'cpu > 70', tasks(1));
const calm = rule('calm', 'cpu < 40', tasks(1));

const gently: Pace = { ...FREE_IN, upTo: { percent: 10, tasks: 1, pick: 'larger', periodSeconds: 300 } };
/** Business hours in Shanghai, Monday to Friday. */
const day: ScheduledBounds = { ...cron('0 8 * * MON-FRI', 12), name: 'day', min: 10 };
/** Minute 0 of the story is this instant. */
const from = (instant: string): Pick<World, 'startsAt'> => ({ startsAt: Date.parse(instant) });

describe('a schedule', () => {
  test('a floor is ready by its time, so it begins one start time earlier', () => {
    tell(world({ policy: policy({ schedule: [day] }), ...from('2026-11-18T07:55:00+08:00') }), [
      [1, { cpu: 50 }, 'hold 4'],
      [2, { cpu: 50 }, 'hold 4'],
      [3, { cpu: 50 }, '4 → 10: min 10 (day), asked 4'],
    ]);
  });

  test('what the service itself was seen to need counts', () => {
    const slow = { startSeconds: { p50: 200, p95: 290 } };
    const given = world({
      policy: policy({ schedule: [day] }),
      service: steady(4, slow),
      ...from('2026-11-18T07:50:00+08:00'),
    });
    tell(given, [
      [4, { cpu: 50 }, 'hold 4'],
      [5, { cpu: 50 }, '4 → 10: min 10 (day), asked 4'],
    ]);
  });

  test('start inclusive, end exclusive: the last minute still has its floor', () => {
    const scaleIn = [calm];
    const given = world({
      policy: policy({ schedule: [day], scaleIn }),
      service: steady(10),
      ...from('2026-11-18T19:58:05+08:00'),
    });
    tell(given, [
      [0, { cpu: 30 }, 'hold 10: calm true 1 of 1 (cpu 30) asks 9 from 10; min 10 (day), asked 9'],
      [1, { cpu: 30 }, '10 → 9: calm true 1 of 1 (cpu 30) asks 9 from 10'],
    ]);
  });

  test('a max is lowered gently when its window opens, and never early', () => {
    const night: ScheduledBounds = { ...cron('0 20 * * *', 10), name: 'night', max: 6 };
    const given = world({
      policy: policy({ schedule: [night], pace: { out: FREE_OUT, in: gently } }),
      service: steady(20),
      ...from('2026-11-18T19:58:00+08:00'),
    });
    tell(given, [
      [1, { cpu: 60 }, 'hold 20'],
      [2, { cpu: 60 }, '20 → 18: max 6 (night), asked 20; at least 18 within 5 min (asked 6)'],
      [3, { cpu: 60 }, 'hold 18: max 6 (night), asked 18; at least 18 within 5 min (asked 6)'],
    ]);
  });

  test('of open floors the highest counts, of ceilings the lowest, and a ceiling wins over a floor', () => {
    const schedule: ScheduledBounds[] = [
      day,
      { ...cron('0 9 * * *', 2), name: 'sale', min: 30 },
      { ...cron('0 8 * * *', 2), name: 'database', max: 20 },
      { ...cron('0 8 * * *', 3), name: 'lenient', max: 50 },
    ];
    tell(world({ policy: policy({ schedule }), service: steady(10), ...from('2026-11-18T08:56:00+08:00') }), [
      [0, { cpu: 60 }, 'hold 10'],
      [2, { cpu: 60 }, '10 → 20: min 20 (database), asked 10'],
      started,
      [63, { cpu: 60 }, 'hold 20: 20 in service after 61 min'],
      [64, { cpu: 60 }, '20 → 30: min 30 (sale), asked 20'],
    ]);
  });

  test('a count is set once, at the start; then the rules go on', () => {
    const open: ScheduledBounds = { ...cron('0 8 * * *', 4), name: 'open', desired: 8 };
    tell(world({ policy: policy({ schedule: [open], scaleIn: [calm] }), ...from('2026-11-18T07:57:00+08:00') }), [
      [0, { cpu: 60 }, 'hold 4: calm false (cpu 60)'],
      [1, { cpu: 60 }, '4 → 8: schedule open starts at 8'],
      started,
      [2, { cpu: 60 }, 'hold 8: 8 in service after 60 s; calm false (cpu 60)'],
      [6, { cpu: 30 }, '8 → 7: calm true 1 of 1 (cpu 30) asks 7 from 8'],
      [8, { cpu: 30 }, '7 → 6: calm true 1 of 1 (cpu 30) asks 6 from 7'],
      somebodySets(3),
      [9, { cpu: 60 }, 'hold 3: somebody else set 6 → 3, adopted; calm false (cpu 60)'],
    ]);
  });

  test('a count that was there already at the start is not set later', () => {
    const open: ScheduledBounds = { ...cron('0 8 * * *', 4), name: 'open', desired: 8 };
    tell(
      world({
        policy: policy({ schedule: [open], scaleIn: [calm] }),
        service: steady(9),
        ...from('2026-11-18T08:00:00+08:00'),
      }),
      [
        [0, { cpu: 60 }, 'hold 9: calm false (cpu 60)'],
        [2, { cpu: 30 }, '9 → 8: calm true 1 of 1 (cpu 30) asks 8 from 9'],
        [4, { cpu: 30 }, '8 → 7: calm true 1 of 1 (cpu 30) asks 7 from 8'],
      ],
    );
  });

  test("a human's count under the floor of a schedule stands an hour too", () => {
    tell(world({ policy: policy({ schedule: [day] }), service: steady(12), ...from('2026-11-18T10:00:00+08:00') }), [
      [0, { cpu: 60 }, 'hold 12'],
      somebodySets(5),
      [
        1,
        { cpu: 60 },
        "hold 5: somebody else set 12 → 5, adopted; somebody else's 5 stands until 2026-11-18T03:01:55.000Z",
      ],
      [61, { cpu: 60 }, '5 → 10: min 10 (day), asked 5'],
    ]);
  });

  test('a floor that opens after a human set the count is reached at once', () => {
    tell(world({ policy: policy({ schedule: [day] }), service: steady(12), ...from('2026-11-18T07:50:00+08:00') }), [
      [0, { cpu: 60 }, 'hold 12'],
      somebodySets(5),
      [1, { cpu: 60 }, 'hold 5: somebody else set 12 → 5, adopted'],
      [8, { cpu: 60 }, '5 → 10: min 10 (day), asked 5'],
    ]);
  });
});

describe('a freeze', () => {
  const eleventh: Freeze = { ...cron('0 0 11 11 *', 24), name: '11.11', forbid: 'scaleIn' };

  test('on 11.11 nothing is taken away and everything may be added', () => {
    const given = world({
      policy: policy({ freeze: [eleventh], scaleOut: [warm], scaleIn: [calm] }),
      ...from('2026-11-10T23:58:00+08:00'),
    });
    tell(given, [
      [0, { cpu: 30 }, '4 → 3: calm true 1 of 1 (cpu 30) asks 3 from 4'],
      [
        2,
        { cpu: 30 },
        'hold 3: calm true 1 of 1 (cpu 30) asks 2 from 3; frozen by 11.11 until 2026-11-11T16:00:00.000Z',
      ],
      [3, { cpu: 90 }, '3 → 4: warm true 1 of 1 (cpu 90) asks 4 from 3'],
      started,
      [
        1441,
        { cpu: 30 },
        'hold 4: 4 in service after 23 h 58 min; calm true 1 of 1 (cpu 30) asks 3 from 4; frozen by 11.11 until 2026-11-11T16:00:00.000Z',
      ],
      [1442, { cpu: 30 }, '4 → 3: calm true 1 of 1 (cpu 30) asks 3 from 4'],
    ]);
  });

  test('a max under what runs waits for its end', () => {
    const given = world({
      policy: policy({ freeze: [eleventh], capacity: { min: 2, max: 10 } }),
      service: steady(20),
      ...from('2026-11-11T12:00:00+08:00'),
    });
    tell(given, [
      [0, { cpu: 50 }, 'hold 20: max 10 (capacity.max), asked 20; frozen by 11.11 until 2026-11-11T16:00:00.000Z'],
    ]);
  });

  test('of both directions stops both; a floor still holds', () => {
    const freeze: Freeze[] = [{ ...cron('0 12 * * *', 1), name: 'audit', forbid: 'both' }];
    const given = world({
      policy: policy({ freeze, scaleOut: [warm], scaleIn: [calm] }),
      ...from('2026-11-18T12:00:00+08:00'),
    });
    tell(given, [
      [
        0,
        { cpu: 90 },
        'hold 4: warm true 1 of 1 (cpu 90) asks 5 from 4; frozen by audit until 2026-11-18T05:00:00.000Z',
      ],
      [
        1,
        { cpu: 30 },
        'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; frozen by audit until 2026-11-18T05:00:00.000Z',
      ],
      operatorWrites({ min: 6, max: 60 }),
      [2, { cpu: 60 }, '4 → 6: min 6 (capacity.min), asked 4'],
    ]);
  });
});
