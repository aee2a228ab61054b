/** What is watched of the tick: one entry an alarm. */
import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { attentionWatches } from './attention-watches.ts';
import { checksWatches } from './checks-watches.ts';
import { tickMetric } from './metrics.ts';
import { AT_ONCE, allOf, TWO_OF_FIVE, type Watch, type WatchedParts } from './watch.ts';

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
      breach: {
        ...AT_ONCE,
        comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
        whenMissing: TreatMissingData.BREACHING,
      },
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
