/** How far back is read, and in which periods. The source is asked as a tick would ask it; it keeps what it was asked. */
import { expect, test } from '@jest/globals';
import { readPast } from '../../lib/aws/history-metrics.ts';
import type { SignalQuery, Signals } from '../../lib/loop/ports.ts';
import type { Datapoint } from '../../lib/policy/observation.ts';
import type { SignalSpec } from '../../lib/policy/policy.ts';

const NOW = Date.UTC(2026, 5, 30, 12);
const DAY = 86_400_000;
const MINUTE = 60_000;
const SPEC: SignalSpec = {
  ...{ stat: 'Sum', periodSeconds: 60, publicationDelaySeconds: 50, scale: 1, averagedOverTasks: false },
  source: { kind: 'alb', metric: 'RequestCount' },
  whenMissing: { kind: 'unknown' },
};
const query = (spec: Partial<SignalSpec> = {}): SignalQuery => ({
  ...{ cluster: 'prod', service: 'checkout', name: 'requests', periods: 1 },
  spec: { ...SPEC, ...spec },
});

/** One datapoint at the beginning of each stretch and one at its end. */
function source() {
  const asked: { from: number; to: number; periodSeconds: number }[] = [];
  const signals: Signals = {
    async read(queries, now) {
      return queries.map(({ spec, periods }) => {
        const periodMs = spec.periodSeconds * 1000;
        const from = now - periods * periodMs;
        asked.push({ from, to: now, periodSeconds: spec.periodSeconds });
        const values: Datapoint[] = [
          [from, spec.periodSeconds],
          [now - periodMs, spec.periodSeconds],
        ];
        return { status: 'complete', periodSeconds: spec.periodSeconds, values };
      });
    },
  };
  return { asked, signals };
}

const read = (signals: Signals, days: number, spec?: Partial<SignalSpec>) => {
  const { signal: abort } = new AbortController();
  return readPast(signals, [query(spec)], { from: NOW - days * DAY, to: NOW, now: NOW, abort });
};

test('a fortnight is read minute by minute', async () => {
  const { asked, signals } = source();
  await read(signals, 14);
  expect(asked).toEqual([{ from: NOW - 14 * DAY, to: NOW, periodSeconds: 60 }]);
});

test('what is older comes in five minutes, without a gap or an overlap, and a sum is shared by its minutes', async () => {
  const { asked, signals } = source();
  const [past] = await read(signals, 20);
  const [old, young] = asked;
  expect(asked.map(({ periodSeconds }) => periodSeconds)).toEqual([300, 60]);
  expect([old?.from, old?.to, young?.to]).toEqual([NOW - 20 * DAY, young?.from, NOW]);
  expect((young?.from ?? 0) >= NOW - 15 * DAY).toBe(true);
  const first = past?.values.slice(0, 5);
  expect(first).toEqual([0, 1, 2, 3, 4].map((minute) => [NOW - 20 * DAY + minute * MINUTE, 60]));
  expect(past?.values).toHaveLength(12);
});

test('an average is the same in each of its minutes', async () => {
  const [past] = await read(source().signals, 20, { stat: 'Average' });
  expect(past?.values[0]?.[1]).toBe(300);
});

test('a signal coarser than what is kept stays as it is, a finer one is spread', async () => {
  const [coarse] = await read(source().signals, 2, { periodSeconds: 300, stat: 'Average' });
  const [fine] = await read(source().signals, 2, { periodSeconds: 20, stat: 'Average' });
  expect([coarse?.values.length, fine?.values.length]).toEqual([2, 6]);
});

test('a fault of one stretch is that of the whole', async () => {
  const { signals } = source();
  let calls = 0;
  const failing: Signals = {
    read: async (queries, now, abort) => {
      calls += 1;
      const readings = await signals.read(queries, now, abort);
      return calls > 1 ? readings : readings.map((one) => ({ ...one, status: 'failed', cause: 'throttled' }));
    },
  };
  expect(await read(failing, 20)).toMatchObject([{ status: 'failed', cause: 'throttled' }]);
});
