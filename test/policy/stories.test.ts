/** Each story is one answer of the design, named after the incident it prevents. The expected column is what the operator reads. */
import { describe, expect, test } from '@jest/globals';
import type { InRule, OutRule } from '../../lib/policy/policy.ts';
import { measure, policy, started, tickAt, type World, world } from '../support/story.ts';

const emergency: OutRule = {
  name: 'emergency',
  when: 'cpu > 80',
  change: { kind: 'percent', percent: 50, atLeastTasks: 2 },
  trueFor: { m: 1, n: 1 },
  thenWaitSeconds: 0,
};
const warm: OutRule = {
  name: 'warm',
  when: 'cpu > 70',
  change: { kind: 'tasks', tasks: 1 },
  trueFor: { m: 3, n: 3 },
  thenWaitSeconds: 0,
};
const calm: InRule = {
  name: 'calm',
  when: 'cpu < 40',
  change: { kind: 'tasks', tasks: 1 },
  trueFor: { m: 3, n: 3 },
  thenWaitSeconds: 0,
};

/** Rows of `[minute, cpu, sentence]`; `started` between rows brings the tasks into service. */
type Row = readonly [minute: number, cpu: number | null, sentence: string] | 'started';

function tell(given: World, rows: readonly Row[]): void {
  const read: string[] = [];
  const expected: string[] = [];
  for (const row of rows) {
    if (row === 'started') {
      started(given);
      continue;
    }
    measure(given, row[0], { cpu: row[1] });
    read.push(`${row[0]} ${tickAt(given, row[0])}`);
    expected.push(`${row[0]} ${row[2]}`);
  }
  expect(read).toEqual(expected);
}

describe('two thresholds and a memory', () => {
  test('between the thresholds nothing moves', () => {
    tell(world({ policy: policy({ scaleOut: [warm], scaleIn: [calm] }) }), [
      [0, 55, 'hold 4: warm false (cpu 55); calm false (cpu 55)'],
      [1, 60, 'hold 4: warm false (cpu 60); calm false (cpu 60)'],
      [2, 45, 'hold 4: warm false (cpu 45); calm false (cpu 45)'],
    ]);
  });

  test('one hot minute is not a trend', () => {
    tell(world({ policy: policy({ scaleOut: [warm], scaleIn: [calm] }) }), [
      [0, 55, 'hold 4: warm false (cpu 55); calm false (cpu 55)'],
      [1, 75, 'hold 4: warm true 1 of 3 (cpu 75), 2 more periods would do'],
      [2, 77, 'hold 4: warm true 2 of 3 (cpu 77), 1 more period would do'],
      [3, 60, 'hold 4: warm false (cpu 60); calm false (cpu 60)'],
      [4, 71, 'hold 4: warm true 2 of 3 (cpu 71), 2 more periods would do'],
      [5, 72, 'hold 4: warm true 2 of 3 (cpu 72), 1 more period would do'],
      [6, 73, '4 → 5: warm true 3 of 3 (cpu 73) asks 5 from 4'],
    ]);
  });

  test('a spike is answered once', () => {
    tell(world({ policy: policy({ scaleOut: [emergency, warm], scaleIn: [calm] }) }), [
      [0, 60, 'hold 4: emergency false (cpu 60); warm false (cpu 60); calm false (cpu 60)'],
      [1, 95, '4 → 6: emergency true 1 of 1 (cpu 95) asks 6 from 4'],
      [2, 95, 'hold 6: emergency true (cpu 95), waits for evidence from after its last change'],
      [
        3,
        95,
        'hold 6: emergency true (cpu 95), waits for evidence from after its last change; warm true 3 of 3 (cpu 95) asks 5 from 4; 2 already starting',
      ],
      'started',
      [
        4,
        90,
        'hold 6: 6 in service after 3 min; emergency true (cpu 90), waits for evidence from after its last change; warm true 3 of 3 (cpu 90) asks 5 from 4; 6 already answers it',
      ],
      [5, 60, 'hold 6: emergency false (cpu 60); warm false (cpu 60); calm false (cpu 60)'],
      [6, 60, 'hold 6: emergency false (cpu 60); warm false (cpu 60); calm false (cpu 60)'],
    ]);
  });

  test('a spike that grows is answered again once its tasks are in service', () => {
    tell(world({ policy: policy({ scaleOut: [emergency], scaleIn: [calm] }) }), [
      [0, 60, 'hold 4: emergency false (cpu 60); calm false (cpu 60)'],
      [1, 95, '4 → 6: emergency true 1 of 1 (cpu 95) asks 6 from 4'],
      'started',
      [
        2,
        95,
        'hold 6: 6 in service after 60 s; emergency true (cpu 95), waits for evidence from after its last change',
      ],
      [3, 95, 'hold 6: emergency true (cpu 95), waits for evidence from after its last change'],
      [4, 95, '6 → 9: emergency true 1 of 1 (cpu 95) asks 9 from 6'],
    ]);
  });

  test('calm gives back one task at a time, on fresh evidence', () => {
    tell(world({ policy: policy({ scaleOut: [warm], scaleIn: [calm] }) }), [
      [0, 30, 'hold 4: warm false (cpu 30); calm unknown (cpu 30)'],
      [1, 30, 'hold 4: warm false (cpu 30); calm unknown (cpu 30)'],
      [2, 30, '4 → 3: calm true 3 of 3 (cpu 30) asks 3 from 4'],
      [3, 30, 'hold 3: warm false (cpu 30); calm true (cpu 30), waits for evidence from after its last change'],
      [4, 30, '3 → 2: calm true 3 of 3 (cpu 30) asks 2 from 3'],
      [5, 30, 'hold 2: warm false (cpu 30); calm true (cpu 30), waits for evidence from after its last change'],
      [6, 30, 'hold 2: calm true 3 of 3 (cpu 30) asks 1 from 2; min 2 (capacity.min), asked 1'],
      [7, 30, 'hold 2: calm true 3 of 3 (cpu 30) asks 1 from 2; min 2 (capacity.min), asked 1'],
    ]);
  });
});
