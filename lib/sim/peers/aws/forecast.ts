/**
 * A plain hourly forecast: the mean of the same hour of the week where the history holds one, else of the same hour of the day. AWS does
 * not publish its own; this one knows seasons and nothing else, neither trends nor holidays. Hours are UTC.
 */
import type { EpochMs } from '../../../policy/policy.ts';

/** Mean load of one hour of the clock. */
export interface HourlyLoad {
  readonly hour: EpochMs;
  readonly load: number;
}

export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/** The load of `hours` hours from `from` on; undefined where the history says nothing of that hour. `from` lies on an hour. */
export function forecast(history: readonly HourlyLoad[], from: EpochMs, hours: number): (number | undefined)[] {
  return Array.from({ length: hours }, (_, i) => {
    const hour = from + i * HOUR_MS;
    return meanAt(history, hour, WEEK_MS) ?? meanAt(history, hour, DAY_MS);
  });
}

function meanAt(history: readonly HourlyLoad[], hour: EpochMs, seasonMs: number): number | undefined {
  let sum = 0;
  let count = 0;
  for (const past of history) {
    if (past.hour >= hour || (hour - past.hour) % seasonMs !== 0) continue;
    sum += past.load;
    count++;
  }
  return count > 0 ? sum / count : undefined;
}

/** Hourly means from datapoints as they come, for a limited time back. */
export class LoadHistory {
  private readonly keptHours: number;
  private readonly finished: HourlyLoad[] = [];
  private open = { hour: Number.NEGATIVE_INFINITY, sum: 0, count: 0 };

  constructor(keptHours: number) {
    this.keptHours = keptHours;
  }

  /** In the order of time. */
  add(startedAt: EpochMs, load: number): void {
    const hour = Math.floor(startedAt / HOUR_MS) * HOUR_MS;
    if (hour !== this.open.hour) this.begin(hour);
    this.open.sum += load;
    this.open.count++;
  }

  /** Finished hours only, oldest first. */
  hours(): readonly HourlyLoad[] {
    return this.finished;
  }

  private begin(hour: EpochMs): void {
    const { hour: last, sum, count } = this.open;
    if (count > 0) this.finished.push({ hour: last, load: sum / count });
    if (this.finished.length > this.keptHours) this.finished.shift();
    this.open = { hour, sum: 0, count: 0 };
  }
}
