/** What Application Auto Scaling was told of one service, in our words. Seconds, tasks, epoch milliseconds. */
import type { EpochMs } from '../policy/policy.ts';

export interface ServiceScaling {
  /** Absent: the service is not registered, so nothing of Application Auto Scaling moves it. */
  readonly capacity?: { readonly min: number; readonly max: number };
  readonly policies: readonly ServiceScalingPolicy[];
  readonly scheduled: readonly ServiceScheduledAction[];
}

export type ServiceScalingPolicy =
  | {
      readonly kind: 'targetTracking';
      readonly name: string;
      /** A predefined metric by its name; null: a metric of the operator's own. */
      readonly metric: string | null;
      readonly target: number;
      /** Seconds; absent: the service's default. */
      readonly outCooldownSeconds?: number;
      readonly inCooldownSeconds?: number;
      readonly scaleInDisabled: boolean;
    }
  | ServiceStepPolicy
  | {
      readonly kind: 'predictive';
      readonly name: string;
      /** False: it only forecasts. */
      readonly scales: boolean;
      readonly bufferSeconds: number;
      /** `[hour, tasks]` of the span that was asked for. */
      readonly forecast: readonly (readonly [hour: EpochMs, tasks: number])[];
    }
  /** Of another type, or without what its type needs. */
  | { readonly kind: 'other'; readonly name: string; readonly type: string };

export interface ServiceStepPolicy {
  readonly kind: 'stepScaling';
  readonly name: string;
  readonly adjustment: {
    readonly type: 'ChangeInCapacity' | 'PercentChangeInCapacity' | 'ExactCapacity';
    /** Relative to the alarm's threshold; null is unbounded. */
    readonly steps: readonly {
      readonly lower: number | null;
      readonly upper: number | null;
      readonly change: number;
    }[];
    readonly minAdjustmentMagnitude?: number;
  };
  readonly cooldownSeconds?: number;
  readonly alarms: readonly ServiceAlarm[];
}

export interface ServiceAlarm {
  readonly name: string;
  /** `AWS/ECS CPUUtilization`; null: an expression of several metrics. */
  readonly metric: string | null;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly comparison: string;
  readonly threshold: number;
  readonly periodSeconds: number;
  readonly m: number;
  readonly n: number;
  readonly treatMissing: 'missing' | 'ignore' | 'breaching' | 'notBreaching';
}

export interface ServiceScheduledAction {
  readonly name: string;
  readonly schedule: string;
  readonly timezone: string;
  readonly startsAt?: EpochMs;
  readonly endsAt?: EpochMs;
  readonly min?: number;
  readonly max?: number;
}
