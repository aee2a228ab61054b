import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Outcome } from '../../../lib/loop/ports.ts';
import type { TickReport } from '../../../lib/loop/tick-request.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const operations = readFileSync(resolve(ROOT, 'docs/operations.md'), 'utf8');
const header = readFileSync(resolve(ROOT, 'lambdas/tick/handler.ts'), 'utf8').split('*/')[0] ?? '';

/** Does not compile while an outcome is missing here. */
const OUTCOMES: Readonly<Record<Outcome, true>> = {
  held: true,
  changed: true,
  shadowed: true,
  refused: true,
  retryable: true,
  settling: true,
  settled: true,
  stale: true,
  missing: true,
  unreadable: true,
  unsupported: true,
  corrupt: true,
  outOfTime: true,
  overBudget: true,
};
const ENDS: Readonly<Record<TickReport['kind'] | 'error', true>> = { busy: true, ticked: true, error: true };

describe('the runbook', () => {
  test.each(Object.keys(OUTCOMES))('says what to do about a service that is %s', (outcome) => {
    expect(operations).toContain(`\n### Outcome: ${outcome}\n`);
    expect(header).toMatch(new RegExp(`^ \\*     ${outcome} `, 'm'));
  });

  test.each(Object.keys(ENDS))('says what to do about an invocation that ends as %s', (end) => {
    expect(operations).toContain(`\n### Tick: ${end}\n`);
    expect(header).toMatch(new RegExp(`^ \\*   ${end} `, 'm'));
  });
});
