/** What Application Auto Scaling was told to do with a service. Plain JSON. */
import type { EpochMs } from '../../policy/policy.ts';
import type { TreatMissing } from '../peers/aws/alarm.ts';
import type { Adjustment } from '../peers/aws/step-adjustment.ts';
import type { Capacity } from '../peers/peer.ts';

export interface Scaling {
  /** Absent: the service is not registered, so nothing of Application Auto Scaling moves it. */
  readonly capacity?: Capacity;
  readonly policies: readonly ScalingPolicy[];
  readonly scheduled?: readonly ScheduledAction[];
}

export type ScalingPolicy =
  | TargetTrackingPolicy
  | StepScalingPolicy
  | PredictivePolicy
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

export interface PredictivePolicy {
  readonly kind: 'predictive';
  readonly name: string;
  /** False: it forecasts only, and scales nothing. */
  readonly scales: boolean;
  readonly bufferSeconds: number;
  /** `[hour, tasks]` that AWS said it forecast for the time that is replayed, oldest first. */
  readonly forecast: readonly (readonly [hour: EpochMs, tasks: number])[];
}

export interface ScheduledAction {
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
