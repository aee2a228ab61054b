/** Each story is one answer of the design, named after the incident it prevents. The expected column is what the operator reads. */
import { describe, expect, test } from '@jest/globals';
import type { InRule, OutRule } from '../../lib/policy/policy.ts';
import { cpu, measure, policy, rps, started, steady, tickAt, type World, world } from '../support/story.ts';

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
  const read: (string | Row)[] = [];
  const expected: (string | Row)[] = [];
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
      [0, 55, 'hold 4: warm unknown (cpu 55), holds 15 min more'],
      [1, 60, 'hold 4: warm unknown (cpu 60), holds 14 min more'],
      [2, 65, 'hold 4: warm false (cpu 65); calm false (cpu 65)'],
      [3, 45, 'hold 4: warm false (cpu 45); calm false (cpu 45)'],
    ]);
  });
});
