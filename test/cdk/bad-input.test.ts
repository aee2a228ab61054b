/** What is wrong is said at synth: one sentence that names both props and the mend. */
import { describe, expect, test } from '@jest/globals';
import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Policies, type ScaleProps, Schmitt, type SchmittProps, Signal } from '../../lib/cdk/index.ts';
import { serviceStage } from './a-service.ts';
import { said, testApp } from './synthesized.ts';

const CAPACITY = { min: 2, max: 20 };
const BUSY = { name: 'busy', when: 'cpu > 70', add: 1 };
const CALM = { name: 'calm', when: 'cpu < 30', remove: 1 };

/** What is said of one service, scaled so. */
function errorsOf(props: Partial<ScaleProps>, schmitt: SchmittProps = {}) {
  const stage = serviceStage('checkout');
  new Schmitt(stage.stack, 'Schmitt', schmitt).scale(stage.service, {
    ...{ capacity: CAPACITY, scaleOut: [BUSY], scaleIn: [CALM] },
    ...props,
  });
  return said(stage.stack, 'error');
}

const FILE = (name: string) =>
  Policies.fromText(
    `{ version: 1, services: [{ service: ${name}, capacity: { min: 2, max: 9 }, signals: { cpu: { ecs: CPUUtilization } }, scaleOut: [{ name: busy, when: cpu > 70, add: 1 }] }] }`,
    'fleet.yaml',
  );

describe('a service', () => {
  test.each<[string, Partial<ScaleProps>, string | RegExp]>([
    [
      'a cadence under ten seconds',
      { cadence: Duration.seconds(5) },
      'scale(Web/Service): cadence is 5s; write 10s or more.',
    ],
    [
      'min above max',
      { capacity: { min: 9, max: 3 } },
      'scale(Web/Service): capacity.min is 9, above max 3; lower min or raise max.',
    ],
    [
      'a signal that is nowhere',
      { scaleOut: [{ ...BUSY, when: 'cqu > 70' }] },
      /^scale\(Web\/Service\): scaleOut\[0\]\.when .*cqu.*\.$/,
    ],
    [
      'a name that two props give',
      { queues: { load: new Queue(new Stack(), 'Q') }, signals: { load: Signal.pushed() } },
      'scale(Web/Service): queues.load has the name of a signal that signals gives; rename one of them.',
    ],
    [
      'an imported alarm as a number',
      {
        alarms: { full: Alarm.fromAlarmName(new Stack(), 'A', 'full') },
        scaleOut: [{ ...BUSY, when: 'full > 3' }],
      },
      'scale(Web/Service): alarms.full is an imported alarm, whose metric nobody knows; give the metric in signals.',
    ],
    [
      'a backstop below a rule',
      { backstop: { cpuPercent: 60 } },
      'scale(Web/Service): backstop.cpuPercent is 60, not above 70 of scaleOut "busy", so it would act first; raise cpuPercent or lower the rule.',
    ],
    [
      'a time that is a token',
      { cadence: Duration.seconds(new CfnParameter(new Stack(), 'P', { type: 'Number' }).valueAsNumber) },
      'scale(Web/Service): cadence is a token; its length must be known at synth, as in Duration.minutes(5).',
    ],
  ])('%s', (_case, props, sentence) => {
    const errors = errorsOf(props);
    expect(errors).toEqual([typeof sentence === 'string' ? sentence : expect.stringMatching(sentence)]);
  });

  test('that is not among the services', () => {
    const { stack, service } = serviceStage('checkout');
    new Schmitt(stack, 'Schmitt', { services: [service], policies: FILE('prod/chekout') });
    expect(said(stack, 'error')).toEqual([
      'policies name prod/chekout, and services has prod/checkout; correct the name, or add the service to services.',
    ]);
  });

  test('that autoScaleTaskCount scales as well', () => {
    const { stack, service } = serviceStage('checkout');
    service.autoScaleTaskCount({ maxCapacity: 9 }).scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 50 });
    new Schmitt(stack, 'Schmitt').scale(service, { mode: 'act', capacity: CAPACITY, scaleOut: [BUSY] });
    expect(said(stack, 'error').join()).toMatch(/mode is act, and .* of autoScaleTaskCount may scale in as well/);
  });

  test('whose template sets its count: a warning', () => {
    const stage = serviceStage('checkout', { desiredCount: 3 });
    new Schmitt(stage.stack, 'Schmitt').scale(stage.service, { capacity: CAPACITY, scaleOut: [BUSY] });
    expect(said(stage.stack, 'warning').join()).toContain(
      'scale(Web/Service): the service has desiredCount 3, which each deployment sets again; leave desiredCount out.',
    );
  });

  test('of another Region', () => {
    const app = testApp();
    const { service } = serviceStage(
      'checkout',
      {},
      { scope: app, env: { account: '111122223333', region: 'eu-west-1' } },
    );
    const here = new Stack(app, 'Here', { env: { account: '111122223333', region: 'us-east-1' } });
    new Schmitt(here, 'Schmitt').scale(service, { capacity: CAPACITY, scaleOut: [BUSY] });
    expect(said(here, 'error')).toContain(
      "scale(Web/Service): the service is in 111122223333/eu-west-1 and the scaler in 111122223333/us-east-1; make a Schmitt in the service's own stack.",
    );
  });
});

describe('two scalers on one service', () => {
  test('of one stack', () => {
    const { stack, service } = serviceStage();
    for (const id of ['One', 'Other']) new Schmitt(stack, id).scale(service, { capacity: CAPACITY, scaleOut: [BUSY] });
    expect(said(stack, 'error')).toContainEqual(
      expect.stringMatching(
        /is scaled by Web\/One and by Web\/Other, and two scalers undo each other; take it out of one\.$/,
      ),
    );
  });

  test('of two stacks in one account', () => {
    const app = testApp();
    const stacks = ['One', 'Other'].map((id) => new Stack(app, id));
    for (const stack of stacks) new Schmitt(stack, 'Schmitt', { policies: FILE('prod/checkout') });
    expect(said(stacks[0] as Stack, 'error')).toEqual([
      'prod/checkout is scaled by One/Schmitt and by Other/Schmitt, and two scalers undo each other; take it out of one.',
    ]);
  });

  test('not where they are of two Regions', () => {
    const app = testApp();
    const stacks = ['eu-west-1', 'us-east-1'].map(
      (region) => new Stack(app, region, { env: { account: '111122223333', region } }),
    );
    for (const stack of stacks) new Schmitt(stack, 'Schmitt', { policies: FILE('prod/checkout') });
    expect(stacks.flatMap((stack) => said(stack, 'error'))).toEqual([]);
  });

  test('the same service handed over twice', () => {
    const { stack, service } = serviceStage('checkout');
    const scaler = new Schmitt(stack, 'Schmitt');
    const backstop = {};
    for (const min of [2, 3]) scaler.scale(service, { capacity: { min, max: 9 }, scaleOut: [BUSY], backstop });
    expect(said(stack, 'error').join()).toMatch(/prod\/checkout.*scale\(Web\/Service\)/);
  });
});

describe('a scaler', () => {
  test.each<[string, SchmittProps, string]>([
    [
      'a name that is too long',
      { name: 'n'.repeat(65) },
      `name is "${'n'.repeat(65)}", 65 characters; AppConfig and CloudWatch take up to 64 letters, digits, ".", "_" and "-": shorten it.`,
    ],
    ['no shards', { shards: 0 }, 'shards is 0; give a whole number from 1 to 100, known at synth.'],
    ['half a shard', { shards: 1.5 }, 'shards is 1.5; give a whole number from 1 to 100, known at synth.'],
    [
      'policies beside the function that name what is not made yet',
      { hotPolicies: false },
      'hotPolicies is false and scale() was called for Web/Service: policies beside the function are made before their names are; leave hotPolicies out, or write a policy file.',
    ],
  ])('%s', (_case, props, sentence) => {
    expect(errorsOf({}, props)).toEqual([sentence]);
  });

  test('without anything to scale', () => {
    const stack = new Stack(testApp(), 'Empty');
    new Schmitt(stack, 'Schmitt');
    expect(said(stack, 'error')).toEqual([
      'policies is missing and scale() was never called: give policies, as in Policies.fromDirectory("policies"), or scale a service.',
    ]);
  });

  test('in a Region that has no Scheduler', () => {
    const stack = new Stack(testApp(), 'Apart', { env: { region: 'us-iso-east-1' } });
    new Schmitt(stack, 'Schmitt', { policies: FILE('prod/checkout') });
    expect(said(stack, 'error')).toEqual([
      'env.region is us-iso-east-1, which has no EventBridge Scheduler, and shards needs one schedule each; deploy to another Region.',
    ]);
  });

  test('an override reminder that is no whole number of hours up to a week', () => {
    const errors = errorsOf({}, { overrideReminder: Duration.days(9) });
    expect(errors).toEqual([
      'overrideReminder is 216 h; an alarm looks back a week at most: give whole hours from 1 to 168.',
    ]);
  });

  test('a limit of cost that is none', () => {
    expect(errorsOf({}, { readCostLimit: 0 })).toEqual(['readCostLimit is 0; give US dollars a month above 0.']);
  });
});
