/** What to ask CloudWatch for: pure, plain data, so that it can be printed and tested without AWS. */
import type { SignalQuery } from '../loop/ports.ts';
import type { EpochMs, SignalSpec } from '../policy/policy.ts';
import { batchesOf } from './batches.ts';

/** Of GetMetricData. */
export const QUERIES_PER_CALL = 500;

/** One metric statistic, asked once however many signals read it. */
export interface PlannedQuery {
  /** Unique in the plan. */
  readonly id: string;
  readonly namespace: string;
  readonly metric: string;
  /** Sorted by name. */
  readonly dimensions: readonly { readonly name: string; readonly value: string }[];
  readonly stat: string;
  readonly periodSeconds: number;
}

/** All its queries have one period, and both ends lie on that period's grid. End exclusive. */
export interface PlannedCall {
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly queries: readonly PlannedQuery[];
}

/** How the answer to one signal is put together from the answers to `id` and `tasksId`. End exclusive. */
export type PlannedReading =
  | {
      readonly kind: 'metric';
      readonly id: string;
      /** The query whose values count the tasks behind each datapoint. */
      readonly tasksId?: string;
      readonly start: EpochMs;
      readonly end: EpochMs;
      readonly periodSeconds: number;
      readonly scale: number;
    }
  | { readonly kind: 'unsupported'; readonly periodSeconds: number; readonly cause: string };

export interface Plan {
  readonly calls: readonly PlannedCall[];
  /** One for each signal asked for, in order. */
  readonly readings: readonly PlannedReading[];
}

/**
 * Few calls: CloudWatch charges for metrics, not for calls or datapoints, but the account's calls a second are few. A call has one
 * window, so it is as wide as its widest query, and queries are put together by window.
 */
export function planQueries(queries: readonly SignalQuery[], now: EpochMs): Plan {
  const wanted = new Map<string, WantedQuery>();
  const readings = queries.map((query) => planReading(query, now, wanted));
  return { calls: planCalls([...wanted.values()]), readings };
}

/** The last `periods` settled ones: whole periods on the period's grid, each ended at least the publication delay ago. */
export function settledWindow(
  { periodSeconds, publicationDelaySeconds }: Pick<SignalSpec, 'periodSeconds' | 'publicationDelaySeconds'>,
  periods: number,
  now: EpochMs,
): { readonly start: EpochMs; readonly end: EpochMs } {
  const period = periodSeconds * 1000;
  const end = Math.floor((now - publicationDelaySeconds * 1000) / period) * period;
  return { start: end - Math.max(1, periods) * period, end };
}

interface WantedQuery {
  readonly query: PlannedQuery;
  start: EpochMs;
  end: EpochMs;
}

function planReading(asked: SignalQuery, now: EpochMs, wanted: Map<string, WantedQuery>): PlannedReading {
  const { spec, periods } = asked;
  const { periodSeconds, scale } = spec;
  const metric = metricOf(asked);
  if (metric === undefined) {
    return {
      kind: 'unsupported',
      periodSeconds,
      cause: `CloudWatch is not asked for signals of kind ${spec.source.kind}`,
    };
  }
  const window = settledWindow(spec, periods, now);
  const id = want(wanted, { ...metric, stat: spec.stat, periodSeconds }, window);
  const reading = { kind: 'metric', id, ...window, periodSeconds, scale } as const;
  if (spec.source.kind !== 'ecs' || !spec.averagedOverTasks) return reading;
  const tasks = { ...metric, stat: 'SampleCount', periodSeconds: Math.min(periodSeconds, ECS_RESOLUTION_SECONDS) };
  return { ...reading, tasksId: want(wanted, tasks, window) };
}

/**
 * ECS puts one sample a task into each minute of its service metrics, so SampleCount is the number of tasks only at that
 * resolution; over five minutes it would be five times as many. Signals with a shorter period are of metrics that resolve to it.
 */
const ECS_RESOLUTION_SECONDS = 60;

function metricOf({ cluster, service, spec }: SignalQuery) {
  const { source } = spec;
  if (source.kind === 'ecs') {
    return {
      namespace: 'AWS/ECS',
      metric: source.metric,
      dimensions: pairs({ ClusterName: cluster, ServiceName: service }),
    };
  }
  if (source.kind === 'cloudwatch') {
    return { namespace: source.namespace, metric: source.metric, dimensions: pairs(source.dimensions) };
  }
  return undefined;
}

function pairs(dimensions: Readonly<Record<string, string>>): PlannedQuery['dimensions'] {
  return Object.entries(dimensions)
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function want(
  wanted: Map<string, WantedQuery>,
  query: Omit<PlannedQuery, 'id'>,
  { start, end }: { readonly start: EpochMs; readonly end: EpochMs },
): string {
  const key = JSON.stringify([query.namespace, query.metric, query.dimensions, query.stat, query.periodSeconds]);
  const same = wanted.get(key);
  if (same === undefined) {
    const id = `q${wanted.size}`;
    wanted.set(key, { query: { id, ...query }, start, end });
    return id;
  }
  same.start = Math.min(same.start, start);
  same.end = Math.max(same.end, end);
  return same.query.id;
}

function planCalls(wanted: readonly WantedQuery[]): PlannedCall[] {
  const periods = new Map<number, WantedQuery[]>();
  for (const one of wanted) {
    const { periodSeconds } = one.query;
    periods.set(periodSeconds, [...(periods.get(periodSeconds) ?? []), one]);
  }
  return [...periods.values()]
    .map((samePeriod) => samePeriod.sort((a, b) => a.start - b.start))
    .flatMap((samePeriod) => batchesOf(QUERIES_PER_CALL, samePeriod))
    .map((batch) => ({
      start: Math.min(...batch.map(({ start }) => start)),
      end: Math.max(...batch.map(({ end }) => end)),
      queries: batch.map(({ query }) => query),
    }));
}
