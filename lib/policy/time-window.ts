/** Windows of time by cron or instant, in their own zone. Start inclusive, end exclusive. */
import { CronExpressionParser } from 'cron-parser';
import type { EpochMs, TimeWindow } from './policy.ts';
import { DAY_MS, instantOf, localDate, type WallMs, wallOf } from './zone.ts';

/** Looking back for a start that counts stops after so many: a window that long and that frequent is open anyway. */
const MAX_STARTS_BACK = 400;

/**
 * The start of the window that is open at `now`, or undefined. With `leadSeconds` a window counts as open that much before its start:
 * a floor is ready by its time, so it begins one start time earlier.
 */
export function openSince(window: TimeWindow, now: EpochMs, leadSeconds = 0): EpochMs | undefined {
  const horizon = now + leadSeconds * 1000;
  if (window.starts.kind === 'at') {
    const { at } = window.starts;
    return at <= horizon && now < endOf(window, at) ? at : undefined;
  }
  let start = latestStart(window, window.starts.cron, horizon);
  for (let back = 0; back < MAX_STARTS_BACK && start !== undefined && now < endOf(window, start); back++) {
    if (countsOn(window, start)) return start;
    start = latestStart(window, window.starts.cron, start - 1);
  }
  return undefined;
}

const ENDS = new WeakMap<TimeWindow, { readonly start: EpochMs; readonly end: EpochMs }>();

/** The end of the window that starts at `start`, exclusive. */
export function endOf(window: TimeWindow, start: EpochMs): EpochMs {
  const { untilMinute, lastsSeconds, timezone } = window;
  if (untilMinute === undefined) return start + lastsSeconds * 1000;
  const known = ENDS.get(window);
  if (known?.start === start) return known.end;
  const wall = wallOf(start, timezone);
  const isNextDay = untilMinute * 60 < lastsSeconds;
  const end = instantOf(wall - (wall % DAY_MS) + (isNextDay ? DAY_MS : 0) + untilMinute * 60_000, timezone);
  ENDS.set(window, { start, end });
  return end;
}

function countsOn(window: TimeWindow, start: EpochMs): boolean {
  if (window.dates === undefined) return true;
  const listed = window.dates.dates.includes(localDate(start, window.timezone));
  return window.dates.use === 'only' ? listed : !listed;
}

/** `[start, next start)`: within it the answer stays the same, and a tick a minute asks again and again. */
interface Span {
  readonly start: EpochMs | undefined;
  readonly from: EpochMs;
  readonly to: EpochMs;
}
const SPANS = new WeakMap<TimeWindow, Span>();

/** The latest start at or before `at`; undefined where the cron has none in reach. */
function latestStart(window: TimeWindow, cron: string, at: EpochMs): EpochMs | undefined {
  const known = SPANS.get(window);
  if (known !== undefined && known.from <= at && at < known.to) return known.start;
  const start = startBefore(cron, window.timezone, at);
  const next = startAfter(cron, window.timezone, at);
  SPANS.set(window, { start, from: start ?? at, to: next ?? Number.POSITIVE_INFINITY });
  return start;
}

/**
 * The library walks over the wall clock as if it were UTC, and `instantOf` says when the zone's clock shows what it finds: left to walk
 * through daylight saving itself it finds other starts forwards than backwards, and none at all in zones that change by half an hour.
 */
function startBefore(cron: string, timezone: string, at: EpochMs): EpochMs | undefined {
  // Where the clock was put back today it has shown later times than it shows now.
  const latestShown = Math.max(wallOf(at, timezone), wallOf(at - DAY_MS, timezone) + DAY_MS);
  const times = wallTimes(cron, latestShown + 1000);
  for (;;) {
    const wall = times.prev();
    if (wall === undefined) return undefined;
    const start = instantOf(wall, timezone);
    if (start <= at) return start;
  }
}

function startAfter(cron: string, timezone: string, at: EpochMs): EpochMs | undefined {
  const times = wallTimes(cron, wallOf(at, timezone));
  for (;;) {
    const wall = times.next();
    if (wall === undefined) return undefined;
    const start = instantOf(wall, timezone);
    if (start > at) return start;
  }
}

type Times = { readonly prev: () => WallMs | undefined; readonly next: () => WallMs | undefined };

/** The cron's times before and after a wall time; undefined where there is none within the library's reach. */
function wallTimes(cron: string, from: WallMs): Times {
  const expression = CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: new Date(from) });
  const step = (which: 'prev' | 'next') => () => {
    try {
      return expression[which]().getTime();
    } catch {
      // The library throws where the next time lies out of its reach: a cron of the 29th of February that never meets its weekday.
      return undefined;
    }
  };
  return { prev: step('prev'), next: step('next') };
}

/** The next `count` starts strictly after `at`, oldest first. */
export function nextStarts(window: TimeWindow, at: EpochMs, count: number): readonly EpochMs[] {
  if (window.starts.kind === 'at') return window.starts.at > at ? [window.starts.at] : [];
  const starts: EpochMs[] = [];
  let after = at;
  for (let tries = 0; tries < MAX_STARTS_BACK && starts.length < count; tries++) {
    const next = startAfter(window.starts.cron, window.timezone, after);
    if (next === undefined) break;
    if (countsOn(window, next)) starts.push(next);
    after = next;
  }
  return starts;
}
