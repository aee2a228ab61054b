/**
 * Ticks within a minute. The schedule comes once a minute; a shard with a shorter cadence sends itself the minute's other ticks, each as a
 * message that a queue holds back so long. All of a minute's messages are sent by its first tick, so that one that is lost stops no other.
 */
import type { EpochMs, ServicePolicy } from '../policy/policy.ts';

const MINUTE_MS = 60_000;
/** A minute has no more ticks than that: one every ten seconds. */
const SHORTEST_SECONDS = 10;

/** One of the minute's other ticks. */
export interface DelayedTick {
  readonly dueAt: EpochMs;
  /** Since the minute's first tick; the queue holds it back so long. */
  readonly delaySeconds: number;
  /** The shortest cadence it serves: when it is later than that, it is no use any more. */
  readonly cadenceSeconds: number;
}

/**
 * The other ticks of a minute whose first one runs at `now`; empty where every cadence is a minute or more. They are counted from there and
 * not from the schedule's time: a schedule fires anywhere in its minute, always at about the same second.
 */
export function ticksOfMinute(
  policies: readonly Pick<ServicePolicy, 'cadenceSeconds' | 'mode'>[],
  scheduledAt: EpochMs,
  now: EpochMs,
): readonly DelayedTick[] {
  // So late that the next minute's own first tick is there.
  if (now - scheduledAt >= 2 * MINUTE_MS) return [];
  const cadences = new Set(
    policies
      .filter(({ mode }) => mode !== 'off')
      .map(({ cadenceSeconds }) => Math.max(SHORTEST_SECONDS, cadenceSeconds))
      .filter((seconds) => seconds < 60),
  );
  const byDelay = new Map<number, DelayedTick>();
  for (const cadenceSeconds of [...cadences].sort((a, b) => a - b)) {
    for (let delaySeconds = cadenceSeconds; delaySeconds < 60; delaySeconds += cadenceSeconds) {
      // Of two cadences that meet, the shorter one stands: it is the first to be late.
      if (byDelay.has(delaySeconds)) continue;
      byDelay.set(delaySeconds, { dueAt: now + delaySeconds * 1000, delaySeconds, cadenceSeconds });
    }
  }
  return [...byDelay.values()].sort((a, b) => a.dueAt - b.dueAt);
}

/** Is a service's turn at this moment, counted from the minute's first tick? At that one it is everybody's. */
export function isDue(
  { cadenceSeconds }: Pick<ServicePolicy, 'cadenceSeconds'>,
  firstAt: EpochMs,
  dueAt: EpochMs,
): boolean {
  const seconds = Math.round((dueAt - firstAt) / 1000);
  return seconds % Math.max(SHORTEST_SECONDS, cadenceSeconds) === 0;
}

/** The next tick of its cadence is due already, or the minute is over: what it would find out is known by then. */
export function isTooLate(
  { dueAt, cadenceSeconds }: Pick<DelayedTick, 'dueAt' | 'cadenceSeconds'>,
  now: EpochMs,
): boolean {
  return now - dueAt >= Math.min(cadenceSeconds * 1000, MINUTE_MS);
}
