/** What the sources are asked, as plain data. */
import { describe, expect, test } from '@jest/globals';
import type { LoadBalancer } from '../../../lib/aws/signals/load-balancers.ts';
import { planSignals, type SignalPlan } from '../../../lib/aws/signals/plan.ts';
import { settledWindow } from '../../../lib/aws/signals/window.ts';
import type { SignalQuery } from '../../../lib/loop/ports.ts';
import { albOf, BLUE, cpuOf, GREEN, latencyOf, MINUTE, NOW, shareOf } from '../../contracts/signals.ts';

const loadBalancers = new Map<string, LoadBalancer>([
  [BLUE, { kind: 'found', name: 'app/web/1' }],
  [GREEN, { kind: 'found', name: 'app/web/1' }],
]);

function planOf(...queries: readonly SignalQuery[]): SignalPlan {
  return planSignals(queries, NOW, { loadBalancers });
}

/** `metric stat period` of each query, call by call. */
function asked(plan: SignalPlan): string[][] {
  return plan.metricData.map(({ bundles }) =>
    bundles
      .flat()
      .map((one) => (one.kind === 'metric' ? `${one.metric} ${one.stat} ${one.periodSeconds}` : one.expression)),
  );
}

function windows(plan: SignalPlan): number[][] {
  return plan.metricData.map(({ start, end }) => [(start - NOW) / MINUTE, (end - NOW) / MINUTE]);
}

describe('the plan', () => {
  test('can be printed: a signal of ECS asks for its average and for the tasks that made it', () => {
    const metric = {
      kind: 'metric',
      namespace: 'AWS/ECS',
      metric: 'CPUUtilization',
      dimensions: [
        { name: 'ClusterName', value: 'prod' },
        { name: 'ServiceName', value: 'checkout' },
      ],
    };
    const tasks = { id: 'q1', ...metric, stat: 'SampleCount', periodSeconds: 20 };
    const average = { id: 'q0', ...metric, stat: 'Average', periodSeconds: 60 };
    const window = { start: NOW - 4 * MINUTE, end: NOW - MINUTE };
    expect(JSON.parse(JSON.stringify(planOf(cpuOf('checkout'))))).toEqual({
      metricData: [{ ...window, waitMs: 0, bundles: [[tasks], [average]] }],
      queues: [],
      promql: [],
      recipes: [{ kind: 'metric', id: 'q0', tasksId: 'q1', ...window, periodSeconds: 60, scale: 1 }],
    });
  });

  test('asks the same question once, whatever its unit, its window and the order of its dimensions', () => {
    const latency = latencyOf('checkout', {}, 2);
    const source = { kind: 'cloudwatch', namespace: 'AWS/ApplicationELB', metric: 'TargetResponseTime' } as const;
    const turned = { LoadBalancer: 'app/checkout/2', TargetGroup: 'targetgroup/web/1' };
    const same = latencyOf('checkout', { scale: 1, source: { ...source, dimensions: turned } }, 9);
    const plan = planOf(latency, same, latency);
    expect(asked(plan)).toEqual([['TargetResponseTime Average 60']]);
    expect(windows(plan)).toEqual([[-10, -1]]);
    expect(plan.recipes.map((one) => one.kind === 'metric' && [one.id, (one.start - NOW) / MINUTE, one.scale])).toEqual(
      [
        ['q0', -3, 1000],
        ['q0', -10, 1],
        ['q0', -3, 1000],
      ],
    );
  });

  test.each([
    ['another statistic', latencyOf('checkout', { stat: 'Maximum' })],
    ['another service', latencyOf('billing')],
    ['another period', latencyOf('checkout', { periodSeconds: 300 })],
  ])('asks twice for %s', (_, other: SignalQuery) => {
    expect(asked(planOf(latencyOf('checkout'), other)).flat()).toHaveLength(2);
  });

  test('counts the samples of a percentile, and of nothing else', () => {
    const [own, others] = [latencyOf('checkout', { stat: 'p95' }), latencyOf('checkout', { stat: 'p99.9' })];
    const counted = ['TargetResponseTime p95 60', 'TargetResponseTime SampleCount 60', 'TargetResponseTime p99.9 60'];
    expect(asked(planOf(own, others)).flat()).toEqual(counted);
    for (const stat of ['Average', 'Maximum', 'tm99', 'p100'])
      expect(asked(planOf(latencyOf('checkout', { stat }))).flat()).toEqual([`TargetResponseTime ${stat} 60`]);
    expect(planOf(cpuOf('checkout', { stat: 'p90', averagedOverTasks: false })).recipes).toMatchObject([
      { id: 'q0', samplesId: 'q1' },
    ]);
  });

  test('puts periods of every length into one call, which begins on the grid of the longest', () => {
    const five = cpuOf('checkout', { periodSeconds: 300, averagedOverTasks: false }, 2);
    const fine = cpuOf('billing', { periodSeconds: 20, publicationDelaySeconds: 14 });
    const plan = planSignals([five, fine], NOW + 2 * MINUTE, { loadBalancers });
    expect(asked(plan)).toEqual([
      ['CPUUtilization Average 20', 'CPUUtilization SampleCount 20', 'CPUUtilization Average 300'],
    ]);
    // Two minutes past eight: 07:50 to 08:00 in fives; in periods of 20 s the last that ended 14 s ago began at 08:01:20.
    expect(windows(plan)).toEqual([[-10, 5 / 3]]);
  });

  test('puts 500 queries into a call, those of like windows together', () => {
    const short = Array.from({ length: 499 }, (_, index) => latencyOf(`short-${index}`));
    const [first, last] = [latencyOf('long', {}, 120), latencyOf('longer', {}, 120)];
    const plan = planOf(first, ...short, last);
    expect(plan.metricData.map(({ bundles }) => bundles.length)).toEqual([500, 1]);
    expect(windows(plan)).toEqual([
      [-121, -1],
      [-4, -1],
    ]);
    expect(new Set(plan.metricData.flatMap(({ bundles }) => bundles.flat().map(({ id }) => id))).size).toBe(501);
  });

  test('splits a call whose datapoints would not fit into one page, and waits where the account’s rate ends', () => {
    // Three hours of 20-second periods: 540 datapoints a query, 186 queries a page, 333 queries a second.
    const long = Array.from({ length: 500 }, (_, i) => cpuOf(`s${i}`, { periodSeconds: 20 }, 540)).map((one) => ({
      ...one,
      spec: { ...one.spec, averagedOverTasks: false },
    }));
    const plan = planOf(...long);
    expect(plan.metricData.map(({ bundles, waitMs }) => [bundles.length, waitMs])).toEqual([
      [186, 0],
      [186, 1000],
      [128, 1000],
    ]);
  });

  test('says of sources that nobody reads why', () => {
    const pushed = cpuOf('checkout', { source: { kind: 'pushed' } });
    expect(planOf(pushed)).toMatchObject({
      metricData: [],
      queues: [],
      recipes: [{ kind: 'unread', status: 'failed', periodSeconds: 60, cause: 'nobody reads signals of kind pushed' }],
    });
  });
});

describe('signals of target groups', () => {
  const groups = [BLUE, GREEN];

  test('ask for each group under its load balancer, and for healthy hosts where a number is per target', () => {
    const plan = planOf(albOf('RequestCountPerTarget', groups, { stat: 'Sum' }));
    expect(asked(plan)).toEqual([
      [
        'RequestCountPerTarget Sum 60',
        'HealthyHostCount Average 60',
        'RequestCountPerTarget Sum 60',
        'HealthyHostCount Average 60',
      ],
    ]);
    expect(plan.recipes).toMatchObject([
      {
        combine: 'perTarget',
        groups: [
          { id: 'q0', hostsId: 'q1' },
          { id: 'q2', hostsId: 'q3' },
        ],
      },
    ]);
  });

  test.each([
    ['RequestCount', 'Sum', 'sum'],
    ['HTTPCode_Target_5XX_Count', 'Sum', 'sum'],
    ['HealthyHostCount', 'Average', 'sum'],
    ['UnHealthyHostCount', 'Maximum', 'sum'],
    ['TargetResponseTime', 'SampleCount', 'sum'],
    ['TargetResponseTime', 'p99', 'most'],
    ['TargetResponseTime', 'Average', 'most'],
    ['TargetResponseTime', 'Minimum', 'least'],
  ])('%s as %s is put together by %s', (metric, stat, combine) => {
    expect(planOf(albOf(metric, groups, { stat })).recipes).toMatchObject([{ kind: 'targetGroups', combine }]);
  });

  test.each<[string, readonly string[] | undefined, LoadBalancer | undefined, object]>([
    ['nobody described the service', undefined, undefined, { cause: 'the target groups of the service are not known' }],
    ['it has none', [], undefined, { cause: 'the service has no target group' }],
    [
      'ELB would not say',
      ['tg'],
      { kind: 'unknown', status: 'forbidden', cause: 'AccessDenied: no' },
      { status: 'forbidden', cause: 'AccessDenied: no' },
    ],
    ['no listener', ['tg'], { kind: 'unattached' }, { cause: 'no target group of the service has a load balancer' }],
    [
      'a network load balancer',
      ['tg'],
      { kind: 'found', name: 'net/web/1' },
      { cause: 'net/web/1 is no Application Load Balancer and has no RequestCount' },
    ],
  ])('are not asked for where %s', (_, targetGroups, answer, unread) => {
    const facts = { loadBalancers: new Map(answer === undefined ? [] : [['tg', answer]]) };
    const plan = planSignals([albOf('RequestCount', targetGroups)], NOW, facts);
    expect(plan).toMatchObject({ metricData: [], recipes: [{ kind: 'unread', ...unread }] });
  });

  test('a group that no listener knows yet is left out, the others are asked', () => {
    const facts = { loadBalancers: new Map([...loadBalancers, [GREEN, { kind: 'unattached' } as const]]) };
    expect(asked(planSignals([albOf('RequestCount', groups)], NOW, facts))).toEqual([['RequestCount Sum 60']]);
  });
});

describe('a share', () => {
  const rps = albOf('RequestCount', [BLUE], { scale: 1 / 60 }, 'rps');

  test('asks for both numbers over one window, the whole only once', () => {
    const late = { ...rps, spec: { ...rps.spec, publicationDelaySeconds: 120 } };
    const plan = planOf(late, shareOf('HTTPCode_Target_5XX_Count', 'rps', [BLUE]));
    expect(asked(plan)).toEqual([['RequestCount Sum 60', 'HTTPCode_Target_5XX_Count Sum 60']]);
    const [, share] = plan.recipes;
    const window = { start: NOW - 5 * MINUTE, end: NOW - 2 * MINUTE };
    expect(share).toMatchObject({ kind: 'share', part: window, of: window, silentPartIsZero: true });
  });

  test.each<[string, SignalQuery[], string]>([
    ['the whole is nobody’s', [], 'rps, of which it is a share, is not read'],
    [
      'periods differ',
      [{ ...rps, spec: { ...rps.spec, periodSeconds: 300 } }],
      'it and rps have periods of 60 s and 300 s; give both the same',
    ],
    [
      'the whole has no history',
      [{ ...rps, spec: { ...rps.spec, source: { kind: 'pushed' } } }],
      'a share compares periods, and pushed has no history of them',
    ],
  ])('is not asked for where %s', (_, others, cause) => {
    const share = shareOf('HTTPCode_Target_5XX_Count', 'rps', [BLUE]);
    expect(planOf(share, ...others).recipes[0]).toMatchObject({ kind: 'unread', cause });
  });
});

test('30,000 signals go into no more calls than their number needs', () => {
  const queries = Array.from({ length: 10_000 }, (_, i) => [
    cpuOf(`service-${i}`),
    latencyOf(`service-${i}`, { stat: 'p95' }),
    { ...albOf('RequestCount', [`arn:tg:targetgroup/service-${i}/1`]), service: `service-${i}` },
  ]).flat();
  const arns = queries.flatMap(({ targetGroups = [] }) => targetGroups);
  const known = new Map(arns.map((arn) => [arn, { kind: 'found', name: 'app/web/1' } as const]));
  // With the counts of tasks and of the samples of percentiles it is 50,000 metrics.
  expect(planSignals(queries, NOW, { loadBalancers: known }).metricData).toHaveLength(50_000 / 500);
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
