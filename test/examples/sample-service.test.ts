/** The sample service of `examples/web-service`, run as real processes and scaled by the real tick. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parsePolicies } from '../../lib/policy/document/parse.ts';
import type { ServicePolicy } from '../../lib/policy/policy.ts';
import { shard } from '../loop/shard.ts';
import { type Fleet, startFleet } from './processes.ts';

const WEB = { cluster: 'prod', service: 'web' };
const MINUTE = 60_000;
const PER_TASK = 10;

const [policy] = parsePolicies([
  {
    name: 'web.yaml',
    text: `
version: 1
services:
  - service: prod/web
    mode: act
    capacity: { min: 2, max: 6 }
    signals: { rps: { alb: RequestCount, per: second, whenMissing: unknown } }
    targets: [{ signal: rps, perTask: ${PER_TASK} }]
    pace:
      out: { cooldown: 1m, stabilization: 0s, upTo: 300%, per: 1m }
      in: { cooldown: 1m, stabilization: 0s, upTo: 4 tasks, per: 1m }
`,
  },
]).services as [ServicePolicy];

let fleet: Fleet;
beforeEach(async () => {
  fleet = await startFleet(2);
});
afterEach(() => fleet.close());

/** Clients that send one request after the other until they are told to end; ends when the last has its answer. */
function load(clients: number) {
  let running = true;
  let answered = 0;
  let waiting: { readonly until: number; readonly resolve: () => void } | undefined;
  const client = async () => {
    while (running) {
      await (await fetch(fleet.endpoint)).text();
      answered += 1;
      if (waiting !== undefined && answered >= waiting.until) waiting.resolve();
    }
  };
  const all = Promise.all(Array.from({ length: clients }, client));
  return {
    /** Resolves when so many more requests have their answer. */
    more(count: number): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting = { until: answered + count, resolve };
      return promise;
    },
    async end() {
      running = false;
      await all;
    },
  };
}

/** The scaler, with the processes as its service and the load that is meant as its signal. */
function scaler() {
  const given = shard(policy);
  let rps = 0;
  given.signals.give(WEB, 'rps', () => rps * 60);
  return {
    /** A tick a minute, so many minutes long, with traffic in each: the counts after each. */
    async minutes(count: number, at: number, clients: ReturnType<typeof load>): Promise<number[]> {
      rps = at;
      const counts: number[] = [];
      for (let minute = 0; minute < count; minute += 1) {
        await clients.more(20);
        given.clock.advance(MINUTE);
        await given.run({ services: fleet.services });
        counts.push(fleet.count());
      }
      return counts;
    },
  };
}

test('scales from 2 to 6 and back to 2 under load and loses no request', async () => {
  const { minutes } = scaler();
  const clients = load(12);
  const counts = [
    ...(await minutes(3, 2 * PER_TASK, clients)),
    ...(await minutes(5, 6 * PER_TASK, clients)),
    ...(await minutes(12, 2, clients)),
  ];
  await clients.end();

  expect(counts.slice(0, 3)).toEqual([2, 2, 2]);
  expect(Math.max(...counts)).toBe(6);
  expect(counts.at(-1)).toBe(2);
  expect(fleet.served.requests).toBeGreaterThanOrEqual(400);
  expect(fleet.served.lost).toBe(0);

  await fleet.close();
  expect(fleet.stopped).toHaveLength(6);
  expect(fleet.stopped.every(({ code }) => code === 0)).toBe(true);
  // It would prove nothing if all of them had been idle when they were told to stop.
  expect(fleet.stopped.some(({ open }) => open > 0)).toBe(true);
}, 60_000);

describe('each process', () => {
  const ask = async (path: string) => {
    const answer = await fetch(`${fleet.endpoint}${path}`);
    return { status: answer.status, text: await answer.text() };
  };

  test('says that it lives, that it is ready, and what it did', async () => {
    expect(await ask('/healthz')).toEqual({ status: 200, text: 'alive\n' });
    expect(await ask('/readyz')).toEqual({ status: 200, text: 'ready\n' });
    await ask('/');
    await ask('/');
    const { text } = await ask('/metrics');
    expect(text).toMatch(/^# TYPE http_requests_total counter\nhttp_requests_total 1\n/);
  });
});
