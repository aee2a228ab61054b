/** How a service is scaled, as typed props: the same model as a policy file, with `Duration` for times and objects for names. */
import type { Duration } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { BackstopProps } from './backstop.ts';
import type { PaceProps } from './pace-props.ts';
import type { InRuleProps, OutRuleProps, TargetProps } from './rule-props.ts';
import type { Signal } from './signal.ts';
import type { FreezeProps, ScheduleProps } from './window-props.ts';

export interface ScaleProps {
  /** Bounds of the desired count. */
  readonly capacity: CapacityProps;
  /**
   * `act` changes the count, `shadow` decides and records only, `off` does neither.
   * @default 'shadow'
   */
  readonly mode?: 'act' | 'shadow' | 'off';
  /**
   * Time between two decisions, 10 seconds or more. Below a minute a queue carries the minute's other ticks.
   * @default Duration.minutes(1)
   */
  readonly cadence?: Duration;
  /**
   * The target group of the service: its signals are `rps` (requests a second), `p95` (milliseconds) and `errors` (5xx, percent of the
   * requests). Only those that a condition names are read.
   * @default - no such signals
   */
  readonly targetGroup?: IApplicationTargetGroup;
  /**
   * Queues that the service works off, by the name that conditions call them: messages visible and in flight.
   * @default - no queues
   */
  readonly queues?: Readonly<Record<string, IQueue>>;
  /**
   * Alarms, by the name that conditions call their metric. Where one goes off, the service is decided at once.
   * @default - no alarms
   */
  readonly alarms?: Readonly<Record<string, IAlarm>>;
  /**
   * Other signals, by the name that conditions call them. `cpu` and `mem` (percent) need not be written.
   * @default - none
   */
  readonly signals?: Readonly<Record<string, Signal>>;
  /**
   * Conditions that add tasks; the largest wish wins.
   * @default - none: only `targets` scale out
   */
  readonly scaleOut?: readonly OutRuleProps[];
  /**
   * Conditions that remove tasks; they hold while anything scales out or is unknown.
   * @default - none: only `targets` scale in
   */
  readonly scaleIn?: readonly InRuleProps[];
  /**
   * Counts that follow from a signal.
   * @default - none
   */
  readonly targets?: readonly TargetProps[];
  /**
   * Cooldown, stabilization and step limits of each direction.
   * @default - normal, both ways
   */
  readonly pace?: { readonly out?: PaceProps; readonly in?: PaceProps };
  /**
   * Bounds for windows of time.
   * @default - none
   */
  readonly schedule?: readonly ScheduleProps[];
  /**
   * Windows of time in which a direction is forbidden.
   * @default - none
   */
  readonly freeze?: readonly FreezeProps[];
  /**
   * What holds a scale-in back, and what happens without any data.
   * @default - unknown data holds; after 15 minutes an unknown rule abstains
   */
  readonly guard?: GuardProps;
  /**
   * Target tracking that only scales out, for the day the scaler is dead.
   * @default - none
   */
  readonly backstop?: BackstopProps;
}

export interface CapacityProps {
  readonly min: number;
  readonly max: number;
}

export interface GuardProps {
  /**
   * CEL conditions; while one is true or unknown, nothing scales in.
   * @default - none
   */
  readonly holdInWhile?: readonly string[];
  /**
   * An out-rule that stays unknown holds the service for so long, then abstains.
   * @default Duration.minutes(15)
   */
  readonly unknownAbstainsAfter?: Duration;
  /**
   * When no signal is known for so long, the count is raised to this many tasks.
   * @default - it stays
   */
  readonly whenBlindFor?: readonly { readonly time: Duration; readonly atLeast: number }[];
}
