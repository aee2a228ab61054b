/** `schmitt backtest` as an operator runs it, against the local cloud holding days of a service that AWS target tracking scaled. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { READ_ACTIONS } from '../../lib/cli/backtest/permissions.ts';
import type { LocalScaling } from '../../lib/local/autoscaling.ts';
import { type LocalCloud, startLocalCloud } from '../../lib/local/cloud.ts';
import { createStepScaling, documentedSteps } from '../../lib/sim/peers/aws/step-scaling.ts';
import type { Plant } from '../../lib/sim/types.ts';
import { type Kept, remembered, scaledPlant, shifted, times } from '../sim/backtest/recorded.ts';
import { daysOf, END, HOUR, trackedAt60 } from './scaled-service.ts';
import { ROOT, schmitt, shellFor } from './schmitt.ts';

const REGION = 'us-east-1';
/** As long as the default, and as short as tells who scaled. */
const LONG = 14;
const SHORT = 3;
const SCALING = trackedAt60('checkout');
const POLICY = `
version: 1
services:
  - service: prod/checkout
    capacity: { min: 2, max: 60 }
    signals:
      cpu: { ecs: CPUUtilization }
      rps: { alb: RequestCount, per: second }
    scaleOut: [{ name: warm, when: 'cpu > 70', addPercent: 20, trueFor: 2 of 2 }]
    scaleIn: [{ name: calm, when: 'cpu < 45', remove: 1, trueFor: 6 of 6 }]
`;

let folder: string;
let long: Plant;
let short: Plant;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schmitt-backtest-'));
  await writeFile(join(folder, 'policy.yaml'), POLICY);
  [long, short] = [scaledPlant(daysOf(LONG)), scaledPlant(daysOf(SHORT))];
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Answer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** GetMetricData calls. */
  readonly calls: number;
  readonly operations: readonly string[];
}

interface Circumstances {
  readonly days?: number;
  readonly scaling?: readonly LocalScaling[];
  readonly plant?: Plant;
  /** What IAM refuses. */
  readonly denied?: Parameters<LocalCloud['faults']['next']>[0];
  readonly misfortune?: (faults: LocalCloud['faults']) => void;
  readonly service?: string;
}

/** Runs the command against a cloud that remembers the service so. */
async function backtest(
  kept: Kept,
  args: readonly string[] = [],
  { days = SHORT, scaling = [SCALING], plant, denied, misfortune, service = 'prod/checkout' }: Circumstances = {},
): Promise<Answer> {
  const cloud = await startLocalCloud({
    plants: [remembered(plant ?? (days === LONG ? long : short), kept)],
    scaling,
    region: REGION,
  });
  if (denied !== undefined) cloud.faults.next(denied, { kind: 'accessDenied', times: 100 });
  misfortune?.(cloud.faults);
  try {
    const policy = args.includes('--policy') ? [] : ['--policy', join(folder, 'policy.yaml')];
    const base = ['backtest', '--service', service, ...policy];
    const until = ['--days', String(days), '--until', new Date(END).toISOString()];
    const ended = await schmitt([...base, ...until, ...args], '', { ...shellFor(cloud), NODE_OPTIONS: '' });
    const called = cloud.calls.all();
    return { ...ended, calls: called.GetMetricData ?? 0, operations: Object.keys(called).sort() };
  } finally {
    await cloud.close();
  }
}

const fresh = (name: string) => ['--out', join(folder, name)];
const jsonOf = ({ stdout, stderr }: Answer) => {
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
};

describe('a history that target tracking made', () => {
  test('its model comes to the counts that really were, so the policy is ranked against them; nothing is written to AWS', async () => {
    const answer = await backtest({ insights: true }, [...fresh('true'), '--json'], { days: LONG });
    const { fidelity, ranked, scaledBy, runs, tasksFrom } = jsonOf(answer);
    expect(answer.exitCode).toBe(0);
    expect(fidelity.score).toBeGreaterThan(0.9);
    expect([ranked, scaledBy, tasksFrom]).toEqual([true, 'target tracking of CPU at 60', 'containerInsights']);
    const [policy, real, model] = runs;
    const billed = long.rows().reduce((sum, { running }) => sum + running, 0) / 60;
    expect(real.taskHours / billed).toBeCloseTo(1, 1);
    expect(Math.abs(model.taskHours / real.taskHours - 1)).toBeLessThan(0.02);
    expect(policy.taskHours).toBeGreaterThan(0);
    expect(answer.operations).toEqual([
      'DescribeScalableTargets',
      'DescribeScalingPolicies',
      'DescribeScheduledActions',
      'DescribeServices',
      'DescribeTargetGroups',
      'DescribeTaskDefinition',
      'GetMetricData',
    ]);
  }, 120_000);

  test('without Container Insights the tasks come from the samples of the CPU', async () => {
    const page = join(folder, 'samples.html');
    const answer = await backtest({ insights: false }, [...fresh('samples'), '--html', page]);
    expect(answer.exitCode).toBe(0);
    const [first, second] = answer.stdout.split('\n');
    expect(first).toMatch(
      /^prod\/checkout, 3 days: this policy would have cost \$\d\S* instead of \$\d\S* \(\S+ % (more|less), about \$\S+ a month\) and been overloaded for no minute, as it really was \(cpu above 90 %\)\.$/,
    );
    expect(second).toMatch(/^Fidelity (9\d|100) %: target tracking of CPU at 60/);
    expect(answer.stdout).toContain('Container Insights is off');
    expect(await readFile(page, 'utf8')).toMatch(/^<!doctype html>[\s\S]*This policy would have cost \$\d/);
    expect(answer.stdout).toMatch(/^really +[▁▂▃▄▅▆▇█]{48} {2}\d+ to \d+ tasks\nthis policy +[▁▂▃▄▅▆▇█]{48}/m);
    const drawn = answer.stdout.split('\n').filter((line) => /[▁-█─│]/.test(line));
    expect(Math.max(...drawn.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(answer.stdout).toContain('running tasks at $0.01234 a task-hour: 0.25 vCPU and 0.5 GB on Fargate');
  }, 120_000);

  test('what was read is kept: a second run asks CloudWatch nothing, unless it is told to', async () => {
    const first = await backtest({ insights: true }, fresh('kept'));
    const second = await backtest({ insights: true }, fresh('kept'));
    const third = await backtest({ insights: true }, [...fresh('kept'), '--fresh']);
    expect([first.calls > 0, second.calls, third.calls > 0]).toEqual([true, 0, true]);
    expect(second.stdout).toBe(first.stdout);
    expect(await readdir(join(folder, 'kept', 'backtest'))).toHaveLength(1);
  }, 90_000);
});

describe('how much of the history there is', () => {
  test('a service younger than the days asked for is told by the days that it lived', async () => {
    const answer = await backtest({ insights: true }, [...fresh('young'), '--days', '9']);
    expect(answer.stdout).toMatch(/^prod\/checkout, 3 of 9 days: this policy would have cost/);
    expect(answer.stdout).toContain(
      'Days: the tasks of 3 of 9 days are known; no figure has anything of the others in it',
    );
  }, 60_000);

  test('an end that lies in the future, before what CloudWatch keeps, or in no zone, is refused before anything is asked', async () => {
    const ends = [new Date(Date.now() + HOUR).toISOString(), '2020-01-01', '2026-11-18T14:00'];
    const answers = await Promise.all(
      ends.map((end) => backtest({ insights: true }, [...fresh('ends'), '--until', end])),
    );
    expect(answers.map(({ stderr }) => stderr)).toEqual([
      `--until ${ends[0]} lies in the future; name a time that is over.\n`,
      '--until 2020-01-01 lies before the 63 days that CloudWatch keeps; name a later time.\n',
      "--until is '2026-11-18T14:00'; give an ISO time with its zone, as in 2026-11-18T14:05:00Z.\n",
    ]);
    expect(answers.flatMap(({ exitCode, operations }) => [exitCode, operations])).toEqual([2, [], 2, [], 2, []]);
  }, 60_000);

  test('the tasks of 20-second metrics are counted rightly also where the history ended long ago', async () => {
    const plant = scaledPlant(daysOf(SHORT), { plant: { metricPeriodSeconds: 20 } });
    const end = END - 24 * HOUR;
    const ago = ['--days', '2', '--until', new Date(end).toISOString(), '--json'];
    const answer = await backtest({ insights: false }, [...fresh('fine'), ...ago], { plant });
    const rows = plant.rows().filter(({ at }) => at >= end - 48 * HOUR && at < end);
    const billed = rows.reduce((sum, { running }) => sum + running, 0) / 60;
    expect(jsonOf(answer).runs[1].taskHours / billed).toBeCloseTo(1, 1);
  }, 60_000);
});

describe('a history that step scaling made', () => {
  const steps = documentedSteps(60, 10);
  const alarm = (name: string, ComparisonOperator: string, Threshold: number, EvaluationPeriods: number) => ({
    ...{ AlarmName: name, Namespace: 'AWS/ECS', MetricName: 'CPUUtilization', Statistic: 'Average', Period: 60 },
    ...{ ComparisonOperator, Threshold, EvaluationPeriods, TreatMissingData: 'missing' },
    Dimensions: [
      { Name: 'ClusterName', Value: 'prod' },
      { Name: 'ServiceName', Value: 'checkout' },
    ],
  });
  const policy = (name: string, { adjustment, cooldownSeconds }: (typeof steps)['out']) => ({
    ...{ name, type: 'StepScaling' as const },
    configuration: {
      Alarms: [{ AlarmName: name, AlarmARN: `arn:aws:cloudwatch:${REGION}:123456789012:alarm:${name}` }],
      StepScalingPolicyConfiguration: {
        ...{ AdjustmentType: adjustment.type, MinAdjustmentMagnitude: adjustment.minAdjustmentMagnitude },
        Cooldown: cooldownSeconds,
        StepAdjustments: adjustment.steps.map(({ lower, upper, change }) => ({
          ...(lower === null ? {} : { MetricIntervalLowerBound: lower }),
          ...(upper === null ? {} : { MetricIntervalUpperBound: upper }),
          ScalingAdjustment: change,
        })),
      },
    },
  });
  const scaling = {
    ...SCALING,
    policies: [policy('busy', steps.out), policy('calm', steps.in)],
    alarms: [
      alarm('busy', 'GreaterThanOrEqualToThreshold', 70, 3),
      alarm('calm', 'LessThanOrEqualToThreshold', 50, 15),
    ],
  };

  test('is replayed from the policies and the alarms that invoke them', async () => {
    const plant = scaledPlant(daysOf(SHORT), { peer: createStepScaling(steps) });
    const answer = await backtest({ insights: true }, [...fresh('steps'), '--json'], { plant, scaling: [scaling] });
    const { fidelity, ranked, scaledBy } = jsonOf(answer);
    expect([ranked, scaledBy]).toEqual([true, 'step scaling at CPU ≥ 70 and step scaling at CPU ≤ 50']);
    expect(fidelity.score).toBeGreaterThan(0.85);
    expect(answer.operations).toContain('DescribeAlarms');
  }, 120_000);
});

describe('a history that was tampered with', () => {
  const cases: readonly (readonly [string, Kept, number?])[] = [
    ['desired counts three hours late', { insights: true, desired: shifted(3) }, LONG],
    ['desired counts half as large again', { insights: true, desired: times(1.5) }],
    ['all counts an hour late', { insights: true, desired: shifted(1), running: shifted(1), samples: shifted(1) }],
    ['samples of the CPU three hours late', { insights: false, samples: shifted(3) }],
    ['desired and running counts twice as large', { insights: true, desired: times(2), running: times(2) }],
  ];
  test.each(cases)(
    '%s: it is said, and nothing is ranked',
    async (name, kept, days = SHORT) => {
      const answer = await backtest(kept, [...fresh(name.replaceAll(' ', '-')), '--json'], { days });
      const { ranked, runs, fidelity } = jsonOf(answer);
      expect(fidelity.score).toBeLessThan(0.6);
      expect([ranked, runs, answer.exitCode]).toEqual([false, [], 1]);
      expect(answer.stderr).toMatch(/^Not ranked: .*\.\n$/);
    },
    60_000,
  );
});

describe('what cannot be read', () => {
  const refused: readonly (readonly [NonNullable<Circumstances['denied']>, string])[] = [
    ['DescribeServices', 'ecs:DescribeServices'],
    ['DescribeScheduledActions', 'application-autoscaling:DescribeScheduledActions'],
    ['GetMetricData', 'cloudwatch:GetMetricData'],
    ['DescribeTargetGroups', 'elasticloadbalancing:DescribeTargetGroups'],
  ];
  test.each(refused)(
    'without the permission for %s the sentence names what to allow',
    async (denied, action) => {
      const answer = await backtest({ insights: true }, fresh(denied), { denied });
      expect(answer.stderr).toMatch(
        new RegExp(`^AWS refused ${action}: allow it for whoever runs this\\. A backtest only reads`),
      );
      expect([answer.stdout, answer.exitCode]).toEqual(['', 1]);
    },
    60_000,
  );

  const halves = [
    ['RunningTaskCount', 'PartialData', 'the running count of Container Insights'],
    ['DesiredTaskCount', 'InternalError', 'the desired count of Container Insights'],
    ['CPUUtilization', 'PartialData', 'the newest samples of the CPU'],
    ['RequestCount', 'PartialData', 'signal rps'],
  ] as const;
  test.each(halves)(
    'half an answer is none: %s that is %s ranks nothing and is not kept',
    async (metric, status, what) => {
      const misfortune: Circumstances['misfortune'] = (faults) => faults.nextResult({ metric, status, times: 100 });
      const answer = await backtest({ insights: true }, fresh(metric), { misfortune });
      const said = `CloudWatch did not tell all of ${what} of prod/checkout: CloudWatch answered with ${status}; run it again.\n`;
      expect([answer.stderr, answer.stdout, answer.exitCode]).toEqual([said, '', 1]);
      expect(await readdir(join(folder, metric, 'backtest'))).toEqual([]);
    },
    60_000,
  );

  test('it outlasts a throttled CloudWatch, and says what did not answer', async () => {
    const throttled = await backtest({ insights: true }, fresh('throttled'), {
      misfortune: (faults) => faults.next('GetMetricData', { kind: 'throttle', times: 4 }),
    });
    expect([throttled.exitCode, throttled.stderr]).toEqual([0, '']);
    const broken = await backtest({ insights: true }, fresh('broken'), {
      misfortune: (faults) => faults.next('DescribeScalingPolicies', { kind: 'throttle', times: 100 }),
    });
    expect(broken.stderr).toBe(
      'AWS did not tell what scales prod/checkout: ThrottlingException: Rate exceeded; run it again.\n',
    );
    expect(broken.exitCode).toBe(1);
  }, 90_000);

  test('a folder that cannot be made is said before anything is read', async () => {
    const answer = await backtest({ insights: true }, ['--out', '/proc/none']);
    expect(answer.stderr).toMatch(
      /^--out \/proc\/none\S*: cannot be written \(\w+\); name a folder you may write\.\n$/,
    );
    expect([answer.exitCode, answer.calls]).toEqual([2, 0]);
  }, 60_000);

  test('the page of the command lists every permission', async () => {
    const page = await readFile(join(ROOT, 'docs/backtest.md'), 'utf8');
    expect(READ_ACTIONS.filter((action) => !page.includes(`\`${action}\``))).toEqual([]);
  });

  test('a service that ECS does not know', async () => {
    await writeFile(join(folder, 'gone.yaml'), POLICY.replace('prod/checkout', 'prod/gone'));
    const args = ['--policy', join(folder, 'gone.yaml')];
    const answer = await backtest({ insights: true }, args, { service: 'prod/gone' });
    expect(answer.stderr).toMatch(
      /^--service prod\/gone: ECS knows no service .*; check the name, the Region and the account\.\n$/,
    );
    expect(answer.exitCode).toBe(2);
  }, 60_000);

  test('a service without its cluster', async () => {
    const answer = await backtest({ insights: true }, [], { service: 'checkout' });
    expect(answer.stderr).toBe("--service is 'checkout'; write cluster/service, as in prod/checkout.\n");
    expect(answer.exitCode).toBe(2);
  }, 60_000);
});

describe('what cannot be judged', () => {
  test('a service that nothing is known to scale', async () => {
    const answer = await backtest({ insights: true }, fresh('nobody'), { scaling: [] });
    expect(answer.stdout).toContain('Fidelity unknown');
    expect(answer.stdout).toContain('not ranked, because the service is not registered with Application Auto Scaling.');
    expect(answer.stdout).toMatch(
      /^The policy can be watched instead: in mode shadow .* schmitt simulate plays it over the load that --load FILE keeps of this history\.$/m,
    );
    expect(answer.exitCode).toBe(1);
  }, 120_000);

  test('its own load is kept as a trace all the same, at its real size, and played by the command that is printed', async () => {
    const file = join(folder, 'load.csv');
    const answer = await backtest({ insights: true }, [...fresh('load'), '--load', file], { scaling: [] });
    const [, played = ''] = /^Play it: schmitt (.*)$/m.exec(answer.stdout) ?? [];
    const [header, ...rows] = (await readFile(file, 'utf8')).trim().split('\n');
    const load = daysOf(SHORT);
    const busy = rows.map((row) => row.split(',').map(Number)) as [number, number][];
    const really = busy.map(([seconds]) => (load.rateAt(seconds * 1000) ?? 0) / 100);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    // The first minute of a service has no datapoint.
    expect([header, busy.length]).toEqual(['timestamp_s,value', SHORT * 24 * 60 - 1]);
    // What tasks use of their CPU while they idle counts as load.
    const share = sum(busy.map(([, value]) => value)) / sum(really);
    expect([share >= 1, share < 1.08]).toEqual([true, true]);
    const { stdout, stderr } = await schmitt([...played.split(' '), '--json']);
    if (stdout === '') throw new Error(stderr);
    const { runs, days } = JSON.parse(stdout);
    expect([Math.round(days), runs[0].overloadedPct < 1, runs[0].changesPerDay > 1]).toEqual([SHORT, true, true]);
  }, 120_000);

  test('a page and a load in the same file are refused before anything is asked', async () => {
    const file = join(folder, 'same.html');
    const answer = await backtest({ insights: true }, ['--html', file, '--load', file]);
    expect(answer.stderr).toBe(`--load ${file}: --html writes there too; name another file.\n`);
    expect([answer.exitCode, answer.operations]).toEqual([2, []]);
  }, 60_000);

  test('a policy that needs a signal without history is refused with what there is, before anything is asked', async () => {
    const extra = POLICY.replace('signals:', 'signals:\n      jobs: { sqs: jobs }');
    await writeFile(join(folder, 'queue.yaml'), extra);
    const answer = await backtest({ insights: true }, ['--policy', join(folder, 'queue.yaml')]);
    expect(answer.stderr).toMatch(
      /queue\.yaml, signal jobs: a signal of kind sqs has no history in CloudWatch; .*The history has cpu, rps\.\n$/,
    );
    expect([answer.exitCode, answer.operations]).toEqual([2, []]);
  }, 120_000);
});
