/** What somebody should look at: one entry an alarm. */
import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { fargateQuotaUsed, tickMetric } from './metrics.ts';
import { AT_ONCE, allOf, type Watch, type WatchedParts } from './watch.ts';

const { GREATER_THAN_THRESHOLD } = ComparisonOperator;

const DAYS_A_MONTH = 365 / 12;

/** Should somebody look? */
export function attentionWatches(parts: WatchedParts): Watch[] {
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
