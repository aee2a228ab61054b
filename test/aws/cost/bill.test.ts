/** A month's bill, against figures worked out by hand. */
import { describe, expect, test } from '@jest/globals';
import { type BillItem, billOf } from '../../../lib/aws/cost/bill.ts';
import { PRICES } from '../../../lib/aws/cost/prices.ts';
import { usageOf } from '../../../lib/aws/cost/usage.ts';
import type { PolicySet, ServicePolicy, SignalSpec } from '../../../lib/policy/policy.ts';
import { cpu, policy, queue, rps } from '../../support/story.ts';

const plain: SignalSpec = { ...cpu, averagedOverTasks: false };
const promql: SignalSpec = { ...rps, source: { kind: 'promql', query: 'sum(rate(a[2m]))', from: 'amp' } };

function setOf(...services: ServicePolicy[]): PolicySet {
  return { version: 'v1', services, tagged: [], groups: [], allow: [], deny: [] };
}

const bill = (set: PolicySet, services?: number) => billOf(usageOf(set, PRICES.monthHours, services), PRICES);
const dollars = (set: PolicySet, name: BillItem['name'], services?: number) =>
  bill(set, services).items.find((item) => item.name === name)?.dollars;

describe('reads', () => {
  test('three metrics each minute cost 1.31 a service, and 13,140 for ten thousand', () => {
    const three = setOf(policy({ signals: { a: plain, b: rps, c: { ...plain, stat: 'Maximum' } } }));
    expect(dollars(three, 'reads')?.low).toBeCloseTo(1.314, 3);
    expect(dollars(three, 'reads', 10_000)?.high).toBeCloseTo(13_140, 0);
  });

  test('an average over tasks is two metrics: the tasks that made it are one more', () => {
    expect(dollars(setOf(policy({ signals: { cpu } })), 'reads')?.low).toBeCloseTo(0.876, 3);
  });

  test('a queue costs 0.018 a month at one minute and 0.053 at twenty seconds', () => {
    const jobs = { ...queue, source: { kind: 'sqs', queue: 'jobs', attribute: 'backlog' } } as const;
    expect(dollars(setOf(policy({ signals: { jobs } })), 'reads')?.low).toBeCloseTo(0.0175, 4);
    expect(dollars(setOf(policy({ signals: { jobs }, cadenceSeconds: 20 })), 'reads')?.low).toBeCloseTo(0.0526, 4);
  });

  test('the price of a Prometheus is a range that begins with nothing', () => {
    const reads = dollars(setOf(policy({ signals: { load: promql } })), 'reads');
    expect(reads?.low).toBe(0);
    expect(reads?.high).toBeGreaterThan(0.01);
  });

  test('what is off is not read, what a tag selects is', () => {
    const off = policy({ signals: { cpu }, mode: 'off' });
    expect(dollars(setOf(off), 'reads')).toEqual({ low: 0, high: 0 });
    const { cluster: _, service: __, ...tagged } = policy({ signals: { cpu } });
    const set = { ...setOf(), tagged: [{ tags: { schmitt: 'web' }, policy: tagged }] };
    expect(dollars(set, 'reads')?.low).toBeCloseTo(0.876, 3);
  });
});

describe('the same metrics through CloudWatch’s PromQL', () => {
  const enriched = (set: PolicySet, services?: number) => bill(set, services).enriched;

  test('count once, whatever is asked of them; enriching is by the gigabyte and looking by the sample', () => {
    const one = enriched(setOf(policy({ signals: { cpu, worst: { ...cpu, stat: 'Maximum' } } })));
    // 43,800 datapoints of 0.5 to 1.5 KB at 0.50 a GB, and 43,800 looks at 1 to 15 samples.
    expect(one.metrics).toBe(1);
    expect(one.low).toBeCloseTo(0.0104 + 0.0004, 3);
    expect(one.high).toBeCloseTo(0.0313 + 0.0066, 3);
  });

  test('a metric at 20 seconds has three times the datapoints', () => {
    const fine = { ...cpu, periodSeconds: 20 };
    const [slow, fast] = [cpu, fine].map((spec) => enriched(setOf(policy({ signals: { cpu: spec } }))));
    expect((fast?.low ?? 0) - (slow?.low ?? 0)).toBeCloseTo(2 * 0.0104, 3);
  });

  test('what is no metric of AWS has no part in it', () => {
    const own = {
      ...plain,
      source: { kind: 'cloudwatch', namespace: 'Shop', metric: 'Depth', dimensions: {} },
    } as const;
    expect(enriched(setOf(policy({ signals: { own, promql } })))).toEqual({ low: 0, high: 0, metrics: 0 });
    expect(enriched(setOf(policy({ signals: { cpu } })), 10_000).metrics).toBe(10_000);
  });
});

describe('the other items', () => {
  const one = setOf(policy({ signals: { cpu } }));

  test('are all there, and the total is their sum', () => {
    const { items, total } = bill(one);
    expect(items.map(({ name }) => name)).toEqual([
      ...['reads', 'Lambda', 'DynamoDB', 'schedule', 'logs', 'own metrics', 'alarms', 'dashboard', 'keys'],
    ]);
    expect(total.low).toBeCloseTo(
      items.reduce((sum, { dollars: { low } }) => sum + low, 0),
      6,
    );
    expect(total.low).toBeLessThan(total.high);
  });

  test('a shard serves 500 services: the 501st is a second tick a minute', () => {
    expect(usageOf(one, 730, 500).ticks).toBe(43_800);
    expect(usageOf(one, 730, 501).ticks).toBe(87_600);
  });

  test('one service in a hurry hurries its shard, and only itself is read more often', () => {
    const set = setOf(
      policy({ signals: { a: plain } }),
      policy({ service: 'b', signals: { a: plain }, cadenceSeconds: 20 }),
    );
    const usage = usageOf(set, 730);
    expect([usage.ticks, usage.delayedTicks]).toEqual([131_400, 87_600]);
    expect(usage.metricsRequested).toBe(43_800 * 4);
  });
});

describe('target tracking on the same signals', () => {
  test('has two alarms a signal, 0.10 each', () => {
    expect(bill(setOf(policy({ signals: { cpu, rps } }))).targetTracking).toEqual({ alarms: 4, low: 0.4, high: 0.4 });
  });

  test('at 20 s has alarms of 0.30, and metrics that cost', () => {
    const fine = setOf(policy({ signals: { cpu: { ...cpu, periodSeconds: 20 } }, cadenceSeconds: 20 }));
    const { alarms, low, high } = bill(fine).targetTracking;
    expect([alarms, low, high].map((one) => Math.round(one * 100) / 100)).toEqual([2, 0.7, 0.9]);
    expect(bill(fine).items.find(({ name }) => name === 'fine metrics')?.of).toBe('1 at 20 s');
  });
});
