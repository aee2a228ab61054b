import { expect, test } from '@jest/globals';
import { DEFAULTS } from '../../../lib/policy/document/defaults.ts';
import type { SignalSpec } from '../../../lib/policy/policy.ts';
import { bounded, policyOf, ruled } from './documents.ts';

test('a service that says only its capacity', () => {
  expect(policyOf(bounded(''))).toEqual({
    cluster: 'prod',
    service: 'web',
    mode: 'shadow',
    cadenceSeconds: 60,
    capacity: { min: 1, max: 9 },
    signals: {},
    scaleOut: [],
    scaleIn: [],
    targets: [],
    pace: {
      out: {
        cooldown: { kind: 'verified' },
        stabilizationSeconds: 0,
        upTo: { percent: 100, tasks: 4, pick: 'larger', periodSeconds: 60 },
      },
      in: {
        cooldown: { kind: 'seconds', seconds: 300 },
        stabilizationSeconds: 300,
        upTo: { percent: 10, tasks: 1, pick: 'larger', periodSeconds: 300 },
      },
    },
    schedule: [],
    freeze: [],
    guard: { holdInWhile: [], unknownAbstainsAfterSeconds: 900, whenBlindFor: [] },
  });
});

test('rules, targets and windows that say only what they must', () => {
  const policy = policyOf(
    ruled(
      `scaleOut: [{ name: out, when: 'cpu > 1', addPercent: 5 }]\nscaleIn: [{ name: in, when: 'cpu < 1', remove: 2 }]\n` +
        `targets: [{ backlog: jobs, finishWithin: 1m, secondsPerMessage: 2 }]\nfreeze: [{ cron: '0 0 * * *', lasts: 1h }]`,
    ),
  );
  expect(policy.scaleOut[0]).toEqual({
    name: 'out',
    when: 'cpu > 1',
    trueFor: { m: 1, n: 1 },
    thenWaitSeconds: 0,
    change: { kind: 'percent', percent: 5, atLeastTasks: 1 },
  });
  expect(policy.scaleIn[0]).toMatchObject({ trueFor: { m: 6, n: 6 }, change: { kind: 'tasks', tasks: 2 } });
  expect(policy.targets[0]).toMatchObject({
    name: 'backlog jobs',
    parallelPerTask: 1,
    tolerance: { out: 0.1, in: 0.1 },
  });
  expect(policy.freeze[0]).toMatchObject({ timezone: 'UTC', forbid: 'both' });
});

type Row = readonly [signal: string, spec: Partial<SignalSpec>];
const ROWS: readonly Row[] = [
  [
    '{ ecs: CPUUtilization }',
    { stat: 'Average', periodSeconds: 60, publicationDelaySeconds: 50, averagedOverTasks: true },
  ],
  ['{ ecs: CPUUtilization, period: 20s }', { periodSeconds: 20, publicationDelaySeconds: 15 }],
  ['{ ecs: MemoryUtilization, stat: Maximum }', { stat: 'Maximum', averagedOverTasks: false }],
  ['{ alb: RequestCount }', { stat: 'Sum', scale: 1, publicationDelaySeconds: 50, averagedOverTasks: false }],
  ['{ alb: RequestCount, per: minute, period: 5m }', { scale: 60 / 300 }],
  ['{ alb: RequestCountPerTarget }', { stat: 'Sum', averagedOverTasks: true }],
  ['{ alb: TargetResponseTime }', { stat: 'Average', scale: 1000 }],
  ['{ alb: TargetResponseTime, scale: 1 }', { scale: 1 }],
  ['{ alb: TargetResponseTime, stat: SampleCount, per: second }', { scale: 1 / 60 }],
  [
    '{ cloudwatch: { namespace: A, metric: b } }',
    { source: { kind: 'cloudwatch', namespace: 'A', metric: 'b', dimensions: {} }, stat: 'Average' },
  ],
  ['{ cloudwatch: { namespace: A, metric: b }, stat: Sum, per: second, scale: 8 }', { scale: 8 / 60 }],
  [
    '{ sqs: jobs }',
    { source: { kind: 'sqs', queue: 'jobs', attribute: 'backlog' }, periodSeconds: 30, publicationDelaySeconds: 0 },
  ],
  ["{ promql: 'up', from: amp }", { periodSeconds: 60, publicationDelaySeconds: 15 }],
  ['{ pushed: true }', { source: { kind: 'pushed' }, periodSeconds: 30, publicationDelaySeconds: 0 }],
];

test.each(ROWS)('signal %s', (signal, spec) => {
  expect(policyOf(bounded(`cadence: 30s\nsignals: { one: ${signal} }`)).signals.one).toMatchObject({
    whenMissing: { kind: 'unknown' },
    ...spec,
  });
});

test('a preset gives what a written-out pace leaves away', () => {
  const { pace } = policyOf(bounded('pace: { out: { preset: fast, per: 2m }, in: slow }'));
  expect(pace.out).toEqual({
    ...DEFAULTS.pace.out.fast,
    upTo: { percent: 200, tasks: 10, pick: 'larger', periodSeconds: 120 },
  });
  expect(pace.in).toEqual({
    cooldown: { kind: 'seconds', seconds: 900 },
    stabilizationSeconds: 900,
    upTo: { percent: 5, tasks: 1, pick: 'larger', periodSeconds: 900 },
  });
});

test('nobody can change the defaults', () => {
  const thawed = (value: unknown): string[] =>
    typeof value !== 'object' || value === null
      ? []
      : [...(Object.isFrozen(value) ? [] : [JSON.stringify(value)]), ...Object.values(value).flatMap(thawed)];
  expect(thawed(DEFAULTS)).toEqual([]);
});
