/** What docs/signals.md promises: its table against the code that reads and prices signals, its examples against the code that takes them. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { billOf } from '../../../lib/aws/cost/bill.ts';
import { PRICES, plus } from '../../../lib/aws/cost/prices.ts';
import { usageOf } from '../../../lib/aws/cost/usage.ts';
import { readEvents } from '../../../lib/aws/events.ts';
import { parsePrometheusEndpoints } from '../../../lib/aws/signals/promql/endpoints.ts';
import { dollarsText } from '../../../lib/cli/dollars.ts';
import { parsePolicies } from '../../../lib/policy/document/parse.ts';
import type { PolicySet } from '../../../lib/policy/policy.ts';
import { schmitt } from '../../cli/schmitt.ts';

const page = readFileSync(join(resolve(import.meta.dirname, '../../..'), 'docs/signals.md'), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, body = '']) => body);
const rows = [...page.matchAll(/^\| `(\{.*\})` \| (\d+) s \| (\d+) s \| [^|]* \| ([^|]+) \| [^|]+ \|$/gm)].map(
  ([, signal = '', period, delay, dollars = '']) => [signal, Number(period), Number(delay), dollars] as const,
);

/** A signal of a row beside those that it is made of, or these alone. */
function policyWith(row: string, cadenceSeconds: number, own: boolean): PolicySet {
  const others = [`free: { pushed: true }`];
  if (row.includes('rps')) others.push('rps: { alb: RequestCount, per: minute }');
  if (row.includes('hosts')) others.push('hosts: { alb: HealthyHostCount }');
  const signals = own ? [...others, `one: ${row}`] : others;
  const when = signals.map((signal) => `${signal.split(':')[0]} > 1`).join(' || ');
  const text = `
version: 1
services:
  - service: prod/checkout
    cadence: ${cadenceSeconds}s
    capacity: { min: 2, max: 60 }
    signals:
${signals.map((signal) => `      ${signal}`).join('\n')}
    scaleOut: [{ name: hot, when: '${when}', add: 1, trueFor: 1 of 1 }]
`;
  return parsePolicies([{ name: 'page.yaml', text }]);
}

/** What one service's reads cost more by this signal. */
function dollarsOf(row: string, cadenceSeconds: number): string {
  const reads = (own: boolean) => {
    const { items } = billOf(usageOf(policyWith(row, cadenceSeconds, own), PRICES.monthHours), PRICES);
    return plus(
      ...items.filter(({ name }) => name === 'reads' || name === 'fine metrics').map(({ dollars }) => dollars),
    );
  };
  const [with_, without] = [reads(true), reads(false)];
  return dollarsText({ low: with_.low - without.low, high: with_.high - without.high });
}

describe('the table', () => {
  test('has a row for each source', () => {
    const sources = rows.map(([signal]) => /^\{ (\w+):/.exec(signal)?.[1]);
    expect(new Set(sources)).toEqual(new Set(['ecs', 'alb', 'cloudwatch', 'math', 'sqs', 'promql', 'pushed']));
  });

  test.each(rows)('%s: every %p s, settled after %p s, %s dollars a month', (signal, period, delay, dollars) => {
    const cadenceSeconds = Math.min(60, period);
    const [policy] = policyWith(signal, cadenceSeconds, true).services;
    expect(policy?.signals.one).toMatchObject({ periodSeconds: period, publicationDelaySeconds: delay });
    expect(dollarsOf(signal, cadenceSeconds)).toBe(dollars);
  });
});

describe('the examples', () => {
  test('a number is pushed as it is written', () => {
    const [example = '{}'] = blocks('json');
    const { DetailType, Detail } = JSON.parse(example);
    const event = { id: 'e', time: '2026-11-20T08:00:01Z', 'detail-type': DetailType, detail: JSON.parse(Detail) };
    const at = Date.parse('2026-11-20T08:00:00Z');
    expect(readEvents(event)).toMatchObject({
      events: [{ cluster: 'prod', service: 'checkout', signal: 'load', value: 412, at }],
    });
  });

  test('servers are taken as they are written', () => {
    const [, example = '{}'] = blocks('json');
    expect(parsePrometheusEndpoints(example, { PROMETHEUS_TOKEN: 'secret' })).toMatchObject({
      amp: { authorization: { kind: 'sigv4', service: 'aps' } },
      cloudwatch: { url: 'https://monitoring.eu-west-1.amazonaws.com' },
      own: { authorization: { kind: 'bearer' }, scope: { svc: '{service}' } },
    });
  });

  test.each(blocks('sh').map((block) => block.trim()))(
    '%s',
    async (command) => {
      const { exitCode, stdout } = await schmitt(command.replace('npx schmitt ', '').split(' '));
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^A month of 100 services, /);
      expect(stdout).toMatch(/^target tracking +[\d.]+ +\d+ alarms on the same signals$/m);
    },
    60_000,
  );
});
