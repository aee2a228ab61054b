/** Who waited too long. */
import { describe, expect, test } from '@jest/globals';
import { erlangC } from '../../../lib/sim/queueing.ts';
import { defaultSlo, Lateness } from '../../../lib/sim/scoring/slo.ts';
import { emptyStretch } from '../../../lib/sim/serving.ts';
import { START, stage } from '../stage.ts';

const stretch = (facts: Partial<ReturnType<typeof emptyStretch>>) => ({ ...emptyStretch(), arrived: 1000, ...facts });
const WEB = new Lateness(defaultSlo('cpu', 100), 'cpu', 100);

describe('a service behind a load balancer', () => {
  test('allows a wait of four service times: 160 ms where a task does 4 at once and 100 a second', () => {
    expect(defaultSlo('cpu', 100)).toEqual({ kind: 'wait', seconds: 0.16 });
  });

  test.each([0.5, 0.6, 0.7, 0.8, 0.9])('at %p busy the share that waits longer is that of M/M/4', (utilisation) => {
    // P(W > 4 S) = C(4, 4 ρ) e^(−16 (1 − ρ)), written out from the textbook.
    const expected = 1000 * erlangC(4, 4 * utilisation) * Math.exp(-16 * (1 - utilisation));
    expect(WEB.of(stretch({ utilisation }))).toBeCloseTo(expected, 0);
  });

  test('has late minutes above 84 %, where its 95th percentile passes the limit', () => {
    expect(WEB.utilisation).toBeCloseTo(0.838, 2);
  });

  test.each([
    ['nobody waits', { utilisation: 0 }, 0],
    ['who is given up is late', { timedOut: 1000 }, 1000],
    ['a backlog of less than the limit', { backlogged: 1000, leastWaitSeconds: 0, mostWaitSeconds: 0.15 }, 0],
    ['a backlog beyond it', { backlogged: 1000, leastWaitSeconds: 0.2, mostWaitSeconds: 3 }, 1000],
    ['one that grows through it', { backlogged: 1000, leastWaitSeconds: 0, mostWaitSeconds: 0.64 }, 750],
    ['half of the tasks behind', { backlogged: 500, leastWaitSeconds: 1, mostWaitSeconds: 2, timedOut: 100 }, 600],
  ])('%s', (_, facts, late) => {
    expect(WEB.of(stretch(facts))).toBeCloseTo(late, 6);
  });
});

test('a limit of utilisation makes all requests above it late', () => {
  const lateness = new Lateness({ kind: 'utilisation', most: 0.7 }, 'cpu', 100);
  expect([0.69, 0.71].map((utilisation) => lateness.of(stretch({ utilisation })))).toEqual([0, 1000]);
  expect(lateness.utilisation).toBe(0.7);
});

test('a job of a queue may lie for a minute, however busy the workers are', () => {
  const lateness = new Lateness(defaultSlo('queue', 100), 'queue', 100);
  expect(lateness.of(stretch({ utilisation: 1 }))).toBe(0);
  expect(lateness.utilisation).toBe(1);
});

describe('the plant', () => {
  const late = (row: { requestsOverSlo?: number } | undefined) => row?.requestsOverSlo ?? Number.NaN;

  test('counts next to none at ease, and nearly all behind a backlog', () => {
    const { at } = stage((second) => (second < 600 ? 5 : 30), { desired: 10 });
    const rows = at(1200).rows();
    expect(late(rows[5]) / (rows[5]?.requests ?? 0)).toBeLessThan(0.001);
    expect(late(rows[15]) / (rows[15]?.requests ?? 0)).toBeGreaterThan(0.99);
    expect(rows[15]?.at).toBe(START + 15 * 60_000);
  });

  test('of a queue counts the jobs that come while more than a minute of work lies there', () => {
    const { at } = stage((second) => (second < 300 ? 6 : 1), { desired: 4, kind: 'queue' });
    const rows = at(600).rows();
    // Each minute leaves half a minute of work for four workers: the second one brings the pile to a minute.
    expect(rows.slice(0, 4).map((row) => Math.round((100 * late(row)) / row.requests))).toEqual([0, 0, 100, 100]);
  });
});
