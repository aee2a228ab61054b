/** What is watched: one entry an alarm. */
import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { checksWatches } from './checks-watches.ts';
import { fargateQuotaUsed, tickMetric } from './metrics.ts';

export interface Watch {
  readonly id: string;
  readonly says: string;
  /** Heading of the section in `docs/operations.md`, as an anchor. */
  readonly runbook: string;
  readonly metric: IMetric;
  readonly breach: Breach;
  /** `unwell`: services are not scaled as they should be. `attention`: somebody should look. */
  readonly means: 'unwell' | 'attention';
  /** A change of policies that sets it off is taken back. */
  readonly takesPoliciesBack?: boolean;
  /** Metric math, which emulators refuse. */
  readonly math?: boolean;
}

export interface Breach {
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  readonly periods: number;
  readonly breachingPeriods: number;
  readonly whenMissing: TreatMissingData;
}

export interface WatchedParts {
  readonly tick: IFunction;
  readonly deadLetters: Queue;
  /** The scaler's name in its metrics. */
  readonly scaler: string;
  /** US dollars a month that reading signals may cost. */
  readonly readCostLimit: number;
  /** How long an override may stand before somebody is reminded of it. */
  readonly overrideReminder: Duration;
}

const { GREATER_THAN_OR_EQUAL_TO_THRESHOLD, GREATER_THAN_THRESHOLD, LESS_THAN_THRESHOLD } = ComparisonOperator;

const AT_ONCE: Breach = {
  threshold: 1,
  comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  periods: 1,
  breachingPeriods: 1,
  whenMissing: TreatMissingData.NOT_BREACHING,
};
/** One tick that fails is made good by the next; two of five are a pattern. */
const TWO_OF_FIVE: Breach = { ...AT_ONCE, periods: 5, breachingPeriods: 2 };
const allOf = (periods: number): Breach => ({ ...AT_ONCE, periods, breachingPeriods: periods });

const EVERY_MINUTE = { period: Duration.minutes(1), statistic: Stats.SUM } as const;

export function watches(parts: WatchedParts): Watch[] {
  return [...deliveryWatches(parts), ...tickWatches(parts), ...attentionWatches(parts), ...checksWatches(parts)];
}

/** Does it tick at all, and in time? */
function deliveryWatches({ tick, deadLetters, scaler }: WatchedParts): Watch[] {
  return [
    {
      id: 'Errors',
      says: 'Ticks end in a fault',
      runbook: 'alarm-errors',
      metric: tick.metricErrors(EVERY_MINUTE),
      breach: TWO_OF_FIVE,
      means: 'unwell',
      takesPoliciesBack: true,
    },
    {
      id: 'Throttles',
      says: 'Lambda refuses to run ticks',
      runbook: 'alarm-throttles',
      metric: tick.metricThrottles(EVERY_MINUTE),
      breach: TWO_OF_FIVE,
      means: 'unwell',
    },
    {
      id: 'NoTick',
      says: 'No tick for three minutes: nothing scales',
      runbook: 'alarm-no-tick',
      metric: tick.metricInvocations({ period: Duration.minutes(3), statistic: Stats.SUM }),
      // A function that is not called sends no datapoint at all.
      breach: { ...AT_ONCE, comparison: LESS_THAN_THRESHOLD, whenMissing: TreatMissingData.BREACHING },
      means: 'unwell',
    },
    {
      id: 'TicksLate',
      says: 'Ticks run a minute late or more',
      runbook: 'alarm-ticks-late',
      metric: tickMetric(scaler, 'TickAge'),
      breach: { ...AT_ONCE, threshold: 60, periods: 5, breachingPeriods: 3 },
      means: 'unwell',
    },
    {
      id: 'DeadLetters',
      says: 'Ticks were not delivered or failed and lie in the dead-letter queue',
      runbook: 'alarm-dead-letters',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ ...EVERY_MINUTE, statistic: Stats.MAXIMUM }),
      breach: AT_ONCE,
      means: 'unwell',
    },
  ];
}

/** Does it do what it should? */
function tickWatches({ scaler }: WatchedParts): Watch[] {
  return [
    {
      id: 'BreakerOpen',
      says: 'A breaker is open: a service is not changed',
      runbook: 'alarm-breaker-open',
      metric: tickMetric(scaler, 'BreakerOpen'),
      breach: AT_ONCE,
      means: 'unwell',
    },
    {
      id: 'SignalsMissing',
      says: 'A signal has been unknown for ten minutes',
      runbook: 'alarm-signals-missing',
      metric: tickMetric(scaler, 'SignalsMissing', { statistic: Stats.MINIMUM }),
      breach: allOf(10),
      means: 'unwell',
    },
    {
      id: 'UpdateRefused',
      says: 'ECS refuses changes',
      runbook: 'alarm-updateservice-refused',
      metric: tickMetric(scaler, 'UpdatesRefused'),
      breach: TWO_OF_FIVE,
      means: 'unwell',
      takesPoliciesBack: true,
    },
    {
      id: 'PoliciesRejected',
      says: 'Policies were deployed that cannot be read; the last good ones hold',
      runbook: 'alarm-policies-rejected',
      metric: tickMetric(scaler, 'PoliciesRejected'),
      breach: AT_ONCE,
      means: 'unwell',
      takesPoliciesBack: true,
    },
  ];
}

const DAYS_A_MONTH = 365 / 12;

/** Should somebody look? */
function attentionWatches(parts: WatchedParts): Watch[] {
  return [...capacityWatches(parts), ...upkeepWatches(parts)];
}

/** Tasks that were asked for and do not serve, or do not help. */
function capacityWatches({ scaler }: WatchedParts): Watch[] {
  return [
    {
      id: 'ChangesUnverified',
      says: 'Tasks that were added did not come into service',
      runbook: 'alarm-changes-not-in-service',
      metric: tickMetric(scaler, 'ChangesUnverified'),
      breach: AT_ONCE,
      means: 'attention',
    },
    {
      id: 'DoesNotHelp',
      says: 'A rule asks for more tasks, and those that it got did not help',
      runbook: 'alarm-more-tasks-do-not-help',
      metric: tickMetric(scaler, 'DoesNotHelp'),
      breach: allOf(3),
      means: 'attention',
    },
  ];
}

/** A fleet that follows its load changes within a day and a night; a week is a policy that nothing ever meets, or no policy at all. */
const QUIET_DAYS = 7;

function upkeepWatches({ scaler, readCostLimit, overrideReminder }: WatchedParts): Watch[] {
  const hours = Math.max(1, Math.round(overrideReminder.toHours({ integral: false })));
  return [
    {
      id: 'OverridesForgotten',
      says: `An override has stood for ${hours} h`,
      runbook: 'alarm-overrides-forgotten',
      metric: tickMetric(scaler, 'OverridesActive', { statistic: Stats.MINIMUM, period: Duration.hours(1) }),
      breach: allOf(hours),
      means: 'attention',
    },
    {
      id: 'NothingScaled',
      says: `No count has been changed for ${QUIET_DAYS} days`,
      runbook: 'alarm-nothing-scaled',
      metric: tickMetric(scaler, 'LastScaleAge', { period: Duration.hours(1) }),
      breach: {
        ...AT_ONCE,
        threshold: Duration.days(QUIET_DAYS).toSeconds(),
        comparison: GREATER_THAN_THRESHOLD,
      },
      means: 'attention',
    },
    {
      id: 'QuotaNear',
      says: 'Fargate runs on more than 80 % of its vCPU quota',
      runbook: 'alarm-quota-near',
      metric: fargateQuotaUsed(),
      breach: { ...allOf(3), threshold: 80, comparison: GREATER_THAN_THRESHOLD },
      means: 'attention',
      math: true,
    },
    {
      id: 'ReadCost',
      says: `Reading signals costs more than ${readCostLimit} USD a month`,
      runbook: 'alarm-cost-of-reads',
      metric: tickMetric(scaler, 'ReadCost', { period: Duration.days(1) }),
      breach: { ...AT_ONCE, threshold: readCostLimit / DAYS_A_MONTH, comparison: GREATER_THAN_THRESHOLD },
      means: 'attention',
    },
  ];
}
