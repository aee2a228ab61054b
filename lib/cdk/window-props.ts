/** Bounds and freezes for windows of time. */
import type { Duration } from 'aws-cdk-lib';

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
