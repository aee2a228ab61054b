/** What was recorded of one service: its signals and how many tasks it had, minute by minute. Plain JSON, so that it can be kept. */
import type { Datapoint, Reading, ReadingStatus } from '../../policy/observation.ts';
import type { EpochMs, ServiceName } from '../../policy/policy.ts';

export const HISTORY_FORMAT = 1;
export const MINUTE_MS = 60_000;

/** Oldest first; a period without a datapoint is not there. */
export interface RecordedSignal {
  readonly periodSeconds: number;
  readonly status: ReadingStatus;
  readonly cause?: string;
  readonly values: readonly Datapoint[];
}

export interface History extends ServiceName {
  readonly v: typeof HISTORY_FORMAT;
  /** On the minute; `to` exclusive. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** By the name that a policy or a model gives them. */
  readonly signals: Readonly<Record<string, RecordedSignal>>;
  /** One each minute, `[start, tasks]`. Without Container Insights the desired count is not known. */
  readonly desired?: readonly Datapoint[];
  readonly tasks: readonly Datapoint[];
  /** Tasks by the samples of the CPU, where `tasks` come from elsewhere. */
  readonly samples?: readonly Datapoint[];
  /** Where the numbers of tasks come from. */
  readonly tasksFrom: 'containerInsights' | 'sampleCount';
}

/** Counts by minute; NaN where nobody knows. */
export interface Counts {
  readonly from: EpochMs;
  /** The desired count, or where it was not recorded the tasks that ran. */
  readonly desired: Float64Array;
  readonly tasks: Float64Array;
  readonly desiredIsKnown: boolean;
}

export function countsOf({ from, to, desired, tasks }: History): Counts {
  const length = Math.max(0, Math.floor((to - from) / MINUTE_MS));
  const ran = byMinute(tasks, from, length);
  const asked = desired === undefined || desired.length === 0 ? undefined : byMinute(desired, from, length);
  return { from, desired: asked ?? ran, tasks: ran, desiredIsKnown: asked !== undefined };
}

function byMinute(values: readonly Datapoint[], from: EpochMs, length: number): Float64Array {
  const column = new Float64Array(length).fill(Number.NaN);
  for (const [at, value] of values) {
    const index = Math.floor((at - from) / MINUTE_MS);
    if (index >= 0 && index < length) column[index] = Math.round(value);
  }
  return column;
}

/** A signal as a turn at one moment reads it. Time goes forward only. */
export class SignalCursor {
  readonly #recorded: RecordedSignal;
  readonly #delayMs: number;
  readonly #periods: number;
  #end = 0;

  /** @param periods how many settled ones are looked at */
  constructor(recorded: RecordedSignal, publicationDelaySeconds: number, periods: number) {
    this.#recorded = recorded;
    this.#delayMs = publicationDelaySeconds * 1000;
    this.#periods = periods;
  }

  /** The last settled periods. Nothing that was not published by `now`. */
  at(now: EpochMs): Reading {
    const { values, periodSeconds, status, cause } = this.#recorded;
    const periodMs = periodSeconds * 1000;
    const until = Math.floor((now - this.#delayMs) / periodMs) * periodMs;
    while (this.#end < values.length && (values[this.#end]?.[0] ?? 0) < until) this.#end++;
    let start = this.#end;
    while (start > 0 && (values[start - 1]?.[0] ?? 0) >= until - this.#periods * periodMs) start--;
    // What was recorded is honest silence where it is empty; a fault of one stretch must not blind the whole replay.
    const whole = status === 'complete' || this.#end > start;
    return {
      status: whole ? 'complete' : status,
      periodSeconds,
      values: values.slice(start, this.#end),
      ...(whole || cause === undefined ? {} : { cause }),
    };
  }
}
