/** What an operator reads of a shadow. */
import { describe, expect, test } from '@jest/globals';
import type { Operator } from '../../../lib/cli/operator/operator.ts';
import { shadowReport, shadowReportOf } from '../../../lib/cli/operator/shadow-report.ts';
import type { Tally } from '../../../lib/counterfactual/tally.ts';
import { memoryServices } from '../../../lib/loop/memory-services.ts';
import { memoryStore } from '../../../lib/loop/memory-store.ts';

const DAY = 86_400;
const SINCE = Date.UTC(2026, 10, 17, 8);
const TALLY: Tally = {
  v: 1,
  policy: 'e5e0399957c2529f',
  since: SINCE,
  until: SINCE + 3 * DAY * 1000,
  judgedTo: SINCE + 3 * DAY * 1000 - 120_000,
  watchedSeconds: 3 * DAY,
  judgedSeconds: 3 * DAY,
  saturatedSeconds: 0,
  overloaded: { words: 'cpu above 90 %', byCpu: true },
  ours: { desired: 8, overloadedSeconds: 120, taskSeconds: 410 * 3600, changes: 40 },
  oursBetween: { least: 60, most: 300 },
  theirs: { desired: 12, overloadedSeconds: 660, taskSeconds: 655 * 3600, changes: 62 },
  modelled: { p95: 'from utilisation' },
};
const PRICE = { dollarsPerHour: 0.05, why: '1 vCPU and 2 GB on Fargate, list price of us-east-1' };
const report = (more: Partial<Tally> = {}) => shadowReport('prod/checkout', { ...TALLY, ...more }, PRICE);
const firstLine = (text: string) => text.split('\n')[0];

describe('the first line', () => {
  test('is the score: minutes, task-hours, dollars, and what is modelled', () => {
    // 245 task-hours less in 72 hours are 2,484 in a month of 730.
    expect(firstLine(report())).toBe(
      'prod/checkout over 3 days: minutes overloaded (cpu above 90 %) ours 2 (1 to 5), theirs 11; task-hours ours 410, theirs 655 (−37 %), about $124 a month less at $0.05 per task-hour; modelled parts: p95 (from utilisation).',
    );
  });

  test('says as plainly where ours costs more', () => {
    const dear = { ...TALLY.ours, taskSeconds: 700 * 3600 };
    expect(firstLine(report({ ours: dear, modelled: {}, oursBetween: { least: 120, most: 120 } }))).toContain(
      'ours 2, theirs 11; task-hours ours 700, theirs 655 (+7 %), about $23 a month more at $0.05 per task-hour; modelled parts: none.',
    );
  });

  test('never shows a zero where nothing was known', () => {
    expect(report({ judgedSeconds: 0 })).toContain('minutes overloaded unknown, since no load was known');
    const { overloaded: _, ...blind } = TALLY;
    expect(shadowReport('prod/checkout', blind, PRICE)).toContain(
      'unknown, since the policy reads nothing that tells them',
    );
  });

  test('is a sentence of its own where there is no score', () => {
    const none = 'prod/checkout has no score yet: it is not in mode shadow, or its first two ticks have not come.';
    expect(shadowReport('prod/checkout', undefined, PRICE)).toBe(none);
    expect(report({ watchedSeconds: 0 })).toBe(none);
  });
});

describe('what a reader must know before believing it', () => {
  test('saturation, gaps, a short watch, and idle CPU', () => {
    const text = report({ saturatedSeconds: 720, judgedSeconds: 0.4 * DAY, watchedSeconds: 0.5 * DAY });
    expect(text).toContain('Less than a day: it does not show what a night or a morning asks for.');
    expect(text).toContain('The load was known 80 % of the time only.');
    expect(text).toContain('For 12 min the real tasks were saturated');
    expect(text).toContain('Idle CPU is not told apart from work');
  });

  test('is left out where it does not apply', () => {
    const text = report({
      overloaded: { words: 'rps above 120 a task', byCpu: false },
      oursBetween: { least: 0, most: 0 },
    });
    expect(text.split('\n')).toHaveLength(4);
  });
});

describe('for an operator', () => {
  const arn = 'arn:aws:ecs:eu-west-1:123456789012:service/prod/checkout';

  /** The score lies in shard 1. */
  async function operator(): Promise<Operator> {
    const [services, store] = [memoryServices(), memoryStore()];
    services.put({ cluster: 'prod', service: 'checkout' }, { desired: 4, running: 4 });
    const abort = new AbortController().signal;
    await store.saveRings('1', { rev: 0, rings: {}, tallies: { [arn]: TALLY } }, abort);
    return { services, store, abort, taskPrice: async () => PRICE } as Partial<Operator> as Operator;
  }

  test('it is found in whichever shard has it', async () => {
    const text = await shadowReportOf(await operator(), 'prod/checkout', { shards: ['0', '1'] });
    expect(text).toBe(report());
    expect(text).toContain('\n  A task-hour is 1 vCPU and 2 GB on Fargate, list price of us-east-1.\n');
    expect(await shadowReportOf(await operator(), 'prod/checkout', { shards: ['0'] })).toContain('has no score yet');
  });

  test('a price that is given is taken as it is', async () => {
    const text = await shadowReportOf(await operator(), 'prod/checkout', { shards: ['1'], price: '0.1' });
    expect(text).toContain('about $248 a month less at $0.1 per task-hour');
    expect(text).toContain('\n  A task-hour is as --price says.\n');
  });

  test.each(['free', '0', '-1', ''])('--price %j is refused in one sentence', async (price) => {
    await expect(shadowReportOf(await operator(), 'prod/checkout', { shards: ['0'], price })).rejects.toThrow(
      `--price is '${price}'; give dollars per task-hour above 0, as in 0.049.`,
    );
  });
});
