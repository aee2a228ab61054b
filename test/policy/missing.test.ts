/** Missing is not zero: what silence, faults and broken numbers may and may not do. */
import { describe, test } from '@jest/globals';
import type { SignalSpec } from '../../lib/policy/policy.ts';
import { perTask, rule, tasks } from '../support/policies.ts';
import { cpu, MINUTE, measureFor, policy, rps, started, T0, tell, type World, world } from '../support/story.ts';

const warm = rule('warm', 'cpu > 70', tasks(1));
const calm = rule('calm', 'cpu < 40', tasks(1), '2 of 2');
const quiet = rule('quiet', 'rps < 100', tasks(1), '2 of 2');
const zero = { ...rps, whenMissing: { kind: 'zero' } } satisfies SignalSpec;

describe('missing is not zero', () => {
  test('a dead metric is not zero', () => {
    tell(world({ policy: policy({ scaleOut: [warm], scaleIn: [calm] }) }), [
      [0, { cpu: 60 }, 'hold 4: warm false (cpu 60); calm false (cpu 60)'],
      [1, { cpu: null }, 'hold 4: warm false (cpu 60); calm false (cpu 60)'],
      [2, { cpu: null }, 'hold 4: warm unknown (cpu unknown: newest datapoint ended 175 s ago), holds 15 min more'],
      [3, { cpu: null }, 'hold 4: warm unknown (cpu unknown: newest datapoint ended 235 s ago), holds 14 min more'],
      [4, { cpu: null }, 'hold 4: warm unknown (cpu unknown: newest datapoint ended 295 s ago), holds 13 min more'],
      [5, { cpu: 30 }, 'hold 4: warm false (cpu 30); calm unknown (cpu 30)'],
      [6, { cpu: 30 }, '4 → 3: calm true 2 of 2 (cpu 30) asks 3 from 4'],
    ]);
  });

  test('a datapoint speaks for two periods and the publication delay after its end, and no second longer', () => {
    const given = world({ policy: policy({ scaleOut: [rule('warm', 'cpu > 70', tasks(1))] }) });
    tell(given, [
      [0, { cpu: 60 }, 'hold 4: warm false (cpu 60)'],
      ['2:50', {}, 'hold 4: warm false (cpu 60)'],
      ['2:51', {}, 'hold 4: warm unknown (cpu unknown: newest datapoint ended 171 s ago), holds 15 min more'],
    ]);
  });

  test('a minute of a 20 s signal is known only with all three of its datapoints', () => {
    const mem = { ...cpu, periodSeconds: 20, publicationDelaySeconds: 15 };
    const both = rule('both', 'cpu > 70 && mem > 50', tasks(1));
    const given = world({ policy: policy({ signals: { cpu, mem }, scaleOut: [both] }) });
    const inMinute =
      (minute: number, ...seconds: number[]) =>
      (told: World) => {
        told.history.mem = seconds.map((second) => [T0 + (minute - 1) * MINUTE + second * 1000, 80, 4]);
      };
    tell(given, [
      inMinute(0, 20, 40),
      [0, { cpu: 80 }, 'hold 4: both unknown (cpu 80, mem unknown: no datapoint for that period), holds 15 min more'],
      inMinute(1, 0, 20, 40),
      [1, { cpu: 80 }, '4 → 5: both true 1 of 1 (cpu 80, mem 80) asks 5 from 4'],
    ]);
  });

  test('an answer that is partial, forbidden or failed is no silence', () => {
    const signals = { cpu, rps: zero };
    tell(world({ policy: policy({ signals, scaleIn: [quiet] }) }), [
      [0, { cpu: 20, rps: 60 }, 'hold 4: quiet unknown (rps 60)'],
      [1, { cpu: 20, rps: 'failed' }, 'hold 4: quiet unknown (rps unknown: the source answered failed)'],
      [2, { cpu: 20, rps: 'forbidden' }, 'hold 4: quiet unknown (rps unknown: the source answered forbidden)'],
      [3, { cpu: 20, rps: 'partial' }, 'hold 4: quiet unknown (rps unknown: the source answered partial)'],
      [4, { cpu: 20, rps: null }, '4 → 3: quiet true 2 of 2 (rps 0) asks 3 from 4'],
    ]);
  });

  test('no traffic at night still scales in, because the CPU proves that tasks live', () => {
    const signals = { cpu, rps: zero };
    tell(world({ policy: policy({ signals, scaleIn: [quiet] }) }), [
      [0, { cpu: 20, rps: 700 }, 'hold 4: quiet false (rps 700)'],
      [1, { cpu: 2, rps: null }, 'hold 4: quiet true 1 of 2 (rps 0), 1 more period would do'],
      [2, { cpu: 2, rps: null }, '4 → 3: quiet true 2 of 2 (rps 0) asks 3 from 4'],
      [3, { cpu: 2, rps: null }, 'hold 3: quiet true (rps 0), waits for evidence from after its last change'],
      [4, { cpu: 2, rps: null }, '3 → 2: quiet true 2 of 2 (rps 0) asks 2 from 3'],
    ]);
  });

  test('no traffic at night still scales in by an average over a window', () => {
    const signals = { cpu, rps: zero };
    const given = world({ policy: policy({ signals, scaleIn: [rule('quiet', "avg(rps, '5m') < 100", tasks(1))] }) });
    measureFor(given, -10, 0, { cpu: 20, rps: 250 });
    tell(given, [
      [1, { cpu: 2, rps: null }, 'hold 4: quiet false (rps 0)'],
      [2, { cpu: 2, rps: null }, 'hold 4: quiet false (rps 0)'],
      [3, { cpu: 2, rps: null }, 'hold 4: quiet false (rps 0)'],
      [4, { cpu: 2, rps: null }, '4 → 3: quiet true 1 of 1 (rps 0) asks 3 from 4'],
    ]);
  });

  test('a trickle at night is a trickle: its silence between two requests is zero, its last request is not forgotten', () => {
    const signals = { cpu, rps: zero };
    const given = world({ policy: policy({ signals, scaleIn: [rule('quiet', 'rps < 100', tasks(1), '6 of 6')] }) });
    measureFor(given, -10, 5, { cpu: 2, rps: null });
    tell(given, [
      [6, { cpu: 2, rps: 3 }, '4 → 3: quiet true 6 of 6 (rps 3) asks 3 from 4'],
      [7, { cpu: 2, rps: null }, 'hold 3: quiet true (rps 0), waits for evidence from after its last change'],
      [8, { cpu: 2, rps: null }, '3 → 2: quiet true 6 of 6 (rps 0) asks 2 from 3'],
      [9, { cpu: 2, rps: null }, 'hold 2: quiet true (rps 0), waits for evidence from after its last change'],
      [10, { cpu: 2, rps: null }, 'hold 2: quiet true 6 of 6 (rps 0) asks 1 from 2; min 2 (capacity.min), asked 1'],
      [11, { cpu: 2, rps: null }, 'hold 2: quiet true 6 of 6 (rps 0) asks 1 from 2; min 2 (capacity.min), asked 1'],
    ]);
  });

  test('silence of everything proves nothing', () => {
    const signals = { cpu, rps: zero };
    tell(world({ policy: policy({ signals, scaleIn: [quiet] }) }), [
      [0, { cpu: 20, rps: 60 }, 'hold 4: quiet unknown (rps 60)'],
      [1, { cpu: null, rps: null }, 'hold 4: quiet unknown (rps unknown: no datapoint for that period)'],
      [2, { cpu: null, rps: null }, 'hold 4: quiet unknown (rps unknown: newest datapoint ended 175 s ago)'],
      [3, { cpu: null, rps: null }, 'hold 4: quiet unknown (rps unknown: newest datapoint ended 235 s ago)'],
    ]);
  });

  test('a metric that legitimately stops does not hold the fleet for days', () => {
    const batch = rule('batch', 'jobs > 100', tasks(5));
    const signals = { cpu, jobs: rps };
    const given = world({ policy: policy({ signals, scaleOut: [batch], scaleIn: [calm] }) });
    measureFor(given, -10, 20, { cpu: 30 });
    tell(given, [
      [
        0,
        {},
        'hold 4: batch unknown (jobs unknown: the source has no datapoint), holds 15 min more; calm true 2 of 2 (cpu 30) asks 3 from 4',
      ],
      [
        7,
        {},
        'hold 4: batch unknown (jobs unknown: the source has no datapoint), holds 8 min more; calm true 2 of 2 (cpu 30) asks 3 from 4',
      ],
      [
        14,
        {},
        'hold 4: batch unknown (jobs unknown: the source has no datapoint), holds 60 s more; calm true 2 of 2 (cpu 30) asks 3 from 4',
      ],
      [15, {}, '4 → 3: calm true 2 of 2 (cpu 30) asks 3 from 4'],
      [
        16,
        {},
        'hold 3: batch unknown for too long (jobs unknown: the source has no datapoint), abstains; calm true (cpu 30), waits for evidence from after its last change',
      ],
      [18, {}, '3 → 2: calm true 2 of 2 (cpu 30) asks 2 from 3'],
    ]);
  });

  test('a lost tick may have known what failed before and after it, so the wait begins anew', () => {
    const batch = rule('batch', 'jobs > 100', tasks(5));
    const given = world({ policy: policy({ signals: { cpu, jobs: rps }, scaleOut: [batch] }) });
    tell(given, [
      [0, { jobs: 'failed' }, 'hold 4: batch unknown (jobs unknown: the source answered failed), holds 15 min more'],
      [1, { jobs: 'failed' }, 'hold 4: batch unknown (jobs unknown: the source answered failed), holds 14 min more'],
      [3, { jobs: 'failed' }, 'hold 4: batch unknown (jobs unknown: the source answered failed), holds 15 min more'],
      [4, { jobs: 'failed' }, 'hold 4: batch unknown (jobs unknown: the source answered failed), holds 14 min more'],
    ]);
  });

  test('a signal that stands in is used while the other is silent', () => {
    const signals = { cpu, rps, load: { ...rps, whenMissing: { kind: 'use', signal: 'rps' } } satisfies SignalSpec };
    tell(world({ policy: policy({ signals, targets: [perTask('load', 100)] }) }), [
      [0, { load: 400, rps: 900 }, 'hold 4: load needs 4 tasks (load 400), inside tolerance'],
      [1, { load: null, rps: 900 }, '4 → 9: load needs 9 tasks (load 900)'],
      [2, { load: null, rps: 900 }, 'hold 9: load needs 9 tasks (load 900), inside tolerance'],
      [3, { load: null, rps: 900 }, 'hold 9: load needs 9 tasks (load 900), inside tolerance'],
      started,
      [
        4,
        { load: null, rps: null },
        'hold 9: 9 in service after 3 min; load needs 9 tasks (load 900), inside tolerance',
      ],
      [
        5,
        { load: null, rps: null },
        'hold 9: load unknown (load unknown: newest datapoint ended 355 s ago), holds 15 min more',
      ],
      [
        6,
        { load: null, rps: null },
        'hold 9: load unknown (load unknown: newest datapoint ended 415 s ago), holds 14 min more',
      ],
    ]);
  });

  test('!(cpu > 80) is not true of a CPU that nobody knows', () => {
    const notBusy = rule('notBusy', '!(cpu > 80)', tasks(1));
    tell(world({ policy: policy({ scaleIn: [notBusy] }) }), [
      [0, { cpu: 'failed' }, 'hold 4: notBusy unknown (cpu unknown: the source answered failed)'],
      [1, { cpu: 30 }, '4 → 3: notBusy true 1 of 1 (cpu 30) asks 3 from 4'],
    ]);
  });

  test('a value that is no number is no value', () => {
    tell(world({ policy: policy({ scaleOut: [warm], scaleIn: [rule('calm', '!(cpu > 80)', tasks(1))] }) }), [
      [0, { cpu: Number.NaN }, 'hold 4: warm unknown (cpu unknown: the source has no datapoint), holds 15 min more'],
      [
        1,
        { cpu: Number.POSITIVE_INFINITY },
        'hold 4: warm unknown (cpu unknown: the source has no datapoint), holds 14 min more',
      ],
      [2, { cpu: 30 }, '4 → 3: calm true 1 of 1 (cpu 30) asks 3 from 4'],
    ]);
  });

  test('an unknown signal lets the rest of a condition settle it', () => {
    const signals = { cpu, rps };
    const both = rule('both', 'cpu > 70 && rps > 500', tasks(1));
    const either = rule('either', 'cpu > 90 || rps > 900', tasks(2));
    tell(world({ policy: policy({ signals, scaleOut: [both, either] }) }), [
      [
        0,
        { cpu: 60, rps: 'failed' },
        'hold 4: either unknown (cpu 60, rps unknown: the source answered failed), holds 15 min more',
      ],
      [
        1,
        { cpu: 75, rps: 'failed' },
        'hold 4: both unknown (cpu 75, rps unknown: the source answered failed), holds 15 min more; either unknown (cpu 75, rps unknown: the source answered failed), holds 14 min more',
      ],
      [
        2,
        { cpu: 95, rps: 'failed' },
        '4 → 6: either true 1 of 1 (cpu 95, rps unknown: the source answered failed) asks 6 from 4',
      ],
    ]);
  });

  test('long blindness raises to a floor, step by step, and lets go when something is seen again', () => {
    const guard = {
      holdInWhile: [],
      unknownAbstainsAfterSeconds: 900,
      whenBlindFor: [
        { seconds: 600, atLeastTasks: 6 },
        { seconds: 1800, atLeastTasks: 10 },
      ],
    };
    tell(world({ policy: policy({ scaleOut: [warm], scaleIn: [calm], guard }) }), [
      [0, { cpu: 'failed' }, 'hold 4: warm unknown (cpu unknown: the source answered failed), holds 15 min more'],
      [9, { cpu: 'failed' }, 'hold 4: warm unknown (cpu unknown: the source answered failed), holds 15 min more'],
      [10, { cpu: 'failed' }, '4 → 6: nothing known for 10 min, raised to 6'],
      started,
      [
        11,
        { cpu: 'failed' },
        'hold 6: 6 in service after 60 s; warm unknown (cpu unknown: the source answered failed), holds 13 min more',
      ],
      [30, { cpu: 'failed' }, '6 → 10: nothing known for 30 min, raised to 10'],
      started,
      [31, { cpu: 30 }, 'hold 10: 10 in service after 60 s; warm false (cpu 30); calm unknown (cpu 30)'],
      [32, { cpu: 30 }, '10 → 9: calm true 2 of 2 (cpu 30) asks 9 from 10'],
    ]);
  });
});
