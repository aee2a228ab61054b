/** The metrics that the tick writes, in the namespace `Schmitt`, told apart by the scaler's name; and one of AWS's own. */
import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';

/** Of `lambdas/tick/telemetry.ts`. */
const NAMESPACE = 'Schmitt';

/** What each invocation says, and the statistic that makes sense of it. */
export const TICK_METRICS = {
  TickAge: Stats.MAXIMUM,
  TickDuration: Stats.MAXIMUM,
  TickBusy: Stats.SUM,
  TicksDropped: Stats.SUM,
  SignalsRead: Stats.SUM,
  SignalsFailed: Stats.SUM,
  SignalsMissing: Stats.MAXIMUM,
  BreakerOpen: Stats.MAXIMUM,
  UpdatesRefused: Stats.SUM,
  LastScaleAge: Stats.MINIMUM,
  ChangesUnverified: Stats.SUM,
  DoesNotHelp: Stats.MAXIMUM,
  PoliciesRejected: Stats.MAXIMUM,
  OverridesActive: Stats.MAXIMUM,
  ReadCost: Stats.SUM,
} as const;

export type TickMetric = keyof typeof TICK_METRICS;

export function tickMetric(scaler: string, metricName: TickMetric, options: MetricOptions = {}): Metric {
  return new Metric({
    namespace: NAMESPACE,
    metricName,
    statistic: TICK_METRICS[metricName],
    period: Duration.minutes(1),
    ...options,
    dimensionsMap: { service: scaler, ...options.dimensionsMap },
  });
}

export interface Decided {
  readonly action: 'out' | 'in' | 'hold';
  /** As docs/operations.md lists them. */
  readonly outcome: string;
}

export function decisionsMetric(scaler: string, { action, outcome }: Decided, options: MetricOptions = {}): Metric {
  return new Metric({
    namespace: NAMESPACE,
    metricName: 'DecisionsTotal',
    statistic: Stats.SUM,
    period: Duration.minutes(1),
    ...options,
    dimensionsMap: { service: scaler, action, outcome },
  });
}

/** Percent. Accounts begin with a few vCPU, and a service that cannot grow looks like a scaler that does not act. */
export function fargateQuotaUsed(): MathExpression {
  const used = new Metric({
    namespace: 'AWS/Usage',
    metricName: 'ResourceCount',
    dimensionsMap: { Service: 'Fargate', Type: 'Resource', Resource: 'vCPU', Class: 'Standard/OnDemand' },
    statistic: Stats.MAXIMUM,
  });
  return new MathExpression({
    expression: 'used / SERVICE_QUOTA(used) * 100',
    usingMetrics: { used },
    period: Duration.minutes(5),
    label: 'Percent of the Fargate vCPU quota',
  });
}
