/** What the numbers of a policy mean is found by playing it; each expectation here can be counted on one's fingers. */
import { describe, expect, test } from '@jest/globals';
import { type Meaning, meaning, meaningSentence } from '../../lib/policy/meaning/meaning.ts';
import type { ServicePolicy } from '../../lib/policy/policy.ts';
import { checkoutPolicies } from '../support/policy-texts.ts';

const WARM = "{ name: warm, when: 'cpu > 70', add: 1 }";
const CALM = "{ name: calm, when: 'cpu < 40', remove: 1, trueFor: 1 of 1 }";
/** Nothing waits for anything but its evidence. */
const FREE = "{ cooldown: 0s, stabilization: 0s, upTo: '100%' }";

function policyOf(fields: Readonly<Record<string, string>>): ServicePolicy {
  const all: Record<string, string> = {
    capacity: '{ min: 2, max: 12 }',
    scaleOut: `[${WARM}]`,
    scaleIn: `[${CALM}]`,
    pace: `{ out: ${FREE}, in: ${FREE} }`,
    ...fields,
  };
  const lines = Object.entries(all).map(([key, value]) => `${key}: ${value}`);
  const [policy] = checkoutPolicies(...lines).services;
  if (policy === undefined) throw new Error('the document has no service');
  return policy;
}

const of = (fields: Readonly<Record<string, string>>): Meaning => meaning(policyOf(fields));
const says = (fields: Readonly<Record<string, string>>): string => meaningSentence(of(fields));

describe('first out', () => {
  test('a period, its publication delay, and the next turn', () => {
    expect(of({}).firstOut).toEqual({ seconds: 120 });
  });

  test('every further period of trueFor adds itself', () => {
    expect(of({ scaleOut: `[${WARM.replace(' }', ', trueFor: 3 of 3 }')}]` }).firstOut).toEqual({ seconds: 240 });
  });

  test('a late signal makes it later', () => {
    const signals = '{ cpu: { ecs: CPUUtilization, publicationDelay: 3m } }';
    expect(of({ signals }).firstOut).toEqual({ seconds: 240 });
  });

  test('a fine signal and a fine cadence make it sooner', () => {
    const signals = '{ cpu: { ecs: CPUUtilization, period: 20s } }';
    expect(of({ signals, cadence: '20s' }).firstOut).toEqual({ seconds: 40 });
  });

  test('stabilization towards out is waited for: five minutes after the last quiet turn', () => {
    const pace = `{ out: { cooldown: 0s, stabilization: 5m, upTo: '100%' }, in: ${FREE} }`;
    expect(of({ pace }).firstOut).toEqual({ seconds: 60 + 300 });
  });

  test('each rule and target speaks for itself', () => {
    const signals = '{ cpu: { ecs: CPUUtilization }, jobs: { sqs: jobs } }';
    const targets = '[{ backlog: jobs, finishWithin: 30s, secondsPerMessage: 2 }]';
    const scaleOut = `[${WARM.replace(' }', ', trueFor: 3 of 3 }')}]`;
    expect(of({ signals, targets, scaleOut }).firstOutBy).toEqual([
      { name: 'warm', seconds: 240 },
      { name: 'backlog jobs', seconds: 60 },
    ]);
  });

  test('a rule about a change of load is played with the largest change', () => {
    expect(of({ scaleOut: '[{ name: rising, when: "slope(cpu, \'5m\') > 0.1", add: 1 }]' }).firstOut).toEqual({
      seconds: 120,
    });
  });
});

describe('first in and the way to min', () => {
  test.each(['10s', '20s', '30s', '1m', '5m'])('a queue beside a CPU scales in at a cadence of %s', (cadence) => {
    const signals = '{ cpu: { ecs: CPUUtilization }, jobs: { sqs: jobs } }';
    const scaleIn = "[{ name: calm, when: 'cpu < 40 && jobs < 10', remove: 1, trueFor: 3 of 3 }]";
    const { firstIn, down } = of({ cadence, signals, scaleIn });
    // Three periods of the coarser signal, known 50 s after the last, and the turn that sees it.
    const period = cadence === '5m' ? 300 : 60;
    expect(firstIn).toEqual({ seconds: expect.any(Number) });
    expect(firstIn.seconds).toBeGreaterThanOrEqual(3 * period);
    expect(firstIn.seconds).toBeLessThanOrEqual(5 * period);
    expect(down).toMatchObject({ to: 2, ended: 'reached' });
  });

  test('the usual numbers', () => {
    const usual = "{ name: calm, when: 'cpu < 40', remove: 1, trueFor: 6 of 6 }";
    const sentence = says({
      capacity: '{ min: 2, max: 60 }',
      scaleIn: `[${usual}]`,
      pace: '{ out: normal, in: normal }',
    });
    expect(sentence).toBe(
      'first out 2 min after the load, first in after 11 min, 60 → 2 in 5 h 53 min, 2 → 60 in 2 h 53 min',
    );
  });

  test('one task a turn, once the evidence is newer than the last step', () => {
    expect(of({}).down).toEqual({ from: 12, to: 2, seconds: 120 + 9 * 120, ended: 'reached' });
  });

  test('a step of half at a time goes down by halves', () => {
    const scaleIn = "[{ name: calm, when: 'cpu < 40', removePercent: 50, trueFor: 1 of 1 }]";
    expect(of({ capacity: '{ min: 1, max: 16 }', scaleIn }).down).toMatchObject({ to: 1, seconds: 120 + 3 * 120 });
  });

  test('a target goes at once where nothing damps, and doubles where its step limit says so', () => {
    const signals = '{ rps: { alb: RequestCount, per: second } }';
    const targets = '[{ signal: rps, perTask: 100 }]';
    expect(says({ signals, targets, scaleOut: '[]', scaleIn: '[]' })).toBe(
      'first out 2 min after the load, first in after 2 min, 12 → 2 in 2 min, 2 → 12 in 4 min',
    );
  });
});

describe('what never happens is said, with the cause', () => {
  test.each([
    [
      'a guard that always holds',
      { guard: "{ holdInWhile: ['cpu < 50'] }" },
      'never scales in (hold 12: calm true 1 of 1 (cpu 0.01) asks 11 from 12; no scale-in: cpu < 50)',
    ],
    ['no rule towards in', { scaleIn: '[]' }, 'never scales in (no rule in scaleIn and no target)'],
    ['no rule towards out', { scaleOut: '[]' }, 'never scales out (no rule in scaleOut and no target)'],
    ['a step that ends early', { scaleIn: "[{ name: calm, when: 'cpu < 40', setTo: 4 }]" }, '12 → 4 in'],
    ['a fixed count', { capacity: '{ min: 4, max: 4 }' }, 'always 4'],
  ])('%s', (_, fields, words) => {
    expect(says(fields)).toContain(words);
  });

  test('schedules and freezes do not change what the numbers mean', () => {
    const freeze = "[{ cron: '0 0 * * *', lasts: 24h }]";
    const schedule = "[{ cron: '0 0 * * *', lasts: 24h, min: 9 }]";
    expect(of({ freeze, schedule })).toEqual(of({}));
  });
});

test('a way of weeks is cut off after a bounded time and says so', () => {
  // Of the processor: others may be busy with it too.
  const before = process.cpuUsage();
  const sentence = says({ capacity: '{ min: 2, max: 5000 }', pace: '{ out: slow, in: slow }' });
  expect(sentence).toMatch(/5000 → 2 takes more than 6 days \(\d+ by then\), 2 → 5000 takes more than 6 days/);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(10_000);
}, 60_000);

test('a learned start time counts', () => {
  const slow = meaning(policyOf({ pace: '{ out: { preset: normal }, in: normal }' }), {
    startSeconds: { p50: 300, p95: 400 },
  });
  const fast = meaning(policyOf({ pace: '{ out: { preset: normal }, in: normal }' }), {
    startSeconds: { p50: 30, p95: 40 },
  });
  expect(slow.up.seconds).toBeGreaterThan((fast.up.seconds ?? 0) + 9 * 200);
  expect(slow.firstOut).toEqual(fast.firstOut);
});
