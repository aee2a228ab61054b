/** What the hourly checks are watched for. */
import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Watch } from './watch.ts';

const AN_HOUR = Duration.hours(1);

/** The metrics that `lambdas/checks` writes. */
export const CHECKS_METRICS = {
  ChecksDone: Stats.SUM,
  RoomsNear: Stats.MAXIMUM,
  ScaledByOthers: Stats.MAXIMUM,
} as const;

function checksMetric(scaler: string, metricName: keyof typeof CHECKS_METRICS): Metric {
  return new Metric({
    namespace: 'Schmitt',
    metricName,
    statistic: CHECKS_METRICS[metricName],
    period: AN_HOUR,
    dimensionsMap: { service: scaler },
  });
}

const ONE = { threshold: 1, comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD } as const;
const AT_ONCE = { ...ONE, periods: 1, breachingPeriods: 1, whenMissing: TreatMissingData.NOT_BREACHING } as const;

export function checksWatches({ scaler }: { readonly scaler: string }): Watch[] {
  return [
    {
      id: CHECKS_MISSING,
      says: 'No check of headroom for three hours: what was found before is not believed any more',
      runbook: 'alarm-checks-missing',
      metric: checksMetric(scaler, 'ChecksDone'),
      breach: {
        ...{ threshold: 1, comparison: ComparisonOperator.LESS_THAN_THRESHOLD },
        ...{ periods: 3, breachingPeriods: 3, whenMissing: TreatMissingData.BREACHING },
      },
      means: 'attention',
    },
    {
      id: 'RoomNear',
      says: 'Of a limit of AWS more than 80 % are used: vCPUs, addresses, targets or instances',
      runbook: 'alarm-room-near',
      metric: checksMetric(scaler, 'RoomsNear'),
      breach: AT_ONCE,
      means: 'attention',
    },
    {
      id: 'ScaledByOthers',
      says: 'Application Auto Scaling may scale in a service with mode act: nothing is done to it',
      runbook: 'alarm-scaled-by-others',
      metric: checksMetric(scaler, 'ScaledByOthers'),
      breach: AT_ONCE,
      means: 'attention',
    },
  ];
}

export const CHECKS_MISSING = 'ChecksMissing';
