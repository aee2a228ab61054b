/** An outage that fails fast looks calm; a share of failed requests that is read at all forbids scaling in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { DEFAULTS } from '../../../lib/policy/document/defaults.ts';
import { bounded, policyOf } from './documents.ts';

function guardsOf(errors: string, guard = ''): readonly string[] {
  const signals = `{ cpu: { ecs: CPUUtilization }, rps: { alb: RequestCount, per: second, whenMissing: zero }, ${errors} }`;
  const rules = `scaleOut: [{ name: failing, when: 'cpu > 70 || errors > 90', add: 1 }]`;
  return policyOf(bounded(`signals: ${signals}\n${rules}\n${guard}`)).guard.holdInWhile;
}

const FAILED = 'errors: { alb: HTTPCode_Target_5XX_Count, shareOf: rps, whenMissing: zero }';

test.each([
  ['failed requests', FAILED, ['errors > 5']],
  [
    'refused connections',
    'errors: { alb: TargetConnectionErrorCount, shareOf: rps, whenMissing: zero }',
    ['errors > 5'],
  ],
  ['what the caller did wrong', 'errors: { alb: HTTPCode_Target_4XX_Count, shareOf: rps, whenMissing: zero }', []],
  ['a count, which is large where much is served', 'errors: { alb: HTTPCode_Target_5XX_Count, whenMissing: zero }', []],
  ['a share whose silence is unknown', 'errors: { alb: HTTPCode_Target_5XX_Count, shareOf: rps }', []],
])('%s', (_, errors, guards) => {
  expect(guardsOf(errors)).toEqual(guards);
});

test('a guard that names the share has the last word on it', () => {
  expect(guardsOf(FAILED, "guard: { holdInWhile: ['errors > 50'] }")).toEqual(['errors > 50']);
  expect(guardsOf(FAILED, "guard: { holdInWhile: ['cpu > 60'] }")).toEqual(['cpu > 60', 'errors > 5']);
});

test('the README names the share', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8').replace(/\s+/g, ' ');
  expect(readme).toContain(`forbids scaling in above ${DEFAULTS.errorShareHoldsAbovePercent} %`);
});
