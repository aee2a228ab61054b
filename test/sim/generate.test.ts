/** Loads made by the project. */
import { describe, expect, test } from '@jest/globals';
import { uniformAt } from '../../lib/sim/chance.ts';
import {
  constant,
  cronBursts,
  dayWithFlashCrowd,
  diurnal,
  flashCrowd,
  generate,
  noise,
  noisy,
  onOff,
  product,
  queueJobs,
  ramp,
  type Shape,
  scaled,
  spliced,
  step,
  sum,
  warped,
  weekly,
} from '../../lib/sim/generate.ts';
import { ratePercentile, sampledLoad } from '../../lib/sim/load.ts';

/** The shape at these hours. */
function at(shape: Shape, ...hours: readonly number[]): number[] {
  return hours.map((hour) => Number(shape(hour * 3600).toFixed(6)));
}

describe('shapes', () => {
  test.each<[string, Shape, readonly number[], readonly number[]]>([
    ['diurnal', diurnal({ low: 10, high: 30, peakHour: 15 }), [15, 3, 9, 39], [30, 10, 20, 30]],
    ['weekly', weekly({ weekend: 0.5 }), [0, 119, 120, 167, 168], [1, 1, 0.5, 0.5, 1]],
    ['ramp', ramp({ from: 2, to: 6, startHour: 7, endHour: 9 }), [0, 7, 8, 9, 24], [2, 2, 4, 6, 6]],
    ['step', step({ atHour: 5, before: 1, after: 3 }), [0, 4.99, 5, 9], [1, 1, 3, 3]],
    [
      'flash crowd',
      flashCrowd({ atHour: 2, height: 8, riseSeconds: 1800, halfLifeSeconds: 3600 }),
      [2, 2.25, 2.5, 3.5, 4.5],
      [0, 4, 8, 4, 2],
    ],
    ['on/off', onOff({ on: 9, off: 1, onSeconds: 3600, offSeconds: 7200 }), [0, 0.5, 1, 2.9, 3], [9, 9, 1, 1, 9]],
    [
      'cron bursts',
      cronBursts({ height: 5, everySeconds: 3600, lastsSeconds: 900, offsetSeconds: 1800 }),
      [0, 0.5, 0.7, 0.8, 1.5],
      [0, 5, 5, 0, 5],
    ],
    ['sum and product', sum(constant(1), product(constant(2), constant(3))), [0], [7]],
  ])('%s', (_, shape, hours, levels) => {
    expect(at(shape, ...hours)).toEqual(levels);
  });

  test('noise is a factor around 1, never negative, the same for the same seed', () => {
    const factor = noise({ seed: 4, sigma: 0.2, everySeconds: 60 });
    const drawn = Array.from({ length: 5000 }, (_, minute) => factor(minute * 60));
    expect(drawn.reduce((total, value) => total + value, 0) / drawn.length).toBeCloseTo(1, 1);
    expect(Math.min(...drawn)).toBeGreaterThan(0);
    expect(drawn[17]).toBe(noise({ seed: 4, sigma: 0.2, everySeconds: 60 })(17 * 60));
    expect(drawn[17]).not.toBe(noise({ seed: 5, sigma: 0.2, everySeconds: 60 })(17 * 60));
  });

  test('numbers by index are spread evenly', () => {
    const buckets = Array(10).fill(0);
    for (let i = 0; i < 10_000; i++) buckets[Math.floor(uniformAt(1, i) * 10)]++;
    expect(Math.min(...buckets)).toBeGreaterThan(850);
    expect(Math.max(...buckets)).toBeLessThan(1150);
  });
});

describe('the default day', () => {
  const day = dayWithFlashCrowd(1);
  const mean = (fromHour: number, toHour: number) => {
    const part = day.values.subarray(fromHour * 60, toHour * 60);
    return part.reduce((total, rate) => total + rate, 0) / part.length;
  };

  test('has 1,440 minutes, sleeps at night, works by day, and meets one crowd in the afternoon', () => {
    expect(day.values).toHaveLength(1440);
    expect(day.startsAt).toBe(Date.UTC(2026, 0, 5));
    expect(mean(10, 12)).toBeGreaterThan(2.5 * mean(2, 5));
    const peak = day.values.indexOf(Math.max(...day.values)) / 60;
    expect(peak).toBeGreaterThan(14);
    expect(peak).toBeLessThan(16.5);
    expect(Math.max(...day.values)).toBeGreaterThan(1.4 * mean(10, 12));
    expect(ratePercentile(day, 0.95)).toBeCloseTo(1200, 6);
  });

  test('is the same for the same seed, and another for another', () => {
    expect(dayWithFlashCrowd(1).values).toEqual(day.values);
    expect(dayWithFlashCrowd(2).values).not.toEqual(day.values);
  });
});

describe('queue jobs', () => {
  const jobs = (batchSize: number) =>
    queueJobs({
      name: 'jobs',
      hours: 48,
      seed: 3,
      jobsPerSecond: constant(5),
      batchSize,
      secondsPerJob: { median: 2, sigma: 0.5 },
    });

  test('come by chance, with the mean that was asked for', () => {
    const { load, meanSecondsPerJob } = jobs(1);
    expect(meanSecondsPerJob).toBeCloseTo(2 * Math.exp(0.125), 9);
    const mean = load.values.reduce((total, rate) => total + rate, 0) / load.values.length;
    expect(mean).toBeCloseTo(5, 1);
    expect(jobs(1).load.values).toEqual(load.values);
  });

  test('in batches they spread more', () => {
    const spread = ({ load }: { load: { values: Float64Array } }) =>
      Math.max(...load.values) - Math.min(...load.values);
    expect(spread(jobs(100))).toBeGreaterThan(3 * spread(jobs(1)));
  });
});

describe('changing a load', () => {
  const load = sampledLoad('steps', 0, 60, Float64Array.from([1, 2, Number.NaN, 4]));

  test('scaled, faster, slower, one after the other; unknown stays unknown', () => {
    expect([...scaled(load, 10).values]).toEqual([10, 20, Number.NaN, 40]);
    expect([...warped(load, 2).values]).toEqual([1, Number.NaN]);
    expect([...warped(load, 0.5).values]).toEqual([1, 1, 2, 2, Number.NaN, Number.NaN, 4, 4]);
    const joined = spliced(load, sampledLoad('other', 5000, 120, Float64Array.from([7])));
    expect([...joined.values]).toEqual([1, 2, Number.NaN, 4, 7, 7]);
    expect([joined.startsAt, joined.endsAt]).toEqual([0, 360_000]);
  });

  test('noisy around itself', () => {
    const flat = generate(constant(100), { name: 'flat', hours: 24 });
    const { values } = noisy(flat, { seed: 1, sigma: 0.1 });
    expect(values.reduce((total, rate) => total + rate, 0) / values.length).toBeCloseTo(100, -1);
    expect(new Set(values).size).toBeGreaterThan(1000);
  });
});
