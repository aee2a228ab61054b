/** What CloudWatch is asked, as plain data. */
import { describe, expect, test } from '@jest/globals';
import { type Plan, planQueries, settledWindow } from '../../lib/aws/signal-plan.ts';
import type { SignalQuery } from '../../lib/loop/ports.ts';
import { cpuOf, latencyOf, MINUTE, NOW } from '../contracts/signals.ts';

/** `metric stat period` of each query, call by call. */
function asked(plan: Plan): string[][] {
  return plan.calls.map(({ queries }) => queries.map((one) => `${one.metric} ${one.stat} ${one.periodSeconds}`));
}

function windows(plan: Plan): number[][] {
  return plan.calls.map(({ start, end }) => [(start - NOW) / MINUTE, (end - NOW) / MINUTE]);
}

describe('the plan', () => {
  test('can be printed: a signal of ECS asks for its average and for the tasks that made it', () => {
    const plan = planQueries([cpuOf('checkout')], NOW);
    expect(JSON.parse(JSON.stringify(plan))).toEqual({
      calls: [
        {
          start: NOW - 4 * MINUTE,
          end: NOW - MINUTE,
          queries: ['Average', 'SampleCount'].map((stat, index) => ({
            id: `q${index}`,
            namespace: 'AWS/ECS',
            metric: 'CPUUtilization',
            dimensions: [
              { name: 'ClusterName', value: 'prod' },
              { name: 'ServiceName', value: 'checkout' },
            ],
            stat,
            periodSeconds: 60,
          })),
        },
      ],
      readings: [
        {
          kind: 'metric',
          id: 'q0',
          tasksId: 'q1',
          start: NOW - 4 * MINUTE,
          end: NOW - MINUTE,
          periodSeconds: 60,
          scale: 1,
        },
      ],
    });
  });

  test('asks the same question once, whatever its unit, its window and the order of its dimensions', () => {
    const latency = latencyOf('checkout', {}, 2);
    const source = { kind: 'cloudwatch', namespace: 'AWS/ApplicationELB', metric: 'TargetResponseTime' } as const;
    const turned = { LoadBalancer: 'app/checkout/2', TargetGroup: 'targetgroup/web/1' };
    const same = latencyOf('checkout', { scale: 1, source: { ...source, dimensions: turned } }, 9);
    const plan = planQueries([latency, same, latency], NOW);
    expect(asked(plan)).toEqual([['TargetResponseTime Average 60']]);
    expect(windows(plan)).toEqual([[-10, -1]]);
    expect(
      plan.readings.map((one) => one.kind === 'metric' && [one.id, (one.start - NOW) / MINUTE, one.scale]),
    ).toEqual([
      ['q0', -3, 1000],
      ['q0', -10, 1],
      ['q0', -3, 1000],
    ]);
  });

  test.each([
    ['another statistic', latencyOf('checkout', { stat: 'p95' })],
    ['another service', latencyOf('billing')],
    ['another period', latencyOf('checkout', { periodSeconds: 300 })],
  ])('asks twice for %s', (_, other: SignalQuery) => {
    expect(planQueries([latencyOf('checkout'), other], NOW).calls.flatMap(({ queries }) => queries)).toHaveLength(2);
  });

  test('counts tasks at the resolution of the metric, in the call of that period', () => {
    const plan = planQueries(
      [cpuOf('checkout', { periodSeconds: 300 }, 2), cpuOf('billing', { periodSeconds: 20 })],
      NOW,
    );
    expect(asked(plan)).toEqual([
      ['CPUUtilization Average 300'],
      ['CPUUtilization SampleCount 60'],
      ['CPUUtilization Average 20', 'CPUUtilization SampleCount 20'],
    ]);
    expect(windows(plan)).toEqual([
      [-15, -5],
      [-15, -5],
      [-2, -1],
    ]);
  });

  test('puts 500 queries into a call, those of like windows together', () => {
    const short = Array.from({ length: 499 }, (_, index) => latencyOf(`short-${index}`));
    const [first, last] = [latencyOf('long', {}, 120), latencyOf('longer', {}, 120)];
    const plan = planQueries([first, ...short, last], NOW);
    expect(plan.calls.map(({ queries }) => queries.length)).toEqual([500, 1]);
    expect(windows(plan)).toEqual([
      [-121, -1],
      [-4, -1],
    ]);
    expect(new Set(plan.calls.flatMap(({ queries }) => queries.map(({ id }) => id))).size).toBe(501);
  });

  test('says of sources that are not CloudWatch that it does not ask', () => {
    const pushed = cpuOf('checkout', { source: { kind: 'pushed' } });
    expect(planQueries([pushed], NOW)).toEqual({
      calls: [],
      readings: [
        { kind: 'unsupported', periodSeconds: 60, cause: 'CloudWatch is not asked for signals of kind pushed' },
      ],
    });
  });
});

describe('the settled window', () => {
  const rows: readonly (readonly [string, number, number, string])[] = [
    ['08:00:59', 60, 60, '07:56 to 07:59'],
    ['08:01:00', 60, 60, '07:57 to 08:00'],
    ['08:01:00', 60, 0, '07:58 to 08:01'],
    ['08:01:00', 300, 90, '07:40 to 07:55'],
    ['08:01:30', 300, 90, '07:45 to 08:00'],
  ];
  test.each(rows)('at %s, of periods of %p s that settle after %p s: %s', (time, periodSeconds, delay, expected) => {
    const now = Date.parse(`2026-11-20T${time}Z`);
    const { start, end } = settledWindow({ periodSeconds, publicationDelaySeconds: delay }, 3, now);
    const clock = (at: number) => new Date(at).toISOString().slice(11, 16);
    expect(`${clock(start)} to ${clock(end)}`).toBe(expected);
  });
});
