/** How a service is scaled, as typed props: the same model as a policy file, with `Duration` for times and objects for names. */
import type { Duration } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { BackstopProps } from './backstop.ts';
import type { Signal } from './signal.ts';

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

/** How a rule changes the count: exactly one of `add` or `remove`, percent, or `setTo`. */
interface RuleProps {
  /** Unique in the service; logs and cooldowns call the rule so. */
  readonly name: string;
  /** CEL over the signals' names, as in `cpu > 70 || rps > 900`. */
  readonly when: string;
  /**
   * True periods of the last settled ones, as in `2 of 3`.
   * @default - '1 of 1' to scale out, '6 of 6' to scale in
   */
  readonly trueFor?: string;
  /**
   * Silence of this rule after it has acted.
   * @default Duration.seconds(0)
   */
  readonly thenWait?: Duration;
  /**
   * Sets the count to this number of tasks.
   * @default - a step
   */
  readonly setTo?: number;
  /**
   * Tasks, where percent come to less.
   * @default 1
   */
  readonly atLeast?: number;
}

export interface OutRuleProps extends RuleProps {
  /**
   * Tasks to add.
   * @default - percent, or `setTo`
   */
  readonly add?: number;
  /**
   * Percent to add.
   * @default - tasks, or `setTo`
   */
  readonly addPercent?: number;
}

export interface InRuleProps extends RuleProps {
  /**
   * Tasks to remove.
   * @default - percent, or `setTo`
   */
  readonly remove?: number;
  /**
   * Percent to remove.
   * @default - tasks, or `setTo`
   */
  readonly removePercent?: number;
}

/** Either `signal` and `perTask`, or `backlog`, `finishWithin` and `secondsPerMessage`. */
export type TargetProps = PerTaskTargetProps | BacklogTargetProps;

interface TargetBaseProps {
  /**
   * Logs and cooldowns call the target so.
   * @default - the signal's name
   */
  readonly name?: string;
  /**
   * Percent of the count within which nothing happens.
   * @default 10
   */
  readonly tolerancePercent?: number;
}

export interface PerTaskTargetProps extends TargetBaseProps {
  readonly signal: string;
  /** The signal's number for each task. */
  readonly perTask: number;
}

export interface BacklogTargetProps extends TargetBaseProps {
  /** The signal that counts messages. */
  readonly backlog: string;
  /** The time within which what waits is to be done. */
  readonly finishWithin: Duration;
  readonly secondsPerMessage: number;
  /**
   * Messages that a task works on at a time.
   * @default 1
   */
  readonly parallelPerTask?: number;
}

export type PacePreset = 'fast' | 'normal' | 'slow';

/** A preset, or what differs from one. */
export type PaceProps = PacePreset | WrittenPaceProps;

export interface WrittenPaceProps {
  /**
   * Says what is left away here.
   * @default 'normal'
   */
  readonly preset?: PacePreset;
  /**
   * From the moment AWS said yes. `verified`: until the capacity is in service and one settled period has passed.
   * @default - the preset's
   */
  readonly cooldown?: Duration | 'verified';
  /**
   * Scaling in, the largest wish of this window counts; scaling out, the smallest.
   * @default - the preset's
   */
  readonly stabilization?: Duration;
  /**
   * At most so much change within `per`.
   * @default - the preset's
   */
  readonly upTo?: { readonly percent?: number; readonly tasks?: number };
  /**
   * Which of the two limits counts.
   * @default 'larger'
   */
  readonly pick?: 'larger' | 'smaller';
  /**
   * The time that `upTo` is about.
   * @default - the preset's
   */
  readonly per?: Duration;
}

/** Starts by `cron`, or once at `from`; ends after `lasts`, at `until` each day, or once at `to`. */
interface WindowProps {
  /**
   * Logs call the window so.
   * @default - its start
   */
  readonly name?: string;
  /**
   * Five fields, in the time zone, as in `0 8 * * MON-FRI`.
   * @default - `from`
   */
  readonly cron?: string;
  /**
   * How long each window lasts.
   * @default - `until` or `to`
   */
  readonly lasts?: Duration;
  /**
   * Time of day in the time zone, as in `20:00`, for a cron of one time a day.
   * @default - `lasts` or `to`
   */
  readonly until?: string;
  /**
   * Start of a single window.
   * @default - `cron`
   */
  readonly from?: Date;
  /**
   * End of a single window.
   * @default - `lasts`
   */
  readonly to?: Date;
  /**
   * IANA time zone, as in `Asia/Shanghai`.
   * @default 'UTC'
   */
  readonly timezone?: string;
}

export interface ScheduleProps extends WindowProps {
  /**
   * Ready by the window's start, so it begins one start time earlier.
   * @default - the capacity's
   */
  readonly min?: number;
  /**
   * Approached through the limits of scaling in.
   * @default - the capacity's
   */
  readonly max?: number;
  /**
   * Raised to at the window's start, once.
   * @default - none
   */
  readonly desired?: number;
}

export interface FreezeProps extends WindowProps {
  /**
   * What must not happen in the window.
   * @default 'both'
   */
  readonly forbid?: 'scaleIn' | 'scaleOut' | 'both';
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
