/** Metric math over other signals, evaluated by the local cloud. */
import { describe, expect, test } from '@jest/globals';
import { planSignals } from '../../../lib/aws/signals/plan.ts';
import type { SignalQuery } from '../../../lib/loop/ports.ts';
import type { SignalSpec } from '../../../lib/policy/policy.ts';
import { albOf, BLUE, cpuOf, GREEN, latencyOf, MINUTE, minutesAgo, NOW } from '../../contracts/signals.ts';
import { metricOf, point } from '../../local/stub-plant.ts';
import { withCloud } from './local.ts';

function mathOf(expression: string, facts: Partial<SignalSpec> = {}, name = 'ratio'): SignalQuery {
  return { ...cpuOf('checkout', { source: { kind: 'math', expression }, averagedOverTasks: false, ...facts }), name };
}

function sent(...queries: readonly SignalQuery[]) {
  const loadBalancers = new Map([BLUE, GREEN].map((arn) => [arn, { kind: 'found', name: 'app/web/9' } as const]));
  const plan = planSignals(queries, NOW, { loadBalancers });
  const expressions = plan.metricData.flatMap(({ bundles }) =>
    bundles.flat().flatMap((one) => (one.kind === 'expression' ? [one.expression] : [])),
  );
  const [recipe] = plan.recipes;
  return recipe?.kind === 'unread' ? recipe.cause : expressions;
}

const cpu = cpuOf('checkout');
const mem = { ...cpuOf('checkout', { source: { kind: 'ecs', metric: 'MemoryUtilization' } }), name: 'mem' };
const rps = albOf('RequestCount', [BLUE], { scale: 0.5 }, 'rps');
const both = albOf('RequestCount', [BLUE, GREEN], {}, 'both');

describe('the expression that is sent', () => {
  test.each<[string, string, string[]]>([
    ['names are queries of the same call', 'cpu + 1', ['q0 + 1']],
    ['a signal is in the unit the policy sees', 'rps / cpu', ['(q0 * 0.5) / q1']],
    ['target groups are put together as for the signal itself', 'both / 2', ['SUM([q0, q1]) / 2']],
    [
      'functions, numbers and text stay',
      'FILL(cpu, REPEAT) * 1e3 + IF(cpu > 5, 1, 0)',
      ['FILL(q0, REPEAT) * 1e3 + IF(q0 > 5, 1, 0)'],
    ],
    [
      'METRICS() is the service’s own',
      'SUM(METRICS()) + MAX(METRICS("rp"))',
      ['SUM([q0, q1, (q2 * 0.5)]) + MAX([(q2 * 0.5)])'],
    ],
    ['an expression in an expression', 'half + 1', ['((q0 / 2) * 10) + 1', 'q0 / 2']],
  ])('%s', (_, expression, expected) => {
    const half = mathOf('cpu / 2', { scale: 10 }, 'half');
    const siblings = expression.includes('METRICS') ? [cpu, mem, rps] : [cpu, mem, rps, both, half];
    const inOrder = [
      mathOf(expression),
      ...siblings.filter(({ name }) => /METRICS|half/.test(expression) || expression.includes(name)),
    ];
    expect(sent(...inOrder)).toEqual(expected);
  });

  test.each<[string, SignalQuery[], string]>([
    ['memory + 1', [mem], 'memory is no signal of the service'],
    ['cpu + 1', [{ ...cpu, service: 'billing' }], 'cpu is no signal of the service'],
    ['ratio + 1', [], 'ratio leads back to itself'],
    [
      'jobs + 1',
      [{ ...cpu, name: 'jobs', spec: { ...cpu.spec, source: { kind: 'pushed' } } }],
      'jobs is of kind pushed, which CloudWatch has not',
    ],
    [
      'cpu + 1',
      [cpuOf('checkout', { periodSeconds: 300 })],
      'it and cpu have periods of 60 s and 300 s; give both the same',
    ],
    ['gone + 1', [albOf('RequestCount', [], {}, 'gone')], 'gone: the service has no target group'],
    ['1 + 1', [], '1 + 1 names no signal'],
  ])('%s is not sent', (expression, others, cause) => {
    expect(sent(mathOf(expression), ...others)).toBe(cause);
  });

  test('travels in one call with what it uses, whatever stands between', () => {
    const many = Array.from({ length: 600 }, (_, i) => latencyOf(`s${i}`));
    const plan = planSignals([mathOf('cpu + mem'), ...many, cpu, mem], NOW, { loadBalancers: new Map() });
    for (const { bundles } of plan.metricData) {
      const ids = bundles.flat().map(({ id }) => id);
      for (const one of bundles.flat())
        if (one.kind === 'expression') expect(ids).toEqual(expect.arrayContaining([...one.uses]));
    }
    expect(plan.metricData.map(({ bundles }) => bundles.flat().length)).toEqual([500, 105]);
  });
});

function average(name: string, values: readonly number[]) {
  const dimensions = { ClusterName: 'prod', ServiceName: 'checkout' };
  const points = values.map((value, i) => point(NOW - (4 - i) * MINUTE, 60, [value]));
  return metricOf('AWS/ECS', name, dimensions, 60, points);
}

const METRICS = [average('CPUUtilization', [40, 60, 80]), average('MemoryUtilization', [20, 20, 40])];

describe('what comes back', () => {
  test('is a signal like any other, in one call', () =>
    withCloud({ metrics: METRICS }, async ({ read, cloud }) => {
      const [ratio, worst] = await read(
        mathOf('cpu / mem', { scale: 100 }),
        mathOf('MAX(METRICS())', {}, 'worst'),
        cpu,
        mem,
      );
      expect(ratio).toEqual({
        status: 'complete',
        periodSeconds: 60,
        values: minutesAgo([4, 200], [3, 300], [2, 200]),
      });
      expect(worst).toMatchObject({ values: minutesAgo([4, 40], [3, 60], [2, 80]) });
      expect(cloud.calls.of('GetMetricData')).toBe(1);
    }));

  test('is worth no more than what it is made of', () =>
    withCloud({ metrics: METRICS }, async ({ read, cloud }) => {
      cloud.faults.nextResult({ metric: 'MemoryUtilization', status: 'InternalError' });
      expect(await read(mathOf('cpu / mem'), cpu, mem)).toMatchObject([
        { status: 'failed', cause: 'CloudWatch answered with InternalError' },
        { status: 'complete' },
        { status: 'failed' },
      ]);
    }));

  test('a function that is not there names itself; what it uses and everything else is served', () =>
    withCloud({ metrics: METRICS }, async ({ read, cloud }) => {
      const good = mathOf('cpu / 2', {}, 'good');
      const readings = await read(mathOf('SEARCHING(cpu)'), good, cpuOf('checkout'), latencyOf('checkout'));
      expect(readings).toMatchObject([
        { status: 'failed', cause: expect.stringContaining('does not evaluate SEARCHING') },
        { status: 'complete', values: minutesAgo([4, 20], [3, 30], [2, 40]) },
        { status: 'complete' },
        { status: 'complete' },
      ]);
      expect(cloud.calls.of('GetMetricData')).toBeLessThanOrEqual(7);
    }));

  test('several series are no signal', () =>
    withCloud({ metrics: METRICS }, async ({ read }) => {
      expect(await read(mathOf('METRICS() * 2'), cpu, mem)).toMatchObject([
        { status: 'failed', cause: expect.stringContaining('put SUM, AVG, MAX or MIN around it') },
        { status: 'complete' },
        { status: 'complete' },
      ]);
    }));
});
