/** Answers of Application Auto Scaling and of CloudWatch about alarms, in our words. */
import type { ScalableTarget, ScalingPolicy, ScheduledAction } from '@aws-sdk/client-application-auto-scaling';
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type {
  ServiceScaling,
  ServiceScalingPolicy,
  ServiceScheduledAction,
  StepAlarm,
  StepScalingPolicy,
} from '../policy/application-auto-scaling.ts';

export function capacityOf(target: ScalableTarget | undefined): Pick<ServiceScaling, 'capacity'> {
  const { MinCapacity: min, MaxCapacity: max } = target ?? {};
  return min === undefined || max === undefined ? {} : { capacity: { min, max } };
}

/** A policy without what only other calls tell: alarms and forecasts. */
export function policyOf(policy: ScalingPolicy): ServiceScalingPolicy {
  const name = nameOf(policy);
  const {
    TargetTrackingScalingPolicyConfiguration: tracking,
    StepScalingPolicyConfiguration: steps,
    PredictiveScalingPolicyConfiguration: predictive,
  } = policy;
  switch (policy.PolicyType) {
    case 'TargetTrackingScaling':
      if (tracking?.TargetValue !== undefined) return trackingOf(name, tracking);
      break;
    case 'StepScaling':
      if (steps?.StepAdjustments !== undefined) return stepsOf(name, steps);
      break;
    case 'PredictiveScaling': {
      const scales = predictive?.Mode === 'ForecastAndScale';
      return {
        kind: 'predictive',
        name,
        scales,
        bufferSeconds: predictive?.SchedulingBufferTime ?? DEFAULT_BUFFER_SECONDS,
        forecast: [],
      };
    }
  }
  return { kind: 'other', name, type: policy.PolicyType ?? 'of no type' };
}

/** Application Auto Scaling's own. */
const DEFAULT_BUFFER_SECONDS = 300;

export function nameOf({ PolicyName }: ScalingPolicy): string {
  return PolicyName ?? 'without a name';
}

type Configuration<Kind extends keyof ScalingPolicy> = NonNullable<ScalingPolicy[Kind]>;

function trackingOf(
  name: string,
  tracking: Configuration<'TargetTrackingScalingPolicyConfiguration'>,
): ServiceScalingPolicy {
  const { ScaleOutCooldown: out, ScaleInCooldown: into } = tracking;
  return {
    kind: 'targetTracking',
    name,
    metric: tracking.PredefinedMetricSpecification?.PredefinedMetricType ?? null,
    target: tracking.TargetValue ?? Number.NaN,
    ...(out === undefined ? {} : { outCooldownSeconds: out }),
    ...(into === undefined ? {} : { inCooldownSeconds: into }),
    scaleInDisabled: tracking.DisableScaleIn === true,
  };
}

function stepsOf(name: string, steps: Configuration<'StepScalingPolicyConfiguration'>): StepScalingPolicy {
  const { MinAdjustmentMagnitude: least, Cooldown: cooldown } = steps;
  return {
    kind: 'stepScaling',
    name,
    adjustment: {
      type: steps.AdjustmentType ?? 'ChangeInCapacity',
      steps: (steps.StepAdjustments ?? []).map((step) => ({
        lower: step.MetricIntervalLowerBound ?? null,
        upper: step.MetricIntervalUpperBound ?? null,
        change: step.ScalingAdjustment ?? 0,
      })),
      ...(least === undefined ? {} : { minAdjustmentMagnitude: least }),
    },
    ...(cooldown === undefined ? {} : { cooldownSeconds: cooldown }),
    alarms: [],
  };
}

export function alarmOf(alarm: MetricAlarm): StepAlarm {
  const { Namespace, MetricName, EvaluationPeriods: n = 1 } = alarm;
  const dimensions = (alarm.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value] as const);
  return {
    name: alarm.AlarmName ?? 'without a name',
    metric: MetricName === undefined ? null : `${Namespace} ${MetricName}`,
    dimensions: Object.fromEntries(dimensions),
    statistic: alarm.Statistic ?? alarm.ExtendedStatistic ?? 'of no statistic',
    comparison: alarm.ComparisonOperator ?? 'nothing',
    threshold: alarm.Threshold ?? Number.NaN,
    periodSeconds: alarm.Period ?? 60,
    m: alarm.DatapointsToAlarm ?? n,
    n,
    treatMissing: TREATED.find((one) => one === alarm.TreatMissingData) ?? 'missing',
  };
}

const TREATED = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

export function actionOf(action: ScheduledAction): ServiceScheduledAction {
  const { MinCapacity: min, MaxCapacity: max } = action.ScalableTargetAction ?? {};
  const { StartTime: starts, EndTime: ends } = action;
  return {
    name: action.ScheduledActionName ?? 'without a name',
    schedule: action.Schedule ?? '',
    timezone: action.Timezone ?? 'UTC',
    ...(starts === undefined ? {} : { startsAt: starts.getTime() }),
    ...(ends === undefined ? {} : { endsAt: ends.getTime() }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
}
