/** The alarms that say the scaler itself is unwell. Each names its section of `docs/operations.md`. */
import { Duration, type Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

export interface AlarmProps {
  readonly tick: IFunction;
  readonly deadLetters: Queue;
  readonly topic: ITopic;
}

interface Watch {
  readonly id: string;
  readonly says: string;
  /** Heading of the section in `docs/operations.md`, as an anchor. */
  readonly runbook: string;
  readonly metric: Metric;
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  readonly periods: number;
  readonly breachingPeriods: number;
  readonly whenMissing: TreatMissingData;
}

const { GREATER_THAN_OR_EQUAL_TO_THRESHOLD, LESS_THAN_THRESHOLD } = ComparisonOperator;
const { BREACHING, NOT_BREACHING } = TreatMissingData;

const MINUTE = { period: Duration.minutes(1), statistic: 'Sum' };
/** One tick that fails is made good by the next; two of five are a pattern. */
const TWO_OF_FIVE = { threshold: 1, comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD, periods: 5, breachingPeriods: 2 };
const AT_ONCE = { threshold: 1, periods: 1, breachingPeriods: 1 };

function watches({ tick, deadLetters }: AlarmProps): Watch[] {
  return [
    {
      id: 'Errors',
      says: 'Ticks end in a fault',
      runbook: 'alarm-errors',
      metric: tick.metricErrors(MINUTE),
      ...TWO_OF_FIVE,
      whenMissing: NOT_BREACHING,
    },
    {
      id: 'Throttles',
      says: 'Lambda refuses to run ticks',
      runbook: 'alarm-throttles',
      metric: tick.metricThrottles(MINUTE),
      ...TWO_OF_FIVE,
      whenMissing: NOT_BREACHING,
    },
    {
      id: 'NoTick',
      says: 'No tick for three minutes: nothing scales',
      runbook: 'alarm-no-tick',
      metric: tick.metricInvocations({ period: Duration.minutes(3), statistic: 'Sum' }),
      ...AT_ONCE,
      comparison: LESS_THAN_THRESHOLD,
      // A function that is not called sends no datapoint at all.
      whenMissing: BREACHING,
    },
    {
      id: 'DeadLetters',
      says: 'Ticks were not delivered or failed and lie in the dead-letter queue',
      runbook: 'alarm-dead-letters',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ ...MINUTE, statistic: 'Maximum' }),
      ...AT_ONCE,
      comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      whenMissing: NOT_BREACHING,
    },
  ];
}

export function createAlarms(stack: Stack, props: AlarmProps): Alarm[] {
  return watches(props).map((watch) => {
    const alarm = new Alarm(stack, `Alarm${watch.id}`, {
      alarmDescription: `Schmitt: ${watch.says}. Runbook: docs/operations.md#${watch.runbook}`,
      metric: watch.metric,
      threshold: watch.threshold,
      comparisonOperator: watch.comparison,
      evaluationPeriods: watch.periods,
      datapointsToAlarm: watch.breachingPeriods,
      treatMissingData: watch.whenMissing,
    });
    alarm.addAlarmAction(new SnsAction(props.topic));
    alarm.addOkAction(new SnsAction(props.topic));
    return alarm;
  });
}
