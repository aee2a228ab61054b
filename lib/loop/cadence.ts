/**
 * Ticks within a minute. The schedule comes once a minute; a shard with a shorter cadence sends itself the minute's other ticks, each as a
 * message that a queue holds back so long. All of a minute's messages are sent by its first tick, so that one that is lost stops no other.
 */
import type { EpochMs, ServicePolicy } from '../policy/policy.ts';

const MINUTE_MS = 60_000;
/** Of SQS. */
const LONGEST_DELAY_SECONDS = 900;
/** A minute has no more ticks than that: one every ten seconds. */
const SHORTEST_SECONDS = 10;

/** One of the minute's other ticks. */
export interface DelayedTick {
  /** What the tick is for: the schedule's time and so many seconds. */
  readonly dueAt: EpochMs;
  /** The queue holds it back so long, whole seconds. */
  readonly delaySeconds: number;
  /** The shortest cadence it serves: when it is later than that, it is no use any more. */
  readonly cadenceSeconds: number;
}

/**
 * The other ticks of the minute that began at `scheduledAt`, as seen at `now`; empty where every cadence is a minute or more. Those whose
 * time has passed are left out.
 */
export function ticksOfMinute(
  policies: readonly Pick<ServicePolicy, 'cadenceSeconds' | 'mode'>[],
  scheduledAt: EpochMs,
  now: EpochMs,
): readonly DelayedTick[] {
  const cadences = new Set(
    policies
      .filter(({ mode }) => mode !== 'off')
      .map(({ cadenceSeconds }) => Math.max(SHORTEST_SECONDS, cadenceSeconds))
      .filter((seconds) => seconds < 60),
  );
  const byDue = new Map<EpochMs, DelayedTick>();
  for (const cadenceSeconds of [...cadences].sort((a, b) => a - b)) {
    for (let seconds = cadenceSeconds; seconds < 60; seconds += cadenceSeconds) {
      const dueAt = scheduledAt + seconds * 1000;
      const delaySeconds = Math.min(LONGEST_DELAY_SECONDS, Math.ceil((dueAt - now) / 1000));
      // Of two cadences that meet, the shorter one stands: it is the first to be late.
      if (delaySeconds > 0 && !byDue.has(dueAt)) byDue.set(dueAt, { dueAt, delaySeconds, cadenceSeconds });
    }
  }
  return [...byDue.values()].sort((a, b) => a.dueAt - b.dueAt);
}

/** Is a service's turn at this moment of the minute that began at `scheduledAt`? At the minute itself it is everybody's. */
export function isDue(
  { cadenceSeconds }: Pick<ServicePolicy, 'cadenceSeconds'>,
  scheduledAt: EpochMs,
  dueAt: EpochMs,
): boolean {
  const seconds = Math.round((dueAt - scheduledAt) / 1000);
  return seconds % Math.max(SHORTEST_SECONDS, cadenceSeconds) === 0;
}

/** The next tick of its cadence is due already, or the minute is over: what it would find out is known by then. */
export function isTooLate(
  { dueAt, cadenceSeconds }: Pick<DelayedTick, 'dueAt' | 'cadenceSeconds'>,
  now: EpochMs,
): boolean {
  return now - dueAt >= Math.min(cadenceSeconds * 1000, MINUTE_MS);
}
