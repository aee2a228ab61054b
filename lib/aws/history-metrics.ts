/**
 * Days of a service's own signals, as CloudWatch still has them: a minute apart for 15 days, five minutes for 63. Reads through the same
 * plan as a tick, only further back; each number comes in the unit the policy sees.
 */
import type { SignalQuery, Signals } from '../loop/ports.ts';
import type { Datapoint, Reading } from '../policy/observation.ts';
import type { EpochMs, SignalSpec } from '../policy/policy.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Finest period that CloudWatch keeps for so many days, best first. */
export const KEPT = Object.freeze([
  { periodSeconds: 60, days: 15 },
  { periodSeconds: 300, days: 63 },
]);
export const LONGEST_DAYS = 63;

export interface PastOptions {
  /** On the minute. `to` is exclusive, and settled. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Now, by which CloudWatch counts what it keeps. */
  readonly now: EpochMs;
  readonly abort: AbortSignal;
}

/** In the order of the queries, whose `periods` do not count; in the policy's own periods, whatever CloudWatch still had, oldest first. */
export async function readPast(
  signals: Signals,
  queries: readonly SignalQuery[],
  options: PastOptions,
): Promise<readonly Reading[]> {
  const parts: (readonly Reading[])[] = [];
  for (const stretch of stretchesOf(options)) {
    const asked = queries.map((query) => coarse(query, stretch));
    parts.push(await signals.read(asked, stretch.to, options.abort));
  }
  return queries.map(({ spec }, index) =>
    joined(
      spec,
      parts.map((part) => part[index] as Reading),
      options,
    ),
  );
}

interface Stretch {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly periodSeconds: number;
}

/** Oldest first; each as long as CloudWatch keeps its period, less an hour for what is being thrown away just now. */
function stretchesOf({ from, to, now }: PastOptions): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let end = to;
  for (const { periodSeconds, days } of KEPT) {
    const grid = periodSeconds * 1000;
    const keptFrom = Math.ceil((now - days * DAY_MS + 60 * MINUTE_MS) / (5 * MINUTE_MS)) * 5 * MINUTE_MS;
    const begin = Math.max(Math.floor(from / grid) * grid, keptFrom);
    if (begin < end) stretches.unshift({ from: begin, to: end, periodSeconds });
    end = Math.min(end, begin);
  }
  return stretches;
}

/**
 * The same signal in the stretch's own periods. Publication delay 0: the window ends long ago. Tasks are another query's business, because
 * the tick asks for them at a period that CloudWatch forgets after three hours.
 */
function coarse(query: SignalQuery, { from, to, periodSeconds }: Stretch): SignalQuery {
  const period = periodOf(query.spec, periodSeconds);
  const spec = { ...query.spec, periodSeconds: period, publicationDelaySeconds: 0, averagedOverTasks: false };
  return { ...query, spec, periods: Math.ceil((to - from) / (period * 1000)) };
}

function periodOf(spec: SignalSpec, keptSeconds: number): number {
  return Math.ceil(Math.max(spec.periodSeconds, keptSeconds) / keptSeconds) * keptSeconds;
}

/** The worst part speaks for the whole; a stretch in which the service did not live yet is silence, which is honest. */
function joined(spec: SignalSpec, parts: readonly Reading[], { from, to }: PastOptions): Reading {
  const bad = parts.find(({ status }) => status !== 'complete');
  const values = parts
    .flatMap((part) => part.values.flatMap((point) => fine(point, part.periodSeconds, spec)))
    .filter(([at]) => at >= from && at < to)
    .sort(([a], [b]) => a - b);
  return {
    periodSeconds: spec.periodSeconds,
    status: bad?.status ?? 'complete',
    ...(bad?.cause === undefined ? {} : { cause: bad.cause }),
    values,
  };
}

/** A coarse datapoint as the finer ones it stands for: a sum is shared by them, anything else is the same in each. */
function fine(point: Datapoint, periodSeconds: number, spec: SignalSpec): readonly Datapoint[] {
  const [startedAt, value, tasks] = point;
  const pieces = Math.max(1, Math.round(periodSeconds / spec.periodSeconds));
  const share = spec.stat === 'Sum' || spec.stat === 'SampleCount' ? value / pieces : value;
  return Array.from({ length: pieces }, (_, i): Datapoint => {
    const at = startedAt + i * spec.periodSeconds * 1000;
    return tasks === undefined ? [at, share] : [at, share, tasks];
  });
}
