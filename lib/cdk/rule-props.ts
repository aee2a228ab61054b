/** What adds and removes tasks: rules by conditions, and targets that follow a signal. */
import type { Duration } from 'aws-cdk-lib';

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
