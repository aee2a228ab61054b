/** How much a rule changes: tasks, percent and how it is rounded, set counts, step bands. */
import { describe, expect, test } from '@jest/globals';
import type { Band, Change } from '../../lib/policy/policy.ts';
import { wishOf } from '../../lib/policy/rule-votes.ts';
import { percent, rule, setTo, tasks } from '../support/policies.ts';
import { policy, started, steady, tell, world } from '../support/story.ts';

const never = () => Number.NaN;

describe('a change', () => {
  const table: readonly (readonly [
    list: 'scaleOut' | 'scaleIn',
    what: string,
    change: Change,
    base: number,
    wish: number,
  ])[] = [
    ['scaleOut', 'tasks', tasks(3), 4, 7],
    ['scaleIn', 'tasks', tasks(3), 4, 1],
    ['scaleIn', 'tasks never below none', tasks(9), 4, 0],
    ['scaleOut', 'percent, rounded up', percent(50), 5, 8],
    ['scaleOut', 'percent that comes out whole', percent(10), 20, 22],
    ['scaleOut', 'percent that comes out whole but for binary fractions', percent(7), 100, 107],
    ['scaleOut', 'percent of few, raised to its least', percent(10, 2), 4, 6],
    ['scaleOut', 'percent above a hundred', percent(250), 4, 14],
    ['scaleIn', 'percent, rounded down', percent(30), 5, 4],
    ['scaleIn', 'percent of few: at least one task', percent(10), 4, 3],
    ['scaleIn', 'percent that comes out whole but for binary fractions', percent(7), 100, 93],
    ['scaleIn', 'all of it', percent(100), 4, 0],
    ['scaleOut', 'a count', setTo(10), 4, 10],
    ['scaleIn', 'a count', setTo(2), 4, 2],
    ['scaleOut', 'percent of none, raised to its least', percent(50, 2), 0, 2],
  ];
  test.each(table)('%s: %s', (list, _, change, base, wish) => {
    expect(wishOf(change, base, list, never)).toBe(wish);
  });
});

describe('step bands', () => {
  const out: readonly Band[] = [
    { from: 60, to: 80, change: { kind: 'tasks', tasks: 1 } },
    { from: 80, to: 90, change: { kind: 'percent', percent: 50, atLeastTasks: 1 } },
    { from: 90, to: null, change: { kind: 'setTo', tasks: 30 } },
  ];
  const inwards: readonly Band[] = [
    { from: 20, to: 40, change: { kind: 'tasks', tasks: 1 } },
    { from: null, to: 20, change: { kind: 'percent', percent: 50, atLeastTasks: 1 } },
  ];
  const table: readonly (readonly [
    list: 'scaleOut' | 'scaleIn',
    bands: readonly Band[],
    value: number,
    wish: number | undefined,
  ])[] = [
    ['scaleOut', out, 59.9, undefined],
    ['scaleOut', out, 60, 11],
    ['scaleOut', out, 79.99, 11],
    ['scaleOut', out, 80, 15],
    ['scaleOut', out, 1e6, 30],
    ['scaleOut', out, Number.NaN, undefined],
    ['scaleIn', inwards, 40.1, undefined],
    ['scaleIn', inwards, 40, 9],
    ['scaleIn', inwards, 20.1, 9],
    ['scaleIn', inwards, 20, 5],
    ['scaleIn', inwards, -5, 5],
    ['scaleIn', inwards, Number.NaN, undefined],
  ];
  test.each(table)('%s %j at %d: lower bound in for out, upper bound in for in', (list, bands, value, wish) => {
    expect(wishOf({ kind: 'bands', signal: 'cpu', bands }, 10, list, () => value)).toBe(wish);
  });

  test('the band of the newest period says how much', () => {
    const steps = rule('steps', 'cpu >= 60', { kind: 'bands', signal: 'cpu', bands: out }, '2 of 2');
    const back = rule('back', 'cpu <= 40', { kind: 'bands', signal: 'cpu', bands: inwards }, '2 of 2');
    tell(world({ policy: policy({ scaleOut: [steps], scaleIn: [back] }), service: steady(10) }), [
      [0, { cpu: 95 }, 'hold 10: steps unknown (cpu 95), holds 15 min more'],
      [1, { cpu: 65 }, '10 → 11: steps true 2 of 2 (cpu 65) asks 11 from 10'],
      started,
      [3, { cpu: 85 }, 'hold 11: 11 in service after 2 min; steps unknown (cpu 85), holds 15 min more'],
      [4, { cpu: 85 }, 'hold 11: steps true (cpu 85), waits for evidence from after its last change'],
      [5, { cpu: 85 }, '11 → 17: steps true 2 of 2 (cpu 85) asks 17 from 11'],
      started,
      [7, { cpu: 35 }, 'hold 17: 17 in service after 2 min; steps false (cpu 35); back unknown (cpu 35)'],
      [8, { cpu: 15 }, '17 → 9: back true 2 of 2 (cpu 15) asks 9 from 17'],
    ]);
  });
});
