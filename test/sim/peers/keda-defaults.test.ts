import { describe, expect, test } from '@jest/globals';
import { onQueue, play, repeat } from './keda-played.ts';
import type { Situation } from './seen.ts';

const onRate = { trigger: { kind: 'rate', perReplica: 10 } } as const;
const queued = (visible: number): Situation => ({ queue: { visible, inFlight: 0 }, min: 0 });
const unreadable: Situation = { min: 0 };

/** Fifteen seconds of so many requests a second. */
function rate(perSecond: number): Situation {
  const common = { at: 0, seconds: 15, servedPerSecond: perSecond, concurrency: 4, ready: 10, cpuPercent: 50 };
  return { sample: { ...common, arrivedPerSecond: perSecond } };
}

describe('KEDA documentation: scaling deployments, cooldownPeriod and initialCooldownPeriod', () => {
  test('the cooldown counts from the last activity, not from the first', () => {
    const load = [...repeat(queued(5), 40), ...repeat(queued(0), 30)];
    // The last poll that found a message was at 600 s.
    expect(play(onQueue, load, 1)).toEqual([[930, 0]]);
  });

  test('what was never active may go to zero at the first poll, unless it is given time', () => {
    expect(play(onQueue, repeat(queued(0), 4), 3)).toEqual([[30, 0]]);
    expect(play({ ...onQueue, initialCooldownSeconds: 60 }, repeat(queued(0), 8), 3)).toEqual([[90, 0]]);
  });
});

test('the maximum is its own, not the 100 that an unset one means', () => {
  expect(play(onQueue, repeat({ queue: { visible: 5000, inFlight: 0 }, max: 8 }, 4), 5)).toEqual([[15, 8]]);
  expect(play(onQueue, repeat({ queue: { visible: 5000, inFlight: 0 }, max: 300 }, 4), 200)).toEqual([[15, 300]]);
});

describe('KEDA documentation: fallback', () => {
  const fallback = { failureThreshold: 3, replicas: 6, behavior: 'static' } as const;

  test('failures count in a row: one reading that succeeds begins anew', () => {
    const reading: Situation = { queue: { visible: 50, inFlight: 0 } };
    const load = [...repeat({}, 3), reading, ...repeat({}, 3)];
    expect(play({ ...onQueue, fallback }, load, 5)).toEqual([]);
    expect(play({ ...onQueue, fallback }, [...load, {}], 5)).toEqual([[120, 6]]);
  });

  test('it wakes a workload at zero', () => {
    const changes = play({ ...onQueue, fallback }, repeat(unreadable, 8), 0);
    expect(changes).toEqual([
      [60, 1],
      [75, 5],
      [90, 6],
    ]);
  });

  test('a fallback of no replicas does not hold a workload up', () => {
    expect(play({ ...onQueue, fallback: { ...fallback, replicas: 0 } }, repeat(unreadable, 3), 5)).toEqual([[30, 0]]);
    expect(play(onQueue, repeat(unreadable, 40), 5)).toEqual([]);
  });
});

describe('KEDA on a rate, as the Prometheus scaler reads rate(…[1m])', () => {
  test('the last minute counts, no more and no less: 100, 100, 100 and 200 a second are 125', () => {
    const load = [...repeat(rate(100), 8), rate(200)];
    expect(play(onRate, load, 10)).toEqual([[135, 13]]);
  });

  test('a window that has just begun is as long as it is old', () => {
    expect(play(onRate, [rate(200)], 10)).toEqual([[15, 20]]);
  });

  test('where nobody knows the rate it is not zero', () => {
    expect(play(onRate, [...repeat(rate(100), 4), ...repeat({}, 60)], 10)).toEqual([]);
  });
});
