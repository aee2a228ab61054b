/** What CloudWatch shows of the plant, and when. */
import { describe, expect, test } from '@jest/globals';
import { onOff } from '../../lib/sim/generate.ts';
import { loadOf, START, stage } from './stage.ts';

const MINUTE = 60_000;

function minutesOf(points: readonly { readonly startedAt: number }[]): number[] {
  return points.map(({ startedAt }) => (startedAt - START) / MINUTE);
}

describe('publication', () => {
  test('a minute is shown 50 s after its end, not a second sooner', () => {
    const { at, points } = stage(2);
    for (const metric of [
      'CPUUtilization',
      'MemoryUtilization',
      'RequestCount',
      'TargetResponseTime',
      'HealthyHostCount',
    ]) {
      const own = stage(2);
      own.at(600 + 49);
      expect([metric, minutesOf(own.points(metric)).at(-1)]).toEqual([metric, 8]);
      own.at(600 + 50);
      expect([metric, minutesOf(own.points(metric)).at(-1)]).toEqual([metric, 9]);
    }
    at(650);
    expect(points('CPUUtilization').at(-1)?.visibleAt).toBe(START + 650_000);
  });

  test('a period of 20 s is shown 14 s after its end; the load balancer keeps to its minute', () => {
    const { at, points, plant } = stage(2, { metricPeriodSeconds: 20 });
    at(600 + 13);
    expect(points('CPUUtilization').at(-1)?.startedAt).toBe(START + 560_000);
    at(600 + 14);
    expect(points('CPUUtilization').at(-1)?.startedAt).toBe(START + 580_000);
    expect(points('RequestCount').at(-1)?.startedAt).toBe(START + 480_000);
    const periods = Object.fromEntries(plant.metrics().map(({ name, periodSeconds }) => [name, periodSeconds]));
    expect(periods).toMatchObject({ CPUUtilization: 20, MemoryUtilization: 20, RequestCount: 60 });
  });

  test('datapoints lie on the minutes of the clock, whenever the load began', () => {
    const load = { ...loadOf(2), startsAt: START + 17_000, rateAt: () => 200 };
    const { values: _, ...unsampled } = load;
    const { at, points, plant } = stage(2, { load: unsampled });
    at(600);
    expect(points('RequestCount').every(({ startedAt }) => startedAt % MINUTE === 0)).toBe(true);
    expect(points('RequestCount')[0]?.sum).toBe(43 * 200);
    expect(plant.rows()[0]).toMatchObject({ at: START, load: 200, requests: 43 * 200 });
  });

  test('three hours are kept, or all', () => {
    const kept = stage(2, { load: loadOf(2, 8) });
    const all = stage(2, { load: loadOf(2, 8), metricHours: 'all' });
    for (const { at, points } of [kept, all]) {
      at(8 * 3600);
      expect(minutesOf(points('CPUUtilization')).at(-1)).toBe(478);
    }
    expect(minutesOf(kept.points('CPUUtilization'))[0]).toBe(300);
    expect(minutesOf(all.points('CPUUtilization'))).toEqual(Array.from({ length: 479 }, (_, minute) => minute));
  });

  test('a window shows what began in it', () => {
    const { at, plant } = stage(2);
    at(1200);
    const [cpu] = plant.metrics();
    expect(minutesOf(cpu?.datapoints(START + 5 * MINUTE, START + 8 * MINUTE) ?? [])).toEqual([5, 6, 7]);
  });
});

describe('AWS/ECS', () => {
  test('SampleCount is the number of tasks that made the average', () => {
    const { plant, at, points } = stage(3, { desired: 6 });
    at(600).setDesiredCount(9);
    at(1200);
    const counts = points('CPUUtilization').map(({ count }) => count);
    expect(counts.slice(0, 10)).toEqual(Array(10).fill(6));
    expect(counts.at(-1)).toBe(9);
    for (const { sum, count, min, max } of points('CPUUtilization')) {
      expect(min).toBeLessThanOrEqual(sum / count);
      expect(max).toBeGreaterThanOrEqual(sum / count);
    }
    expect(plant.metrics()[0]?.dimensions).toEqual({ ClusterName: 'prod', ServiceName: 'checkout' });
  });

  test('average times SampleCount is the demand, whatever the count', () => {
    const { plant, at, points } = stage(3, { desired: 4 });
    at(600).setDesiredCount(12);
    at(2400);
    const demand = points('CPUUtilization').map(({ sum, count }) => (sum - 3 * count) / 100);
    expect(Math.min(...demand)).toBeGreaterThan(2.6);
    expect(Math.max(...demand)).toBeLessThan(3.4);
    expect(plant.view().running).toBe(12);
  });

  test('without a task there is no datapoint, not a zero', () => {
    const { at, points } = stage(2, { desired: 1 });
    at(600).setDesiredCount(0);
    at(1800);
    expect(minutesOf(points('CPUUtilization')).at(-1)).toBe(9);
  });
});

describe('AWS/ApplicationELB', () => {
  test('says nothing in a minute without a request', () => {
    const pattern = onOff({ on: 2, off: 0, onSeconds: 600, offSeconds: 600 });
    const { at, points } = stage(pattern, { desired: 4 });
    at(2400);
    const silent = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 30, 31, 32, 33, 34, 35, 36, 37, 38];
    for (const metric of ['RequestCount', 'TargetResponseTime', 'HealthyHostCount']) {
      expect(minutesOf(points(metric)).filter((minute) => silent.includes(minute))).toEqual([]);
      expect(minutesOf(points(metric))).toEqual(expect.arrayContaining([0, 9, 20, 29]));
    }
    expect(minutesOf(points('CPUUtilization'))).toEqual(expect.arrayContaining(silent));
  });

  test('counts every request once, also where a minute brings less than one', () => {
    const { at, points } = stage(0.0001, { desired: 1 });
    at(7200);
    const counted = points('RequestCount').reduce((total, { sum }) => total + sum, 0);
    expect(counted).toBe(Math.floor(0.01 * 60 * 119));
    expect(points('RequestCount').length).toBe(counted);
  });

  test('errors are reported only when there are any', () => {
    const calm = stage(2, { desired: 4 });
    const full = stage(6, { desired: 4 });
    calm.at(900);
    full.at(900);
    expect(calm.points('HTTPCode_Target_5XX_Count')).toEqual([]);
    const errors = full.points('HTTPCode_Target_5XX_Count').at(-1)?.sum ?? 0;
    expect(errors).toBeGreaterThan(190 * 60);
    expect(errors).toBeLessThan(210 * 60);
  });

  test('without any target it hears of no request at all', () => {
    const { plant, at, points } = stage(0.5, { desired: 1 });
    at(600).setDesiredCount(0);
    at(1200);
    expect(minutesOf(points('RequestCount')).at(-1)).toBe(9);
    expect(plant.totals().timedOut).toBeCloseTo(600 * 50, 3);
  });

  test('response times rise with utilisation, steeply where queues form', () => {
    const p95At = (utilisation: number) => {
      const { at, points } = stage(4 * utilisation, { desired: 4 });
      at(1800);
      return points('TargetResponseTime').at(-1)?.values?.[95] ?? Number.NaN;
    };
    const [idle, busy, knee, full] = [0.1, 0.6, 0.9, 1.2].map(p95At);
    expect(idle).toBeGreaterThan(0.08);
    expect(busy).toBeLessThan(0.2);
    expect(knee).toBeGreaterThan((busy ?? 0) * 1.4);
    expect(full).toBeGreaterThan(20);
  });

  test('sum, least and most agree with the values behind them', () => {
    const { at, points } = stage(3.9, { desired: 4 });
    at(900);
    for (const { sum, count, min, max, values = [] } of points('TargetResponseTime')) {
      expect(values).toHaveLength(100);
      expect(values).toEqual([...values].sort((a, b) => a - b));
      expect([min, max]).toEqual([values[0], values.at(-1)]);
      expect(sum / count).toBeCloseTo(values.reduce((total, value) => total + value, 0) / 100, 9);
    }
  });
});
