/** What somebody else did is adopted and named, not fought. */
import { describe, test } from '@jest/globals';
import type { Target } from '../../lib/policy/policy.ts';
import { perTask, rule, tasks } from '../support/policies.ts';
import {
  cpu,
  happens,
  measure,
  measureFor,
  policy,
  queue,
  somebodySets,
  started,
  steady,
  tell,
  world,
} from '../support/story.ts';

const warm = rule('warm', 'cpu > 70', tasks(1));
const calm = rule('calm', 'cpu < 40', tasks(1));
describe('what somebody else did', () => {
  test('a change within the bounds is adopted and named', () => {
    tell(world({ policy: policy({ scaleOut: [warm], scaleIn: [calm] }) }), [
      [0, { cpu: 60 }, 'hold 4: warm false (cpu 60); calm false (cpu 60)'],
      somebodySets(7),
      [1, { cpu: 60 }, 'hold 7: somebody else set 4 → 7, adopted; warm false (cpu 60); calm false (cpu 60)'],
      [2, { cpu: 30 }, '7 → 6: calm true 1 of 1 (cpu 30) asks 6 from 7'],
    ]);
  });

  test('a foreign count outside the bounds stands an hour', () => {
    tell(world({ policy: policy({ scaleOut: [warm], scaleIn: [calm] }), service: steady(10) }), [
      [0, { cpu: 60 }, 'hold 10: warm false (cpu 60); calm false (cpu 60)'],
      somebodySets(1),
      [
        1,
        { cpu: 60 },
        "hold 1: somebody else set 10 → 1, adopted; somebody else's 1 stands until 2026-11-18T13:01:55.000Z",
      ],
      [60, { cpu: 60 }, "hold 1: somebody else's 1 stands until 2026-11-18T13:01:55.000Z"],
      [61, { cpu: 60 }, '1 → 2: min 2 (capacity.min), asked 1'],
    ]);
  });

  test('votes out still pass it', () => {
    tell(world({ policy: policy({ scaleOut: [warm] }), service: steady(10) }), [
      [0, { cpu: 60 }, 'hold 10: warm false (cpu 60)'],
      somebodySets(1),
      [2, { cpu: 95 }, '1 → 11: somebody else set 10 → 1, adopted; warm true 1 of 1 (cpu 95) asks 11 from 10'],
      [3, { cpu: 95 }, 'hold 11: warm true (cpu 95), waits for evidence from after its last change'],
    ]);
  });

  test('a foreign count above max is not lowered by a vote out', () => {
    tell(world({ policy: policy({ scaleOut: [warm], scaleIn: [calm] }), service: steady(10) }), [
      [0, { cpu: 60 }, 'hold 10: warm false (cpu 60); calm false (cpu 60)'],
      somebodySets(80),
      [
        1,
        { cpu: 60 },
        "hold 80: somebody else set 10 → 80, adopted; somebody else's 80 stands until 2026-11-18T13:01:55.000Z",
      ],
      [
        4,
        { cpu: 90 },
        "hold 80: warm true 1 of 1 (cpu 90) asks 81 from 80; somebody else's 80 stands until 2026-11-18T13:01:55.000Z",
      ],
      [
        5,
        { cpu: 30 },
        "hold 80: calm true 1 of 1 (cpu 30) asks 79 from 80; somebody else's 80 stands until 2026-11-18T13:01:55.000Z",
      ],
      [62, { cpu: 60 }, '80 → 60: max 60 (capacity.max), asked 80'],
    ]);
  });

  test("a human's zero is a pause, whatever the load says and however long nothing is seen", () => {
    const jobs: Target = { ...perTask('jobs', 60), signal: 'jobs' };
    const guard = {
      holdInWhile: [],
      unknownAbstainsAfterSeconds: 900,
      whenBlindFor: [{ seconds: 60, atLeastTasks: 6 }],
    };
    const given = world({ policy: policy({ signals: { jobs: queue }, targets: [jobs], guard }) });
    tell(given, [
      [0, { jobs: 200 }, 'hold 4: jobs needs 3.33 tasks (jobs 200), inside tolerance'],
      somebodySets(0),
      [
        1,
        { jobs: 200 },
        'hold 0: somebody else set 4 → 0, adopted; jobs needs 3.33 tasks (jobs 200); somebody else set 0: paused until somebody raises it',
      ],
      [
        2,
        { jobs: 900 },
        'hold 0: jobs needs 15 tasks (jobs 900); somebody else set 0: paused until somebody raises it',
      ],
      [
        90,
        { jobs: 'failed' },
        'hold 0: jobs unknown (jobs unknown: the source answered failed), holds 15 min more; somebody else set 0: paused until somebody raises it',
      ],
      [
        95,
        { jobs: 'failed' },
        'hold 0: jobs unknown (jobs unknown: the source answered failed), holds 15 min more; nothing known for 5 min, raised to 6; somebody else set 0: paused until somebody raises it',
      ],
      somebodySets(3),
      [96, { jobs: 900 }, '3 → 15: somebody else set 0 → 3, adopted; jobs needs 15 tasks (jobs 900)'],
    ]);
  });

  test('a service that is first seen at zero is paused: somebody else put it there', () => {
    tell(world({ policy: policy({ scaleOut: [warm] }), service: steady(0) }), [
      [
        0,
        { cpu: null },
        'hold 0: warm unknown (cpu unknown: the source has no datapoint), holds 15 min more; somebody else set 0: paused until somebody raises it',
      ],
      [
        1,
        { cpu: null },
        'hold 0: warm unknown (cpu unknown: the source has no datapoint), holds 14 min more; somebody else set 0: paused until somebody raises it',
      ],
      somebodySets(1),
      [
        2,
        { cpu: 20 },
        "hold 1: somebody else set 0 → 1, adopted; somebody else's 1 stands until 2026-11-18T13:02:55.000Z",
      ],
    ]);
  });

  test('our own write that is not visible yet is not foreign', () => {
    tell(world({ policy: policy({ cadenceSeconds: 20, scaleOut: [warm] }) }), [
      [0, { cpu: 60 }, 'hold 4: warm false (cpu 60)'],
      [1, { cpu: 95 }, '4 → 5: warm true 1 of 1 (cpu 95) asks 5 from 4'],
      happens(steady(4)),
      ['2:15', {}, 'hold 5: warm true (cpu 95), already answered on this evidence'],
      happens(steady(5)),
      ['2:35', {}, 'hold 5: 5 in service after 40 s; warm true (cpu 95), already answered on this evidence'],
    ]);
  });

  test("a read from before somebody else's change is no second change", () => {
    tell(world({ policy: policy({ cadenceSeconds: 20, scaleOut: [warm] }) }), [
      [0, { cpu: 60 }, 'hold 4: warm false (cpu 60)'],
      somebodySets(7),
      ['1:15', {}, 'hold 7: somebody else set 4 → 7, adopted; warm false (cpu 60)'],
      somebodySets(4),
      ['1:25', {}, 'hold 7: warm false (cpu 60)'],
      ['1:45', {}, 'hold 4: somebody else set 7 → 4, adopted; warm false (cpu 60)'],
    ]);
  });

  test('our own change is known for ours though another tick has written the ring since', () => {
    const given = world({ policy: policy({ scaleOut: [warm] }) });
    tell(given, [
      [0, { cpu: 60 }, 'hold 4: warm false (cpu 60)'],
      [1, { cpu: 95 }, '4 → 5: warm true 1 of 1 (cpu 95) asks 5 from 4'],
      ({ startsAt, state }) => {
        const counts = [[startsAt + 116_000, 4, 0]] as const;
        given.state = { ...state, rings: { ...state.rings, counts } };
      },
      started,
      [
        2,
        { cpu: 95 },
        'hold 5: 5 in service after 60 s; warm true (cpu 95), waits for evidence from after its last change',
      ],
    ]);
  });

  test('also where the ring ends with the same count from before, and a read shows the one between', () => {
    const given = world({ policy: policy({ cadenceSeconds: 20, scaleIn: [calm] }) });
    tell(given, [
      [0, { cpu: 60 }, 'hold 4: calm false (cpu 60)'],
      somebodySets(5),
      [1, { cpu: 30 }, '5 → 4: somebody else set 4 → 5, adopted; calm true 1 of 1 (cpu 30) asks 4 from 5'],
      ({ startsAt, state }) => {
        // The tick that wrote the state could not write the ring.
        given.state = { ...state, rings: { ...state.rings, counts: [[startsAt, 4, 0]] } };
      },
      somebodySets(5),
      ['2:05', {}, 'hold 4: calm true (cpu 30), already answered on this evidence'],
    ]);
  });

  test('nor are two of them, whichever of them is visible', () => {
    const burst = rule('burst', 'jobs > 100', tasks(4));
    const signals = { cpu, jobs: queue };
    const given = world({ policy: policy({ cadenceSeconds: 20, signals, scaleOut: [warm, burst] }) });
    measureFor(given, -1, 1, { jobs: 0 });
    tell(given, [
      [0, { cpu: 60 }, 'hold 4: warm false (cpu 60); burst false (jobs 0)'],
      [1, { cpu: 95 }, '4 → 5: warm true 1 of 1 (cpu 95) asks 5 from 4'],
      (late) => measure(late, 2, { jobs: 500 }),
      ['2:15', {}, '5 → 8: burst true 1 of 1 (jobs 500) asks 8 from 4'],
      happens(steady(4)),
      [
        '2:20',
        {},
        'hold 8: warm true (cpu 95), already answered on this evidence; burst true (jobs 500), already answered on this evidence',
      ],
      happens(steady(5)),
      [
        '2:24',
        {},
        'hold 8: warm true (cpu 95), already answered on this evidence; burst true (jobs 500), already answered on this evidence',
      ],
      happens(steady(8)),
      [
        '2:44',
        {},
        'hold 8: 8 in service after 29 s; warm true (cpu 95), already answered on this evidence; burst true (jobs 500), already answered on this evidence',
      ],
    ]);
  });

  test('a write that was lost is noticed as what it is: the old count', () => {
    tell(world({ policy: policy({ scaleOut: [warm] }) }), [
      [0, { cpu: 60 }, 'hold 4: warm false (cpu 60)'],
      [1, { cpu: 95 }, '4 → 5: warm true 1 of 1 (cpu 95) asks 5 from 4'],
      happens(steady(4)),
      [2, { cpu: 95 }, '4 → 5: somebody else set 5 → 4, adopted; warm true 1 of 1 (cpu 95) asks 5 from 4'],
    ]);
  });

  test('who undoes our changes three times within half an hour is given way to', () => {
    tell(world({ policy: policy({ scaleOut: [warm] }) }), [
      [0, { cpu: 80 }, '4 → 5: warm true 1 of 1 (cpu 80) asks 5 from 4'],
      somebodySets(4),
      [1, { cpu: 80 }, '4 → 5: somebody else set 5 → 4, adopted; warm true 1 of 1 (cpu 80) asks 5 from 4'],
      somebodySets(4),
      [2, { cpu: 80 }, '4 → 5: somebody else set 5 → 4, adopted; warm true 1 of 1 (cpu 80) asks 5 from 4'],
      somebodySets(4),
      [
        3,
        { cpu: 80 },
        'hold 4: somebody else set 5 → 4, adopted; warm true 1 of 1 (cpu 80) asks 5 from 4; breaker open: somebody else undoes our changes, tries again in 5 min',
      ],
      [8, { cpu: 80 }, '4 → 5: warm true 1 of 1 (cpu 80) asks 5 from 4'],
      somebodySets(4),
      [
        9,
        { cpu: 80 },
        'hold 4: somebody else set 5 → 4, adopted; warm true 1 of 1 (cpu 80) asks 5 from 4; breaker open: somebody else undoes our changes, tries again in 10 min',
      ],
    ]);
  });

  test('what others undo now and then is adopted as ever', () => {
    const given = world({ policy: policy({ scaleOut: [warm] }) });
    for (const minute of [0, 20, 40, 60, 80]) {
      tell(given, [
        [minute, { cpu: 80 }, '4 → 5: warm true 1 of 1 (cpu 80) asks 5 from 4'],
        somebodySets(4),
        [minute + 1, { cpu: 60 }, 'hold 4: somebody else set 5 → 4, adopted; warm false (cpu 60)'],
      ]);
    }
  });

  test('nor does it count when they only go further the same way', () => {
    const given = world({ policy: policy({ scaleOut: [warm] }) });
    for (const count of [4, 7, 10, 13]) {
      const asks = `${count} → ${count + 1}: warm true 1 of 1 (cpu 80) asks ${count + 1} from ${count}`;
      const adopted = `hold ${count + 3}: somebody else set ${count + 1} → ${count + 3}, adopted; warm false (cpu 60)`;
      tell(given, [[count, { cpu: 80 }, asks], somebodySets(count + 3), [count + 1, { cpu: 60 }, adopted]]);
    }
  });

  test('a template that resets the count at each deployment is undone and opens nothing', () => {
    const given = world({ policy: policy({ scaleOut: [warm] }) });
    tell(given, [[0, { cpu: 80 }, '4 → 5: warm true 1 of 1 (cpu 80) asks 5 from 4']]);
    for (let minute = 1; minute <= 4; minute++) {
      tell(given, [
        happens(steady(4, { deploying: true })),
        [minute, { cpu: 80 }, '4 → 5: somebody else set 5 → 4, adopted; warm true 1 of 1 (cpu 80) asks 5 from 4'],
      ]);
    }
  });
});
