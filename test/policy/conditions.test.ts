/** What a condition makes of its signals: true, false or unknown. */
import { describe, expect, test } from '@jest/globals';
import type { SignalSpec } from '../../lib/policy/policy.ts';
import { rps } from '../support/policies.ts';
import { truthOf, type Values } from '../support/truth.ts';

type Row = readonly [expression: string, signals: Readonly<Record<string, Values>>, truth: 'T' | 'F' | '?'];

const tell = (title: string, rows: readonly Row[]) =>
  describe(title, () => {
    test.each(rows)('%s of %j is %s', (expression, signals, truth) => {
      expect(truthOf(expression, signals)).toBe(truth);
    });
  });

/** `a` is true, false and unknown where cpu is 1, 0 and unknown; `b` the same of rps. */
const KLEENE: Readonly<Record<'T' | 'F' | '?', Values>> = { T: 1, F: 0, '?': 'unknown' };
const kleene = (
  operator: '&&' | '||',
  rows: readonly (readonly ['T' | 'F' | '?', 'T' | 'F' | '?', 'T' | 'F' | '?'])[],
) =>
  tell(
    `Kleene's ${operator}`,
    rows.map(([a, b, truth]): Row => [`cpu > 0.5 ${operator} rps > 0.5`, { cpu: KLEENE[a], rps: KLEENE[b] }, truth]),
  );

kleene('&&', [
  ['T', 'T', 'T'],
  ['T', 'F', 'F'],
  ['T', '?', '?'],
  ['F', 'T', 'F'],
  ['F', 'F', 'F'],
  ['F', '?', 'F'],
  ['?', 'T', '?'],
  ['?', 'F', 'F'],
  ['?', '?', '?'],
]);
kleene('||', [
  ['T', 'T', 'T'],
  ['T', 'F', 'T'],
  ['T', '?', 'T'],
  ['F', 'T', 'T'],
  ['F', 'F', 'F'],
  ['F', '?', '?'],
  ['?', 'T', 'T'],
  ['?', 'F', '?'],
  ['?', '?', '?'],
]);

tell('negation', [
  ['!(cpu > 80)', { cpu: 90 }, 'F'],
  ['!(cpu > 80)', { cpu: 70 }, 'T'],
  ['!(cpu > 80)', { cpu: 'unknown' }, '?'],
  ['!!(cpu > 80)', { cpu: 'unknown' }, '?'],
  ['!(cpu > 80 && rps > 1)', { cpu: 'unknown', rps: 0 }, 'T'],
]);

tell('comparison', [
  ['cpu > 80', { cpu: 80 }, 'F'],
  ['cpu >= 80', { cpu: 80 }, 'T'],
  ['cpu < 80', { cpu: 80 }, 'F'],
  ['cpu <= 80', { cpu: 80 }, 'T'],
  ['cpu == 80', { cpu: 80 }, 'T'],
  ['cpu != 80', { cpu: 80 }, 'F'],
  ['80 < cpu', { cpu: 80.5 }, 'T'],
  ['80 == cpu', { cpu: 80 }, 'T'],
  ['80.0 != cpu', { cpu: 81 }, 'T'],
  ['cpu == rps', { cpu: 3, rps: 3 }, 'T'],
  ['cpu != rps', { cpu: 'unknown', rps: 3 }, '?'],
  ['cpu != cpu', { cpu: 'unknown' }, '?'],
  ['cpu > 0x10', { cpu: 17 }, 'T'],
  ['cpu > -1', { cpu: -0.5 }, 'T'],
  ['cpu > 1e2', { cpu: 101 }, 'T'],
  ['(cpu > 1) == (rps > 1)', { cpu: 2, rps: 2 }, 'T'],
  ['(cpu > 1) != (rps > 1)', { cpu: 2, rps: 'unknown' }, '?'],
]);

tell('arithmetic, whole numbers and others mixed', [
  ['cpu * 2 > 100', { cpu: 51 }, 'T'],
  ['2 * cpu > 100', { cpu: 50 }, 'F'],
  ['cpu / 2 == 25.5', { cpu: 51 }, 'T'],
  ['cpu + rps > 100', { cpu: 51, rps: 50 }, 'T'],
  ['cpu - 1 < 50', { cpu: 50.5 }, 'T'],
  ['1 - cpu < 0', { cpu: 50 }, 'T'],
  ['-cpu < -49.5', { cpu: 50 }, 'T'],
  ['(0 + cpu) + 1 > 50', { cpu: 50 }, 'T'],
  ['(rps > 1 ? 1 + cpu : cpu) > 50', { cpu: 50, rps: 2 }, 'T'],
  ['5 / 2 == 2', { cpu: 1 }, 'T'],
  ['5.0 / 2.0 == 2.5', { cpu: 1 }, 'T'],
  ['7 % 3 == 1', { cpu: 1 }, 'T'],
  ['-5 / 2 == -2', { cpu: 1 }, 'T'],
  ['cpu + rps > 100', { cpu: 200, rps: 'unknown' }, '?'],
  ['cpu * 0 == 0', { cpu: 'unknown' }, '?'],
  ['cpu / rps > 1', { cpu: 5, rps: 0 }, '?'],
  ['rps / rps == 1', { rps: 0 }, '?'],
  ['5 / 0 > 1', { cpu: 1 }, '?'],
  ['5 % 0 == 1', { cpu: 1 }, '?'],
  ['cpu * cpu * cpu * cpu > 0', { cpu: 1e300 }, '?'],
]);

tell('the ternary', [
  ['cpu > 50 ? rps > 10 : rps > 100', { cpu: 60, rps: 50 }, 'T'],
  ['cpu > 50 ? rps > 10 : rps > 100', { cpu: 40, rps: 50 }, 'F'],
  ['cpu > 50 ? rps > 10 : rps > 100', { cpu: 'unknown', rps: 50 }, '?'],
  ['cpu > 50 ? rps > 10 : rps > 20', { cpu: 'unknown', rps: 50 }, 'T'],
  ['rps > (cpu > 50 ? 10 : 100)', { cpu: 60, rps: 50 }, 'T'],
  ['rps > (cpu > 50 ? 10 : 100)', { cpu: 'unknown', rps: 50 }, '?'],
  ['(cpu > 50 ? cpu : rps) > 70.0', { cpu: 80, rps: 'unknown' }, 'T'],
]);

tell('whether a signal is missing, and how old it is', [
  ['missing(cpu)', { cpu: 'unknown' }, 'T'],
  ['missing(cpu)', { cpu: 5 }, 'F'],
  ['missing(cpu) || cpu > 80', { cpu: 'unknown' }, 'T'],
  ['age(cpu) == 55', { cpu: [1, 2, 3] }, 'T'],
  ['age(cpu) == 115', { cpu: [1, 2, null] }, 'T'],
  ['age(cpu) > 300', { cpu: [1, null, null, null, null, null, null] }, 'T'],
  ['age(cpu) > 300', { cpu: 'unknown' }, '?'],
]);

const ramp = [10, 20, 30, 40, 50];
tell('windows', [
  ["avg(cpu, '5m') == 30", { cpu: ramp }, 'T'],
  ["avg(cpu, '2m') == 45", { cpu: ramp }, 'T'],
  ["max(cpu, '3m') == 50", { cpu: ramp }, 'T'],
  ["min(cpu, '3m') == 30", { cpu: ramp }, 'T'],
  ["p50(cpu, '5m') == 30", { cpu: ramp }, 'T'],
  ["p90(cpu, '5m') == 46", { cpu: ramp }, 'T'],
  ["p95(cpu, '5m') == 48", { cpu: ramp }, 'T'],
  ["p99(cpu, '5m') > 49.5", { cpu: ramp }, 'T'],
  ["rate(cpu, '5m') == 10.0 / 60", { cpu: ramp }, 'T'],
  ["slope(cpu, '5m') > 0.166 && slope(cpu, '5m') < 0.167", { cpu: ramp }, 'T'],
  ["slope(cpu, '5m') < 0", { cpu: [50, 40, 30, 20, 10] }, 'T'],
  ["rate(cpu, '1m') > 0", { cpu: ramp }, '?'],
  ["slope(cpu, '1m') > 0", { cpu: ramp }, '?'],
  ["avg(cpu, '30s') == 50", { cpu: ramp }, '?'],
  ["avg(cpu, '4m') == 45", { cpu: [null, null, 40, 50] }, 'T'],
  ["avg(cpu, '5m') == 45", { cpu: [null, null, null, 40, 50] }, '?'],
  ["avg(cpu, '5m') > 0", { cpu: 'unknown' }, '?'],
  ["avg(cpu, '5m') > 0", { cpu: [10, 20, 30, null, null, null, null] }, '?'],
  ["cpu > avg(cpu, '5m') * 1.5", { cpu: ramp }, 'T'],
  ["p95(p95, '5m') == 48", { p95: ramp }, 'T'],
]);

describe('windows follow what the policy says of silence', () => {
  const zero = { ...rps, whenMissing: { kind: 'zero' } } satisfies SignalSpec;
  const use = { ...rps, whenMissing: { kind: 'use', signal: 'cpu' } } satisfies SignalSpec;
  test.each([
    ['a proven zero counts', "avg(rps, '4m') == 25", zero, [100, null, null, null], [1, 1, 1, 1], 'T'],
    ['an unproven one does not', "avg(rps, '4m') == 25", zero, [100, null, null, null], [1, null, null, null], '?'],
    ['a stand-in fills the holes', "avg(rps, '4m') == 60", use, [100, null, 100, null], [1, 20, 1, 20], 'T'],
  ] as const)('%s', (_, expression, spec, values, cpu, truth) => {
    expect(truthOf(expression, { rps: values, cpu }, { rps: spec })).toBe(truth);
  });
});
