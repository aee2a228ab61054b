/** Scheduled actions of Application Auto Scaling: when each was carried out, and which bounds it set. */
import type { ServiceScheduledAction } from '../../policy/application-auto-scaling.ts';
import type { EpochMs, TimeWindow } from '../../policy/policy.ts';
import { nextStarts } from '../../policy/time-window.ts';
import { instantOf } from '../../policy/zone.ts';
import type { Capacity } from '../peers/peer.ts';

/** An action with its times as the policy's own windows know them. */
export interface Timed {
  readonly action: ServiceScheduledAction;
  readonly window: TimeWindow;
}

export type Timetable = readonly Timed[];

/** From `at` on. */
export interface BoundsSet {
  readonly at: EpochMs;
  readonly capacity: Capacity;
}

export interface Unreadable {
  readonly why: string;
}

export function isUnreadable(found: Timetable | Unreadable): found is Unreadable {
  return 'why' in found;
}

/** A schedule that is not understood is a reason not to replay. */
export function timetableOf(actions: readonly ServiceScheduledAction[]): Timetable | Unreadable {
  const timed: Timed[] = [];
  for (const action of actions) {
    const starts = startsOf(action);
    if (starts === undefined) {
      return { why: `its scheduled action ${action.name} is at ${action.schedule}, which is not replayed` };
    }
    timed.push({ action, window: { starts, timezone: action.timezone, lastsSeconds: 60 } });
  }
  return timed;
}

function startsOf({ schedule, timezone }: ServiceScheduledAction): TimeWindow['starts'] | undefined {
  const [, kind, inner = ''] = /^(cron|at)\((.*)\)$/.exec(schedule.trim()) ?? [];
  if (kind === 'at') {
    const wall = Date.parse(`${inner}Z`);
    return Number.isNaN(wall) ? undefined : { kind: 'at', at: instantOf(wall, timezone) };
  }
  const cron = kind === 'cron' ? cronOf(inner) : undefined;
  return cron === undefined ? undefined : { kind: 'cron', cron };
}

/** AWS has a sixth field for the year, `?` for any day, and counts the days of the week from 1, Sunday. */
function cronOf(fields: string): string | undefined {
  const [minute, hour, day, month, weekday, year] = fields.trim().split(/\s+/);
  if (
    year !== '*' ||
    weekday === undefined ||
    /[LW#]/i.test(day ?? '') ||
    /[L#]/i.test(weekday.replace(/[A-Z]{3}/gi, ''))
  )
    return undefined;
  const named = weekday.replace(/\d+/g, (number, at: number) =>
    weekday[at - 1] === '/' ? number : String(Number(number) - 1),
  );
  return [minute, hour, day, month, named].join(' ').replaceAll('?', '*');
}

/** Actions that set the bounds before anybody looks are found this far back. */
const LOOK_BACK_MS = 8 * 86_400_000;
/** Of one action. */
const MOST_TIMES = 2_000;

/** The bounds over a stretch of time, oldest first; the first holds at its beginning. `today`: as they are registered now. */
export function boundsOver(timetable: Timetable, today: Capacity, from: EpochMs, to: EpochMs): readonly BoundsSet[] {
  const set = timetable
    .flatMap(({ action, window }) => timesOf(action, window, from - LOOK_BACK_MS, to).map((at) => ({ at, action })))
    .sort((a, b) => a.at - b.at);
  const found: BoundsSet[] = [{ at: Number.NEGATIVE_INFINITY, capacity: today }];
  for (const { at, action } of set) {
    const { capacity } = found.at(-1) ?? { capacity: today };
    found.push({ at, capacity: { min: action.min ?? capacity.min, max: action.max ?? capacity.max } });
  }
  return found;
}

function timesOf({ startsAt, endsAt }: ServiceScheduledAction, window: TimeWindow, from: EpochMs, to: EpochMs) {
  const first = Math.max(from, startsAt ?? from);
  const last = Math.min(to, endsAt ?? to);
  const times: EpochMs[] = [];
  let after = first - 1;
  while (times.length < MOST_TIMES) {
    const [next] = nextStarts(window, after, 1);
    if (next === undefined || next >= last) break;
    times.push(next);
    after = next;
  }
  return times;
}
