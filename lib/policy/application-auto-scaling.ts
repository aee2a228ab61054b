/** What Application Auto Scaling was told to do with a service. Plain JSON; seconds, tasks, epoch milliseconds. */
import type { EpochMs } from './policy.ts';

export interface ServiceScaling {
  /** Absent: the service is not registered, so nothing of Application Auto Scaling moves it. */
  readonly capacity?: { readonly min: number; readonly max: number };
  readonly policies: readonly ServiceScalingPolicy[];
  /** Absent: it has none. */
  readonly scheduled?: readonly ServiceScheduledAction[];
}

export type ServiceScalingPolicy =
  | TargetTrackingPolicy
  | StepScalingPolicy
  | PredictivePolicy
  /** Of another type, or without what its type needs. */
  | { readonly kind: 'other'; readonly name: string; readonly type: string };

export interface TargetTrackingPolicy {
  readonly kind: 'targetTracking';
  readonly name: string;
  /** A predefined metric by AWS's name; null: a metric of the operator's own. */
  readonly metric: string | null;
  readonly target: number;
  /** Absent: the service's default. */
  readonly outCooldownSeconds?: number;
  readonly inCooldownSeconds?: number;
  readonly scaleInDisabled: boolean;
}

export interface StepScalingPolicy {
  readonly kind: 'stepScaling';
  readonly name: string;
  readonly adjustment: Adjustment;
  readonly cooldownSeconds?: number;
  /** Those that invoke it. */
  readonly alarms: readonly StepAlarm[];
}

export interface Adjustment {
  readonly type: 'ChangeInCapacity' | 'PercentChangeInCapacity' | 'ExactCapacity';
  readonly steps: readonly Step[];
  /** The least a percentage changes, in tasks. */
  readonly minAdjustmentMagnitude?: number;
}

/** Relative to the alarm's threshold; null is unbounded. `change` in tasks, or percent, or the exact count. */
export interface Step {
  readonly lower: number | null;
  readonly upper: number | null;
  readonly change: number;
}

export interface StepAlarm {
  readonly name: string;
  /** `AWS/ECS CPUUtilization`; null: not one metric as it is, but an expression of several. */
  readonly metric: string | null;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  /** As AWS names it: `GreaterThanThreshold`. */
  readonly comparison: string;
  readonly threshold: number;
  readonly periodSeconds: number;
  /** Datapoints to alarm, of so many evaluation periods. */
  readonly m: number;
  readonly n: number;
  readonly treatMissing: TreatMissing;
}

/** What a period without a datapoint means to an alarm. */
export type TreatMissing = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

export interface PredictivePolicy {
  readonly kind: 'predictive';
  readonly name: string;
  /** False: it forecasts only, and scales nothing. */
  readonly scales: boolean;
  readonly bufferSeconds: number;
  /** `[hour, tasks]` of the span that was asked for, oldest first. */
  readonly forecast: readonly (readonly [hour: EpochMs, tasks: number])[];
}

export interface ServiceScheduledAction {
  readonly name: string;
  /** As AWS writes it: `cron(0 8 * * ? *)`, `at(2026-01-05T08:00:00)`, `rate(1 day)`. */
  readonly schedule: string;
  /** IANA. */
  readonly timezone: string;
  readonly startsAt?: EpochMs;
  readonly endsAt?: EpochMs;
  /** Absent: it leaves that bound. */
  readonly min?: number;
  readonly max?: number;
}
