import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Duration } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { TICK_METRICS } from '../../lib/cdk/metrics.ts';
import { fleet, policy, readable, synthesize } from './synthesized.ts';

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Metrics?: readonly { readonly Expression?: string }[];
  readonly Period?: number;
  readonly Statistic?: string;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly AlarmActions: readonly string[];
  readonly OKActions: readonly string[];
}

const { template } = synthesize(fleet(policy('prod/checkout', 'act')));
const alarms = alarmsOf(template);

function alarmsOf(of: Template): AlarmProperties[] {
  return Object.values(of.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => readable(Properties) as AlarmProperties,
  );
}

/** An alarm in the words of the console. */
function inWords(alarm: AlarmProperties): string {
  const sign = { LessThanThreshold: '<', GreaterThanOrEqualToThreshold: '>=', GreaterThanThreshold: '>' }[
    alarm.ComparisonOperator
  ];
  const of = alarm.Metrics?.find(({ Expression }) => Expression !== undefined)?.Expression;
  const watched = of ?? `${alarm.Statistic} of ${alarm.Namespace} ${alarm.MetricName}`;
  const span = `for ${alarm.DatapointsToAlarm} of ${alarm.EvaluationPeriods}${alarm.Period === undefined ? '' : ` x ${alarm.Period} s`}`;
  return `${watched} ${sign} ${Math.round(alarm.Threshold * 100) / 100}, ${span}, missing is ${alarm.TreatMissingData}`;
}

const runbook = readFileSync(resolve(import.meta.dirname, '../../docs/operations.md'), 'utf8');
const anchors = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-'),
);

describe('alarms', () => {
  test('watch the scaler itself', () => {
    expect(alarms.map(inWords)).toEqual([
      'Sum of AWS/Lambda Errors >= 1, for 2 of 5 x 60 s, missing is notBreaching',
      'Sum of AWS/Lambda Throttles >= 1, for 2 of 5 x 60 s, missing is notBreaching',
      'Sum of AWS/Lambda Invocations < 1, for 1 of 1 x 180 s, missing is breaching',
      'Maximum of Schmitt TickAge >= 60, for 3 of 5 x 60 s, missing is notBreaching',
      'Maximum of AWS/SQS ApproximateNumberOfMessagesVisible >= 1, for 1 of 1 x 60 s, missing is notBreaching',
      'Maximum of Schmitt BreakerOpen >= 1, for 1 of 1 x 60 s, missing is notBreaching',
      'Minimum of Schmitt SignalsMissing >= 1, for 10 of 10 x 60 s, missing is notBreaching',
      'Sum of Schmitt UpdatesRefused >= 1, for 2 of 5 x 60 s, missing is notBreaching',
      'Maximum of Schmitt PoliciesRejected >= 1, for 1 of 1 x 60 s, missing is notBreaching',
      'Sum of Schmitt ChangesUnverified >= 1, for 1 of 1 x 60 s, missing is notBreaching',
      'Maximum of Schmitt DoesNotHelp >= 1, for 3 of 3 x 60 s, missing is notBreaching',
      'Minimum of Schmitt OverridesActive >= 1, for 24 of 24 x 3600 s, missing is notBreaching',
      'Minimum of Schmitt LastScaleAge > 604800, for 1 of 1 x 3600 s, missing is notBreaching',
      'used / SERVICE_QUOTA(used) * 100 > 80, for 3 of 3, missing is notBreaching',
      'Sum of Schmitt ReadCost > 1.64, for 1 of 1 x 86400 s, missing is notBreaching',
      'Sum of Schmitt ChecksDone < 1, for 3 of 3 x 3600 s, missing is breaching',
      'Maximum of Schmitt RoomsNear >= 1, for 1 of 1 x 3600 s, missing is notBreaching',
      'Maximum of Schmitt ScaledByOthers >= 1, for 1 of 1 x 3600 s, missing is notBreaching',
    ]);
  });

  test('watch our own function and queue, and metrics that our own tick writes', () => {
    const dimensions = alarms.flatMap(({ Dimensions = [] }) => Dimensions).map(({ Name, Value }) => `${Name} ${Value}`);
    expect(new Set(dimensions)).toEqual(
      new Set(['FunctionName <Tick>', 'QueueName <DeadLetters.QueueName>', 'service Schmitt']),
    );
    const source = ['report', 'watch', 'handler'].map((file) =>
      readFileSync(resolve(import.meta.dirname, `../../lambdas/tick/${file}.ts`), 'utf8'),
    );
    for (const name of Object.keys(TICK_METRICS)) expect(source.join()).toContain(`addMetric('${name}'`);
  });

  test('are heard, and so is their end', () => {
    for (const { AlarmActions, OKActions } of alarms) {
      expect([...AlarmActions, ...OKActions]).toEqual(['<Alarms>', '<Alarms>']);
    }
  });

  test('can be set to what a team cares for', () => {
    const other = alarmsOf(
      synthesize(fleet(policy('prod/checkout', 'act')), { readCostLimit: 365, overrideReminder: Duration.hours(4) })
        .template,
    );
    expect(other.map(inWords)).toEqual(
      expect.arrayContaining([
        'Minimum of Schmitt OverridesActive >= 1, for 4 of 4 x 3600 s, missing is notBreaching',
        'Sum of Schmitt ReadCost > 12, for 1 of 1 x 86400 s, missing is notBreaching',
      ]),
    );
  });

  test('name a section of the runbook that exists', () => {
    const [unwell] = Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm'));
    for (const description of [unwell?.Properties, ...alarms].map(({ AlarmDescription }) => AlarmDescription)) {
      const [, anchor] = description.match(/docs\/operations\.md#([\w-]+)$/) ?? [];
      expect(anchors).toContain(anchor);
    }
  });
});

describe('one light for the whole scaler', () => {
  const [unwell] = Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm'));

  test('is on while anything is wrong with scaling, and not for what somebody should merely look at', () => {
    const rule = String(readable(unwell?.Properties.AlarmRule));
    expect([...rule.matchAll(/<Alarm(\w+)\.Arn>/g)].map(([, name]) => name)).toEqual([
      ...['Errors', 'Throttles', 'NoTick', 'TicksLate', 'DeadLetters', 'BreakerOpen', 'SignalsMissing'],
      ...['UpdateRefused', 'PoliciesRejected'],
    ]);
  });

  test('tells nobody twice', () => {
    expect(unwell?.Properties).not.toHaveProperty('AlarmActions');
  });
});

test('what an emulator refuses can be left out, and nothing else', () => {
  const set = fleet(policy('prod/checkout', 'act'));
  const { template: less } = synthesize(set, { leaveOut: ['compositeAlarms', 'mathAlarms'] });
  less.resourceCountIs('AWS::CloudWatch::CompositeAlarm', 0);
  expect(alarmsOf(less).map(inWords)).toEqual(alarms.map(inWords).filter((words) => !words.includes('SERVICE_QUOTA')));
  const kinds = (of: Template) => Object.values(of.toJSON().Resources as Record<string, { Type: string }>);
  expect(kinds(template)).toHaveLength(kinds(less).length + 2);
});
