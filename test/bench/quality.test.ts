/** How the quality bench makes a table of results. */
import { describe, expect, test } from '@jest/globals';
import { macroInterval } from '../../bench/quality/intervals.ts';
import { pageOf } from '../../bench/quality/page.ts';
import { pairOf } from '../../bench/quality/pairs.ts';
import type { Result } from '../../bench/quality/results.ts';
import { linesOf } from '../../bench/quality/table.ts';

function result(trace: string, group: string, setting: number, costRatio: number, overloadedPct: number): Result {
  return {
    ...{ trace, family: 'seasons', size: 20, group, setting, costRatio, overloadedPct },
    ...{ overSloPct: overloadedPct, changesPerDay: 10, reversalsPerDay: 1 },
    ...{ reactionSecondsP50: null, reactionSecondsP95: null },
  };
}

/** Ours is overloaded by 0.1 % at a cost of 1.5, theirs at a cost of 2. */
const RESULTS = [
  result('a', 'schmitt-target', 0.5, 2, 0),
  result('a', 'schmitt-target', 0.6, 1.5, 0.1),
  result('a', 'schmitt-target', 0.7, 1.2, 1),
  result('a', 'theirs', 0.6, 2, 0.1),
  result('a', 'theirs', 0.7, 1.5, 0.5),
];

describe('a pair', () => {
  test('is compared where ours is overloaded as theirs, and where it costs as much', () => {
    const { costRatio, overloadDifference, loads } = pairOf(RESULTS, 'schmitt-target', 'theirs', 0.6);
    expect(costRatio?.mean).toBeCloseTo(0.75, 6);
    expect(overloadDifference?.mean).toBeCloseTo(-0.1, 6);
    expect(loads).toBe(1);
  });

  test('says on how many loads ours reaches it', () => {
    const harder = [...RESULTS, result('b', 'schmitt-target', 0.6, 2, 3), result('b', 'theirs', 0.6, 2, 1)];
    const { costRatio, overloadDifference, loads } = pairOf(harder, 'schmitt-target', 'theirs', 0.6);
    expect([costRatio?.loads, overloadDifference?.loads, loads]).toEqual([1, 2, 2]);
    expect(overloadDifference?.mean).toBeCloseTo((-0.1 + 2) / 2, 6);
  });
});

describe('a mean', () => {
  const of = (family: string, trace: string, value: number) => ({ family, trace, value });

  test('counts families alike, and the sizes of a trace once', () => {
    const values = [of('x', 'a', 1), of('x', 'a', 3), of('x', 'b', 4), of('y', 'c', 9)];
    expect(macroInterval(values)?.mean).toBe((3 + 9) / 2);
  });

  test('is as unsure as its traces differ, and the same each time', () => {
    const values = Array.from({ length: 10 }, (_, i) => of('x', `trace ${i}`, i));
    const { low = 0, high = 0 } = macroInterval(values) ?? {};
    expect(low).toBeGreaterThan(2);
    expect(low).toBeLessThan(4);
    expect(high).toBeGreaterThan(5);
    expect(high).toBeLessThan(7);
    expect(macroInterval(values)).toEqual(macroInterval(values));
    expect(macroInterval([])).toBeUndefined();
  });
});

test('a line reads the front between its settings, and says where it never gets there', () => {
  const [ours, theirs] = linesOf(RESULTS);
  expect(ours?.overloadAtCost?.mean).toBeCloseTo(0.1, 6);
  expect(ours?.costAtOverload?.mean).toBeCloseTo(1.5, 6);
  expect(theirs?.costAtOverload?.mean).toBeCloseTo(2, 6);
  expect(linesOf(RESULTS.slice(2, 3))[0]?.costAtOverload).toBeUndefined();
});

test('the page says when, with what and of how much it was written', () => {
  const page = pageOf({
    ...{ date: '2026-01-05', version: '0.1.0', code: '0123456789', seeds: [1, 2, 3], sizes: [4, 20, 100] },
    ...{ settings: [0.5, 0.6, 0.7], coarse: 1, results: RESULTS },
  });
  expect(page).toContain('on 2026-01-05: Schmitt 0.1.0 (code 0123456789)');
  expect(page).toContain('seeds 1 to 3');
  expect(page).toContain('| theirs | 0.1 (0.1 to 0.1) |');
  expect(page).not.toMatch(/NaN|undefined|Infinity/);
});
