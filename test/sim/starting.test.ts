/** The start-up law: medians, percentiles, failures, the account's bucket. */
import { describe, expect, test } from '@jest/globals';
import { quantileSorted } from 'simple-statistics';
import { LaunchBucket, launches, type StartClass, startSecondsQuantile } from '../../lib/sim/starting.ts';

function drawn(startClass: StartClass, seed = 1, count = 20_000) {
  const next = launches(seed, startClass, 30);
  return Array.from({ length: count }, () => next());
}

describe('launching', () => {
  test.each([
    ['fast', 25, 45],
    ['medium', 45, 80],
    ['heavy', 75, 150],
  ] as const)('%s: median %d s, p95 %d s', (startClass, median, p95) => {
    const seconds = drawn(startClass).map(({ runningAfterMs }) => runningAfterMs / 1000);
    seconds.sort((a, b) => a - b);
    expect(Math.abs(quantileSorted(seconds, 0.5) - median)).toBeLessThanOrEqual(1);
    expect(Math.abs(quantileSorted(seconds, 0.95) / p95 - 1)).toBeLessThan(0.03);
  });

  test('the pull begins 8 to 12 s in, and before the task runs', () => {
    for (const { pullAfterMs, runningAfterMs } of drawn('fast')) {
      expect(pullAfterMs).toBeLessThanOrEqual(runningAfterMs);
      if (runningAfterMs > 16_000) expect(pullAfterMs >= 8000 && pullAfterMs <= 12_000).toBe(true);
    }
  });

  test('the health check passes within one interval, evenly', () => {
    const waits = drawn('fast').map(({ healthyAfterRunningMs }) => healthyAfterRunningMs / 1000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30);
    expect(waits.reduce((total, wait) => total + wait, 0) / waits.length).toBeCloseTo(15, 0);
  });

  test('one launch in two hundred fails', () => {
    const failed = drawn('fast', 3).filter(({ fails }) => fails).length;
    expect(failed / 20_000).toBeCloseTo(0.005, 2);
    expect(failed).toBeGreaterThan(60);
  });

  test('the k-th launch is the same for every run with the seed, and another with another', () => {
    expect(drawn('fast', 7, 50)).toEqual(drawn('fast', 7, 50));
    expect(drawn('fast', 7, 50)).not.toEqual(drawn('fast', 8, 50));
  });

  test('the computed percentile of starting is that of the draws', () => {
    const seconds = drawn('medium').map((launch) => (launch.runningAfterMs + launch.healthyAfterRunningMs) / 1000);
    seconds.sort((a, b) => a - b);
    for (const p of [0.5, 0.95]) {
      expect(Math.abs(startSecondsQuantile('medium', 30, p) / quantileSorted(seconds, p) - 1)).toBeLessThan(0.02);
    }
  });
});

describe('the account bucket', () => {
  test('grants a hundred at once, then twenty a second', () => {
    const bucket = new LaunchBucket(0);
    const granted = Array.from({ length: 161 }, () => bucket.grant(0));
    expect(granted.slice(0, 100)).toEqual(Array(100).fill(0));
    expect(granted.slice(100, 120)).toEqual(Array(20).fill(1000));
    expect(granted.slice(140, 160)).toEqual(Array(20).fill(3000));
    expect(granted[160]).toBe(4000);
  });

  test('fills up again while nothing is launched', () => {
    const bucket = new LaunchBucket(0);
    for (let i = 0; i < 100; i++) bucket.grant(0);
    const later = Array.from({ length: 41 }, () => bucket.grant(2000));
    expect(later.filter((at) => at === 2000)).toHaveLength(40);
    expect(bucket.grant(3_600_000)).toBe(3_600_000);
  });
});
