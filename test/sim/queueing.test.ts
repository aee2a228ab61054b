/** Waiting in front of one task, against published numbers and against the laws of conservation. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { erlangC, flowThrough, responseTimes, steadyWait, waitQuantile } from '../../lib/sim/queueing.ts';

const POISSON = { arrivals: 1, service: 1 };

describe('the steady state', () => {
  // p99 of the wait in service times, for 1, 2, 4 and 8 servers at these utilisations.
  const utilisations = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
  test.each([
    [1, [7.8, 10.2, 14.2, 21.9, 45, 91]],
    [2, [3.5, 4.8, 6.8, 10.7, 22, 45]],
    [4, [1.4, 2.1, 3.1, 5.1, 10.9, 22.5]],
    [8, [0.4, 0.8, 1.4, 2.4, 5.3, 11.1]],
  ])('%d servers wait as the tables say', (servers, expected) => {
    const waits = utilisations.map((rho) => waitQuantile(steadyWait(rho, servers, 1, POISSON), 0.99));
    // The tables are rounded to a tenth.
    for (const [i, wait] of waits.entries()) {
      const table = expected[i] ?? Number.NaN;
      expect([table, Math.abs(wait - table) <= Math.max(0.06, 0.015 * table)]).toEqual([table, true]);
    }
  });

  test('Erlang C of two servers at 75 % is nine fourteenths', () => {
    expect(erlangC(2, 1.5)).toBeCloseTo(9 / 14, 12);
    expect(erlangC(1, 0.4)).toBeCloseTo(0.4, 12);
  });

  test('steadier work waits less: half the spread of arrivals and service, half the wait', () => {
    const random = steadyWait(0.8, 4, 1, POISSON).meanSeconds;
    expect(steadyWait(0.8, 4, 1, { arrivals: 1, service: 0 }).meanSeconds).toBeCloseTo(random / 2, 12);
  });
});

describe('above saturation', () => {
  const rate = fc.double({ min: 0, max: 500, noNaN: true });
  const queue = fc.record({ backlog: fc.double({ min: 0, max: 1500, noNaN: true }), arriving: rate });

  test('no request is lost: before + arrived = served + given up + left', () => {
    fc.assert(
      fc.property(queue, fc.double({ min: 0.1, max: 300, noNaN: true }), ({ backlog, arriving }, seconds) => {
        const flow = { served: 0, timedOut: 0, backlog };
        flowThrough(flow, arriving, 100, 15, seconds);
        expect(flow.served + flow.timedOut + flow.backlog).toBeCloseTo(backlog + arriving * seconds, 6);
        expect(flow.served).toBeGreaterThanOrEqual(-1e-9);
        expect(flow.served).toBeLessThanOrEqual(100 * seconds + 1e-6);
        expect(flow.backlog).toBeLessThanOrEqual(1500 + 1e-9);
      }),
    );
  });

  test('two stretches give what one gives', () => {
    fc.assert(
      fc.property(queue, fc.double({ min: 0.01, max: 0.99, noNaN: true }), ({ backlog, arriving }, part) => {
        const once = { served: 0, timedOut: 0, backlog };
        flowThrough(once, arriving, 100, 15, 60);
        const twice = { served: 0, timedOut: 0, backlog };
        flowThrough(twice, arriving, 100, 15, 60 * part);
        const { served, timedOut } = twice;
        flowThrough(twice, arriving, 100, 15, 60 * (1 - part));
        expect(twice.backlog).toBeCloseTo(once.backlog, 6);
        expect(twice.served + served).toBeCloseTo(once.served, 6);
        expect(twice.timedOut + timedOut).toBeCloseTo(once.timedOut, 6);
      }),
    );
  });
});

test('response times have the mean that service time and mean wait add up to', () => {
  const wait = steadyWait(0.8, 4, 0.04, POISSON);
  const mix = { utilisation: 0.8, backloggedShare: 0, leastWaitSeconds: 0, mostWaitSeconds: 0 };
  const times = responseTimes(mix, 4, 0.04, POISSON);
  const mean = times.reduce((total, time) => total + time, 0) / times.length;
  expect(mean / (0.04 + wait.chance * wait.meanSeconds)).toBeCloseTo(1, 1);
});
