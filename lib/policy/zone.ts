/** Local time of IANA zones. A wall time is milliseconds as if the zone's clock showed UTC: 08:00 on the wall is 08:00 UTC of that number. */
import type { EpochMs } from './policy.ts';

export type WallMs = number;

const FORMATS = new Map<string, Intl.DateTimeFormat>();

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(timezone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  FORMATS.set(timezone, format);
  return format;
}

/** What the zone's clock shows at `at`, to the second. */
export function wallOf(at: EpochMs, timezone: string): WallMs {
  const shown: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatOf(timezone).formatToParts(at)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** `YYYY-MM-DD` of an instant in a zone. */
export function localDate(at: EpochMs, timezone: string): string {
  return new Date(wallOf(at, timezone)).toISOString().slice(0, 10);
}

export const DAY_MS = 86_400_000;

/**
 * The first instant at which the zone's clock shows `wall` or later. So a time that daylight saving skips is the moment of the change, and
 * of a time that it repeats the first one counts.
 */
export function instantOf(wall: WallMs, timezone: string): EpochMs {
  const offsetAt = (at: EpochMs) => wallOf(at, timezone) - at;
  const before = offsetAt(wall - DAY_MS);
  const after = offsetAt(wall + DAY_MS);
  const early = wall - before;
  if (offsetAt(early) === before) return early;
  const late = wall - after;
  if (offsetAt(late) === after) return late;
  return changeBetween(late, early, before, offsetAt);
}

/** The first whole second of (from, to] at which the offset is not `before` any more. */
function changeBetween(from: EpochMs, to: EpochMs, before: number, offsetAt: (at: EpochMs) => number): EpochMs {
  let low = from;
  let high = to;
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}
