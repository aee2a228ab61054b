/** Windows of time by cron or instant, in their own zone. Start inclusive, end exclusive; daylight saving is the calendar library's business. */
import { CronExpressionParser } from 'cron-parser';
import type { EpochMs, TimeWindow } from './policy.ts';

/** Looking back for a start that counts stops after so many: a window that long and that frequent is open anyway. */
const MAX_STARTS_BACK = 400;

/**
 * The start of the window that is open at `now`, or undefined. With `leadSeconds` a window counts as open that much before its start:
 * a floor is ready by its time, so it begins one start time earlier.
 */
export function openSince(window: TimeWindow, now: EpochMs, leadSeconds = 0): EpochMs | undefined {
  const lastsMs = window.lastsSeconds * 1000;
  const horizon = now + leadSeconds * 1000;
  if (window.starts.kind === 'at') {
    const { at } = window.starts;
    return at <= horizon && now < at + lastsMs ? at : undefined;
  }
  let start = latestStart(window, window.starts.cron, horizon);
  for (let back = 0; back < MAX_STARTS_BACK && start !== undefined && now < start + lastsMs; back++) {
    if (countsOn(window, start)) return start;
    start = latestStart(window, window.starts.cron, start - 1);
  }
  return undefined;
}

function countsOn(window: TimeWindow, start: EpochMs): boolean {
  if (window.dates === undefined) return true;
  const listed = window.dates.dates.includes(localDate(start, window.timezone));
  return window.dates.use === 'only' ? listed : !listed;
}

const DATE_FORMATS = new Map<string, Intl.DateTimeFormat>();

/** `YYYY-MM-DD` of an instant in a zone. */
export function localDate(at: EpochMs, timezone: string): string {
  let format = DATE_FORMATS.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    DATE_FORMATS.set(timezone, format);
  }
  return format.format(at);
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
  const start = neighbour(cron, window.timezone, at, 'prev');
  const next = neighbour(cron, window.timezone, at, 'next');
  SPANS.set(window, { start, from: start ?? at, to: next ?? Number.POSITIVE_INFINITY });
  return start;
}

/** `prev`: at or before; `next`: after. */
function neighbour(cron: string, timezone: string, at: EpochMs, which: 'prev' | 'next'): EpochMs | undefined {
  const second = Math.floor(at / 1000) * 1000;
  const currentDate = new Date(which === 'prev' ? second + 1000 : second);
  const expression = CronExpressionParser.parse(cron, { tz: timezone, currentDate });
  try {
    return expression[which]().getTime();
  } catch {
    // The library throws where no such time exists within its reach (a cron that never fires).
    return undefined;
  }
}

/** The next `count` starts strictly after `at`, oldest first. */
export function nextStarts(window: TimeWindow, at: EpochMs, count: number): readonly EpochMs[] {
  if (window.starts.kind === 'at') return window.starts.at > at ? [window.starts.at] : [];
  const starts: EpochMs[] = [];
  let after = at;
  for (let tries = 0; tries < MAX_STARTS_BACK && starts.length < count; tries++) {
    const next = neighbour(window.starts.cron, window.timezone, after, 'next');
    if (next === undefined) break;
    if (countsOn(window, next)) starts.push(next);
    after = next;
  }
  return starts;
}
