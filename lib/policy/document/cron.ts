/** Five-field cron and time zones, checked by the libraries that will read them later. */
import { CronExpressionParser } from 'cron-parser';
import { nearest } from './nearest.ts';

/** Days and months by name, and what the parser adds to classic cron that is still deterministic (`L`, `#`). */
const WORDS = /^(?:sun|mon|tue|wed|thu|fri|sat|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|l)$/i;

/** What is wrong with `cron` and how to mend it; undefined if nothing is. */
export function cronFault(cron: string): string | undefined {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5)
    return `has ${fields.length} ${fields.length === 1 ? 'field' : 'fields'}; write five: minute, hour, day of month, month, day of week`;
  const word = cron.match(/[A-Za-z]+/g)?.find((one) => !WORDS.test(one));
  if (word !== undefined || /[^\dA-Za-z*,/#\s-]/.test(cron))
    return `has ${word ?? 'a character'} in it that no field knows; write numbers, names as in MON or JAN, and * , - /`;
  try {
    CronExpressionParser.parse(cron, { currentDate: 0, tz: 'UTC' });
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return `is no cron expression (${message.slice(0, 120).replace(/^./, (c) => c.toLowerCase())}); correct the field`;
  }
}

/** Minutes after midnight, where `cron` fires at one time of the day only. */
export function minuteOfDay(cron: string): number | undefined {
  const [minute = '', hour = ''] = cron.trim().split(/\s+/);
  return /^\d{1,2}$/.test(minute) && /^\d{1,2}$/.test(hour) ? Number(hour) * 60 + Number(minute) : undefined;
}

const ZONES = new Map<string, boolean>();

/** What is wrong with a time zone and how to mend it; undefined if nothing is. */
export function zoneFault(zone: string): string | undefined {
  if (isZone(zone)) return undefined;
  const known = Intl.supportedValuesOf('timeZone');
  const meant = nearest(zone, known) ?? known.find((name) => name.toLowerCase().endsWith(`/${zone.toLowerCase()}`));
  return meant === undefined
    ? 'is no time zone; write its IANA name, as in Asia/Shanghai or UTC'
    : `is no time zone; did you mean ${meant}?`;
}

/** Offsets such as +08:00 are refused although JavaScript takes them: they know no daylight saving. */
function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  const known = ZONES.get(zone);
  if (known !== undefined) return known;
  const exists = exactZone(zone);
  if (ZONES.size < 1000) ZONES.set(zone, exists);
  return exists;
}

function exactZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
