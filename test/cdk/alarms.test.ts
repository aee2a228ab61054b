import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fleet, policy, readable, synthesize } from './synthesized.ts';

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Period: number;
  readonly Statistic: string;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  readonly AlarmActions: readonly string[];
  readonly OKActions: readonly string[];
}

const { template } = synthesize(fleet(policy('prod/checkout', 'act')));
const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
  ({ Properties }) => readable(Properties) as AlarmProperties,
);

/** An alarm in the words of the console. */
function inWords(alarm: AlarmProperties): string {
  const sign = { LessThanThreshold: '<', GreaterThanOrEqualToThreshold: '>=' }[alarm.ComparisonOperator];
  return [
    `${alarm.Statistic} of ${alarm.Namespace} ${alarm.MetricName} ${sign} ${alarm.Threshold}`,
    `for ${alarm.DatapointsToAlarm} of ${alarm.EvaluationPeriods} x ${alarm.Period} s`,
    `missing is ${alarm.TreatMissingData}`,
  ].join(', ');
}

describe('alarms', () => {
  test('watch the scaler itself', () => {
    expect(alarms.map(inWords)).toEqual([
      'Sum of AWS/Lambda Errors >= 1, for 2 of 5 x 60 s, missing is notBreaching',
      'Sum of AWS/Lambda Throttles >= 1, for 2 of 5 x 60 s, missing is notBreaching',
      'Sum of AWS/Lambda Invocations < 1, for 1 of 1 x 180 s, missing is breaching',
      'Maximum of AWS/SQS ApproximateNumberOfMessagesVisible >= 1, for 1 of 1 x 60 s, missing is notBreaching',
    ]);
  });

  test('watch our own function and queue', () => {
    expect(alarms.flatMap(({ Dimensions }) => Dimensions)).toEqual([
      { Name: 'FunctionName', Value: '<Tick>' },
      { Name: 'FunctionName', Value: '<Tick>' },
      { Name: 'FunctionName', Value: '<Tick>' },
      { Name: 'QueueName', Value: '<DeadLetters.QueueName>' },
    ]);
  });

  test('are heard, and so is their end', () => {
    for (const { AlarmActions, OKActions } of alarms) {
      expect([...AlarmActions, ...OKActions]).toEqual(['<Alarms>', '<Alarms>']);
    }
  });

  test('name a section of the runbook that exists', () => {
    const runbook = readFileSync(resolve(import.meta.dirname, '../../docs/operations.md'), 'utf8');
    const anchors = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const { AlarmDescription } of alarms) {
      const [, anchor] = AlarmDescription.match(/docs\/operations\.md#([\w-]+)$/) ?? [];
      expect(anchors).toContain(anchor);
    }
  });
});
