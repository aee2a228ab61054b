/** `scale` takes objects and derives the rest: names, signals, dimensions and permissions, literal or made by CloudFormation. */
import { describe, expect, test } from '@jest/globals';
import { CfnParameter, Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ApplicationTargetGroup, TargetType } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Policies, type ScaleProps, Schmitt, type SchmittProps, Signal } from '../../lib/cdk/index.ts';
import { serviceStage } from './a-service.ts';
import { readable, said } from './synthesized.ts';

const CAPACITY = { min: 2, max: 20 };
const BUSY = { name: 'busy', when: 'cpu > 70', add: 1 };

/** The service as it is written in AppConfig, with references as `<Cluster>`. */
function deployed(stack: Stack) {
  const [hosted] = Object.values(Template.fromStack(stack).findResources('AWS::AppConfig::HostedConfigurationVersion'));
  const { policies, names } = JSON.parse(String(readable(hosted?.Properties.Content)));
  return { service: policies.services[0], services: policies.services, names };
}

function scaled(props: Partial<ScaleProps>, schmitt: SchmittProps = {}) {
  const { stack, service } = serviceStage('checkout');
  const scaler = new Schmitt(stack, 'Schmitt', schmitt);
  scaler.scale(service, { capacity: CAPACITY, scaleOut: [BUSY], ...props });
  return { stack, service, scaler };
}

describe('names', () => {
  test('that are given are written as they are', () => {
    const { stack, service } = serviceStage('checkout');
    new Schmitt(stack, 'Schmitt').scale(service, { capacity: CAPACITY, scaleOut: [BUSY] });
    expect(deployed(stack).service).toMatchObject({ cluster: 'prod', service: 'checkout', mode: 'shadow' });
    expect(deployed(stack).names).toEqual({});
  });

  test('that CloudFormation makes are filled in by the deployment, also in permissions and events', () => {
    const { stack, service } = serviceStage();
    new Schmitt(stack, 'Schmitt').scale(service, { mode: 'act', capacity: CAPACITY, scaleOut: [BUSY] });
    const { service: written, names } = deployed(stack);
    expect(names).toEqual({ [written.cluster]: '<Cluster>', [written.service]: '<Service.Name>' });
    const template = Template.fromStack(stack);
    const policies = JSON.stringify(readable(Object.values(template.findResources('AWS::IAM::Policy'))));
    expect(policies).toContain(':service/<Cluster>/<Service.Name>"');
    expect(JSON.stringify(readable(Object.values(template.findResources('AWS::Events::Rule'))))).toContain(
      ':service/<Cluster>/',
    );
  });
});

describe('signals', () => {
  test('of a target group, a queue and an alarm are read where a condition names them, and only there', () => {
    const { stack, vpc, service } = serviceStage('checkout');
    const targetGroup = new ApplicationTargetGroup(stack, 'Group', { vpc, port: 80, targetType: TargetType.IP });
    const jobs = new Queue(stack, 'Jobs');
    const metric = new Metric({ namespace: 'Shop', metricName: 'Orders', dimensionsMap: { Stage: 'prod' } });
    const orders = new Alarm(stack, 'Orders', { metric, threshold: 5, evaluationPeriods: 1 });
    new Schmitt(stack, 'Schmitt').scale(service, {
      ...{ capacity: CAPACITY, targetGroup, queues: { jobs, mails: new Queue(stack, 'Mails') }, alarms: { orders } },
      scaleOut: [{ name: 'busy', when: 'cpu > 70 || errors > 5 || jobs > 10 || orders > 9', add: 1 }],
    });
    const { signals } = deployed(stack).service;
    expect(Object.keys(signals).sort()).toEqual(['cpu', 'errors', 'jobs', 'orders', 'rps']);
    expect(signals.orders.source).toMatchObject({ namespace: 'Shop', metric: 'Orders', dimensions: { Stage: 'prod' } });
    const policies = readable(Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role')));
    expect(JSON.stringify(policies)).toContain(
      '"Action":["sqs:GetQueueAttributes","sqs:GetQueueUrl"],"Effect":"Allow","Resource":"<Jobs.Arn>"',
    );
    expect(JSON.stringify(policies)).not.toContain('<Mails.Arn>');
  });

  test('of any metric, of PromQL and pushed ones are given in signals', () => {
    const { stack } = scaled(
      {
        signals: {
          depth: Signal.metric(new Metric({ namespace: 'Shop', metricName: 'Depth', statistic: 'Maximum' })),
          load: Signal.promql('sum(rate(x{service="checkout"}[2m]))', 'main', { period: Duration.minutes(1) }),
          users: Signal.pushed({ whenMissing: { use: 'depth' } }),
        },
        scaleOut: [{ name: 'busy', when: 'depth > 5 || load > 3 || users > 9', add: 1 }],
      },
      { prometheus: { main: { url: 'http://prometheus:9090' } } },
    );
    const { signals } = deployed(stack).service;
    expect(signals.depth).toMatchObject({ stat: 'Maximum', source: { metric: 'Depth' } });
    expect(signals.load.source).toMatchObject({ from: 'main' });
    expect(signals.users).toMatchObject({ source: { kind: 'pushed' }, whenMissing: { kind: 'use', signal: 'depth' } });
  });

  test('an alarm that goes off has its service decided at once', () => {
    const { stack, service } = serviceStage('checkout');
    const alarm = new Alarm(stack, 'Full', {
      metric: new Metric({ namespace: 'Shop', metricName: 'Full' }),
      ...{ threshold: 1, evaluationPeriods: 1 },
    });
    new Schmitt(stack, 'Schmitt').scale(service, { capacity: CAPACITY, alarms: { full: alarm }, scaleOut: [BUSY] });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.cloudwatch'],
        detail: {
          alarmName: [{ Ref: stack.getLogicalId(alarm.node.defaultChild as never) }],
          state: { value: ['ALARM'] },
        },
      },
    });
  });
});

describe('the same model', () => {
  test('typed props say what a file says, word for word', () => {
    const typed = scaled({
      ...{ mode: 'act', cadence: Duration.seconds(30) },
      scaleOut: [
        {
          name: 'busy',
          when: 'cpu > 70',
          addPercent: 20,
          atLeast: 2,
          trueFor: '2 of 3',
          thenWait: Duration.minutes(3),
        },
      ],
      scaleIn: [{ name: 'calm', when: 'cpu < 30', remove: 1, trueFor: '10 of 10' }],
      targets: [{ signal: 'mem', perTask: 60, tolerancePercent: 20 }],
      pace: { out: 'fast', in: { preset: 'slow', cooldown: Duration.minutes(9), upTo: { percent: 10, tasks: 1 } } },
      schedule: [{ cron: '0 8 * * MON-FRI', lasts: Duration.hours(12), timezone: 'Asia/Shanghai', min: 10 }],
      freeze: [{ from: new Date('2026-11-27T00:00:00Z'), to: new Date('2026-11-28T00:00:00Z'), forbid: 'scaleIn' }],
      guard: { unknownAbstainsAfter: Duration.minutes(20), whenBlindFor: [{ time: Duration.minutes(10), atLeast: 6 }] },
    });
    const { stack } = serviceStage('checkout');
    const file = `
version: 1
services:
  - service: prod/checkout
    mode: act
    cadence: 30s
    capacity: { min: 2, max: 20 }
    signals: { cpu: { ecs: CPUUtilization }, mem: { ecs: MemoryUtilization } }
    scaleOut: [{ name: busy, when: 'cpu > 70', addPercent: 20, atLeast: 2, trueFor: 2 of 3, thenWait: 3m }]
    scaleIn: [{ name: calm, when: 'cpu < 30', remove: 1, trueFor: 10 of 10 }]
    targets: [{ signal: mem, perTask: 60, tolerance: 20% }]
    pace: { out: fast, in: { preset: slow, cooldown: 9m, upTo: [10%, 1 task] } }
    schedule: [{ cron: '0 8 * * MON-FRI', lasts: 12h, timezone: Asia/Shanghai, min: 10 }]
    freeze: [{ from: '2026-11-27T00:00:00Z', to: '2026-11-28T00:00:00Z', forbid: scaleIn }]
    guard: { unknownAbstainsAfter: 20m, whenBlindFor: { 10m: { atLeast: 6 } } }
`;
    new Schmitt(stack, 'Schmitt', { policies: Policies.fromText(file) });
    expect(deployed(typed.stack).service).toEqual(deployed(stack).service);
  });

  test('both are linted at synth', () => {
    const { stack } = scaled({ scaleIn: [{ name: 'calm', when: 'cpu < 69', remove: 1 }] });
    expect(said(stack, 'warning').join('\n')).toMatch(/scaleIn/);
  });
});

describe('a cadence below a minute', () => {
  test('brings a queue that invokes the tick, and whose failures are kept', () => {
    const { stack } = scaled({ cadence: Duration.seconds(20) });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', 1);
    template.hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: { maxReceiveCount: 1 } });
    Template.fromStack(scaled({}).stack).resourceCountIs('AWS::Lambda::EventSourceMapping', 0);
  });
});

describe('the backstop', () => {
  test('tracks CPU within the capacity, and only ever scales out', () => {
    const { stack } = scaled({ backstop: { cpuPercent: 92, cooldown: Duration.minutes(5) } });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, MaxCapacity: 20 });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: { DisableScaleIn: true, TargetValue: 92, ScaleOutCooldown: 300 },
    });
  });
});

describe('a key of one’s own', () => {
  test('encrypts everything that holds something', () => {
    const { stack, service } = serviceStage('checkout');
    new Schmitt(stack, 'Schmitt', { encryptionKey: new Key(stack, 'Key') }).scale(service, {
      ...{ capacity: CAPACITY, cadence: Duration.seconds(20), scaleOut: [BUSY] },
    });
    const template = Template.fromStack(stack);
    const every = (type: string, key: string) =>
      Object.values(template.findResources(type)).map(({ Properties }) => readable(Properties[key] ?? null));
    expect(every('AWS::SQS::Queue', 'KmsMasterKeyId')).toEqual(['<Key.Arn>', '<Key.Arn>']);
    expect(every('AWS::SNS::Topic', 'KmsMasterKeyId')).toEqual(['<Key.Arn>']);
    expect(new Set(every('AWS::Logs::LogGroup', 'KmsKeyId'))).toEqual(new Set(['<Key.Arn>']));
    expect(new Set(every('AWS::Lambda::Function', 'KmsKeyArn'))).toEqual(new Set(['<Key.Arn>']));
    expect(every('AWS::DynamoDB::Table', 'SSESpecification')).toEqual([
      { KMSMasterKeyId: '<Key.Arn>', SSEEnabled: true, SSEType: 'KMS' },
    ]);
  });
});

test('numbers that are tokens are refused in words, names that are tokens are not', () => {
  const { stack, service } = serviceStage();
  const max = new CfnParameter(stack, 'Max', { type: 'Number' }).valueAsNumber;
  new Schmitt(stack, 'Schmitt').scale(service, { capacity: { min: 2, max }, scaleOut: [BUSY] });
  expect(said(stack, 'error')).toContain(
    'scale(Web/Service): capacity.max is a token; its value must be known at synth, so write it.',
  );
});
