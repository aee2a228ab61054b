/** When two windows of time are open together for the first time. */
import type { EpochMs, ServicePolicy, TimeWindow } from '../policy.ts';
import { ASSUMED_START_SECONDS } from '../start-time.ts';
import { endOf, nextStarts, openSince } from '../time-window.ts';
import type { Subject } from './warning.ts';

/** Of each recurring window so many are looked at, and none that begins further away. */
const MOST_SPANS = 20;
const HORIZON_MS = 800 * 86_400_000;
/** Where one window comes seldom and the other often, so many of the seldom one are held against the other. */
const MOST_SELDOM = 5;
/** Where nobody says what time it is, any year will do for what recurs. */
const REFERENCE = Date.UTC(2026, 0, 1);

/** Seconds by which each of the two windows opens early. */
export type Leads = readonly [a: number, b: number];

/** The first moment from `from` on, as far as it looks, at which both windows are open. */
export function firstOverlap(
  a: TimeWindow,
  b: TimeWindow,
  from: EpochMs,
  [leadA, leadB]: Leads = [0, 0],
): EpochMs | undefined {
  const [spansA, spansB] = [spansOf(a, from), spansOf(b, from)];
  const meetings = spansA.flatMap((one) =>
    spansB.flatMap((other) => {
      const opens = Math.max(one.start - leadA * 1000, other.start - leadB * 1000, from);
      return opens < Math.min(one.end, other.end) ? [opens] : [];
    }),
  );
  if (meetings.length > 0) return Math.min(...meetings);
  const [lastA, lastB] = [spansA.at(-1)?.start ?? from, spansB.at(-1)?.start ?? from];
  return lastA < lastB ? seldomMeeting(spansB, leadB, a, leadA, lastA) : seldomMeeting(spansA, leadA, b, leadB, lastB);
}

interface Span {
  readonly start: EpochMs;
  readonly end: EpochMs;
}

/** Spans of a seldom window after the last known one of a frequent window. */
function seldomMeeting(
  seldom: readonly Span[],
  lead: number,
  frequent: TimeWindow,
  leadFrequent: number,
  after: EpochMs,
): EpochMs | undefined {
  for (const { start, end } of seldom.filter((span) => span.start > after).slice(0, MOST_SELDOM)) {
    const opens = start - lead * 1000;
    if (openSince(frequent, opens, leadFrequent) !== undefined) return opens;
    const [inside] = nextStarts(frequent, opens + leadFrequent * 1000, 1);
    if (inside !== undefined && inside - leadFrequent * 1000 < end) return inside - leadFrequent * 1000;
  }
  return undefined;
}

const SPANS = new WeakMap<TimeWindow, { readonly from: EpochMs; readonly spans: readonly Span[] }>();

/** Also the one that is open already. Reading cron is slow, so it is done once for each window. */
function spansOf(window: TimeWindow, from: EpochMs): readonly Span[] {
  const known = SPANS.get(window);
  if (known?.from === from) return known.spans;
  const spans = nextStarts(window, from - window.lastsSeconds * 1000, MOST_SPANS)
    .filter((start) => start <= from + HORIZON_MS)
    .map((start) => ({ start, end: endOf(window, start) }));
  SPANS.set(window, { from, spans });
  return spans;
}

/** From when on windows are compared. */
export function comparedFrom({ now, policy }: Pick<Subject, 'now' | 'policy'>): EpochMs {
  return now ?? Math.min(REFERENCE, ...instantsOf(policy));
}

function instantsOf({ schedule }: ServicePolicy): readonly EpochMs[] {
  return schedule.flatMap(({ starts }) => (starts.kind === 'at' ? [starts.at] : []));
}

/** A floor is ready by its time, so it opens one start time early. */
export function leadOf({ facts }: Pick<Subject, 'facts'>): number {
  return facts.startSeconds?.p95 ?? ASSUMED_START_SECONDS.p95;
}

/** `2026-11-11 08:00 Asia/Shanghai`. */
export function momentText(at: EpochMs, timezone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' });
  return `${format.format(at)} ${timezone}`;
}
