import { describe, expect, test } from '@jest/globals';
import {
  decisionLine,
  isNews,
  moment,
  progressLine,
  startLine,
  summaryJson,
  summaryTable,
} from '../../lib/cli/render.ts';
import type { Summary } from '../../lib/cli/start-command.ts';
import type { LedgerEntry } from '../../lib/loop/ports.ts';

const MONDAY = Date.UTC(2026, 0, 5);
const MINUTE = 60_000;

const entry: LedgerEntry = {
  v: 1,
  cluster: 'prod',
  service: 'checkout',
  arn: 'arn:aws:ecs:us-east-1:123456789012:service/prod/checkout',
  at: MONDAY + 494 * MINUTE,
  policyVersion: 'p',
  decision: { action: 'out', from: 4, to: 6 },
  outcome: 'changed',
  sentence: '4 → 6: warm true 2 of 3 (cpu 71) asks 6 from 4',
  reasons: [],
};

const summary: Summary = {
  trace: 'a seeded day',
  page: 'pages/run.html',
  ticks: 1440,
  days: 1,
  gapMinutes: 0,
  overloadedPct: 0.1234,
  costRatio: 1.5678,
  scaleOuts: 8,
  scaleIns: 19,
  changesPerDay: 27,
  reversalsPerDay: 1.25,
};

describe('a decision', () => {
  test('says when, where, from how many to how many, and why', () => {
    expect(decisionLine(entry, MONDAY)).toBe(
      'Mon 08:14  prod/checkout  4 → 6: warm true 2 of 3 (cpu 71) asks 6 from 4',
    );
  });

  test('that was refused says by whom', () => {
    const refused = { ...entry, outcome: 'refused', error: 'AccessDeniedException' } as const;
    expect(decisionLine(refused, MONDAY)).toMatch(/asks 6 from 4 \[refused: AccessDeniedException]$/);
  });

  test('is news unless everything stayed as it was', () => {
    expect(isNews(entry)).toBe(true);
    expect(isNews({ ...entry, outcome: 'retryable' })).toBe(true);
    expect(isNews({ ...entry, outcome: 'held' })).toBe(false);
  });
});

test('a moment has its weekday in the first week and its date after it', () => {
  expect(moment(MONDAY + 6 * 1440 * MINUTE, MONDAY)).toBe('Sun 00:00');
  expect(moment(MONDAY + 7 * 1440 * MINUTE, MONDAY)).toBe('12 Jan 00:00');
});

test('progress: how far, where in virtual time, how long still', () => {
  expect(progressLine(0.25, MONDAY + 360 * MINUTE, MONDAY, 10_000)).toBe(' 25 %  Mon 06:00, 30 s left');
  expect(progressLine(0.25, MONDAY + 360 * MINUTE, MONDAY, 600_000)).toBe(' 25 %  Mon 06:00, 30 min left');
});

test('the first line says what is played', () => {
  expect(startLine({ trace: 'nasa', days: 3 }, 'prod/checkout', 4320)).toBe(
    'nasa on prod/checkout: 3 days of virtual time, 4,320 ticks',
  );
});

test('the summary is a table without colours', () => {
  const cells = summaryTable(summary)
    .split('\n')
    .map((line) => line.split('│').map((cell) => cell.trim()))
    .filter((row) => row.length > 1)
    .map(([, name, value]) => `${name} ${value}`);
  expect(cells).toEqual([
    'Overloaded 0.12 %',
    'Cost 1.57',
    'Changes 27',
    'Reversals 1.25',
    'Scale outs 8',
    'Scale ins 19',
    'Gaps 0',
  ]);
});

test('the JSON has exactly the documented fields, in their order', () => {
  expect(summaryJson({ ...summary, costRatio: null })).toBe(
    '{"trace":"a seeded day","days":1,"ticks":1440,"scaleOuts":8,"scaleIns":19,"overloadedPct":0.1234,"costRatio":null,' +
      '"changesPerDay":27,"reversalsPerDay":1.25,"page":"pages/run.html"}',
  );
});
