/** Schedules and freezes: windows of time with a start and a length, in a zone, on the dates of a calendar. */
import type { Freeze, ScheduledBounds, TimeWindow } from '../policy.ts';
import { cronFault, minuteOfDay, zoneFault } from './cron.ts';
import { DEFAULTS } from './defaults.ts';
import { valueText } from './problem.ts';
import type { FreezeDocument, ScheduledDocument } from './schema.ts';
import { noSuch, type Scope, within } from './scope.ts';
import { instantOf, secondsOf } from './units.ts';

export type Calendars = ReadonlyMap<string, readonly string[]>;
type WindowDocument = Omit<FreezeDocument, 'forbid'>;

export function schedulesOf(
  documents: readonly ScheduledDocument[],
  calendars: Calendars,
  scope: Scope,
): readonly ScheduledBounds[] {
  const names = new Set<string>();
  return documents.map((document, index) => {
    const own = within(scope, index);
    const { min, max, desired } = document;
    if (min === undefined && max === undefined && desired === undefined)
      own.say([], 'sets nothing; add min, max or desired');
    return {
      name: uniqueName(document, names, own),
      ...windowOf(document, calendars, own),
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(desired === undefined ? {} : { desired }),
    };
  });
}

export function freezesOf(documents: readonly FreezeDocument[], calendars: Calendars, scope: Scope): readonly Freeze[] {
  const names = new Set<string>();
  return documents.map((document, index) => {
    const own = within(scope, index);
    return {
      name: uniqueName(document, names, own),
      ...windowOf(document, calendars, own),
      forbid: document.forbid ?? DEFAULTS.forbid,
    };
  });
}

/** A window without a name is called after its start; two of one start are counted. */
function uniqueName(document: WindowDocument, names: Set<string>, scope: Scope): string {
  const base = document.name ?? document.cron?.trim() ?? document.from ?? 'window';
  let name = base;
  for (let count = 2; names.has(name) && document.name === undefined; count++) name = `${base} (${count})`;
  if (names.has(name))
    scope.say(['name'], `is ${valueText(name)}, as that of an earlier window is; give each a name of its own`);
  names.add(name);
  return name;
}

function windowOf(document: WindowDocument, calendars: Calendars, scope: Scope): TimeWindow {
  const timezone = document.timezone ?? DEFAULTS.timezone;
  const fault = zoneFault(timezone);
  if (fault !== undefined) scope.say(['timezone'], `is ${valueText(timezone)}, which ${fault}`);
  const dates = datesOf(document, calendars, scope);
  const time = document.cron === undefined ? instantsOf(document, scope) : recurring(document, document.cron, scope);
  return { ...time, timezone, ...(dates === undefined ? {} : { dates }) };
}

type Time = Pick<TimeWindow, 'starts' | 'lastsSeconds' | 'untilMinute'>;

function recurring(document: WindowDocument, cron: string, scope: Scope): Time {
  const fault = cronFault(cron);
  if (fault !== undefined) scope.say(['cron'], `is ${valueText(cron)}, which ${fault}`);
  for (const other of ['from', 'to'] as const)
    if (document[other] !== undefined)
      scope.say([other], 'stands beside cron; keep cron with lasts or until, or from with to');
  return {
    starts: { kind: 'cron', cron: cron.trim().replace(/\s+/g, ' ') },
    ...lengthOf(document, cron, scope),
  };
}

function lengthOf(document: WindowDocument, cron: string, scope: Scope): Omit<Time, 'starts'> {
  const { lasts, until } = document;
  if (lasts !== undefined && until !== undefined) scope.say(['until'], 'stands beside lasts; keep one of them');
  if (lasts !== undefined) return { lastsSeconds: secondsOf(lasts, scope, ['lasts'], 1) };
  if (until === undefined) {
    scope.say([], 'says no end; add lasts, as in lasts: 12h, or until');
    return { lastsSeconds: 0 };
  }
  const start = minuteOfDay(cron);
  if (start === undefined)
    scope.say(['until'], 'goes with a cron of one time a day, as in 0 8 * * MON-FRI; write lasts');
  const [hour = 0, minute = 0] = until.split(':').map(Number);
  const untilMinute = hour * 60 + minute;
  const minutes = (untilMinute - (start ?? 0) + 1440) % 1440;
  return { lastsSeconds: (minutes === 0 ? 1440 : minutes) * 60, untilMinute };
}

function instantsOf(document: WindowDocument, scope: Scope): Time {
  const { from, to, lasts } = document;
  if (document.until !== undefined) scope.say(['until'], 'goes with cron; write to or lasts');
  if (from === undefined) {
    scope.say([], 'says no start; add cron with lasts or until, or from with to');
    return { starts: { kind: 'at', at: 0 }, lastsSeconds: 0 };
  }
  if (to !== undefined && lasts !== undefined) scope.say(['lasts'], 'stands beside to; keep one of them');
  if (to === undefined && lasts === undefined) scope.say([], 'says no end; add to or lasts');
  const at = existing(from, 'from', scope);
  const end = to === undefined ? undefined : existing(to, 'to', scope);
  if (to !== undefined && end !== undefined && at !== undefined && end <= at)
    scope.say(['to'], `is ${to}, not after from ${from}; swap or correct them`);
  const lastsSeconds =
    end === undefined
      ? secondsOf(lasts ?? '0s', scope, ['lasts'], lasts === undefined ? 0 : 1)
      : (end - (at ?? end)) / 1000;
  return { starts: { kind: 'at', at: at ?? 0 }, lastsSeconds };
}

function existing(text: string, field: 'from' | 'to', scope: Scope): number | undefined {
  const at = instantOf(text);
  if (at === undefined) scope.say([field], `is ${text}, which no calendar has; write a day and time that exist`);
  return at;
}

function datesOf(document: WindowDocument, calendars: Calendars, scope: Scope): TimeWindow['dates'] {
  const { calendar: only, except } = document;
  const calendar = only ?? except;
  if (calendar === undefined) return undefined;
  const field = only === undefined ? 'except' : 'calendar';
  if (only !== undefined && except !== undefined) scope.say(['except'], 'stands beside calendar; keep one of them');
  if (document.cron === undefined) scope.say([field], 'goes with cron; a window of two instants happens once');
  const dates = calendars.get(calendar);
  if (dates === undefined)
    scope.say([field], `is ${valueText(calendar)}, and ${noSuch(calendar, [...calendars.keys()], 'calendar')}`);
  return { use: only === undefined ? 'except' : 'only', calendar, dates: dates ?? [] };
}
