/** Readings as a decision sees them: sorted, and fresh or not. */
import type { Datapoint, Observation, Reading } from './observation.ts';
import type { EpochMs, ServicePolicy, SignalSpec } from './policy.ts';
import { thinIn } from './samples.ts';

export interface Series {
  readonly name: string;
  readonly spec: SignalSpec;
  readonly periodMs: number;
  /** Finished periods only, oldest first, no two of one start. */
  readonly points: readonly Datapoint[];
  /** End of the newest datapoint, if it is fresh: no older than two periods and the publication delay. */
  readonly freshEndAt: EpochMs | undefined;
  /** The source answered, so that silence is silence and not a fault. */
  readonly complete: boolean;
  /** Why it is not fresh, as a clause. */
  readonly cause: string | undefined;
  /** Datapoints of a percentile that too few samples made, with how many: they say nothing, and are no silence either. */
  readonly thin?: ReadonlyMap<EpochMs, number>;
  /** Periods that began earlier are unknown, also to what stands in for the signal. */
  readonly countsFrom?: EpochMs;
}

/** All signals of one service at one moment. */
export interface Window {
  readonly now: EpochMs;
  readonly series: Readonly<Record<string, Series>>;
  /** Cells in which something proves that the service lives: a signal of ECS itself has a datapoint. */
  readonly witness: (fromAt: EpochMs, toAt: EpochMs) => boolean;
}

export function windowOf(policy: ServicePolicy, observation: Observation, now: EpochMs): Window {
  const series: Record<string, Series> = {};
  const alive: Series[] = [];
  for (const name in policy.signals) {
    const spec = policy.signals[name];
    if (spec === undefined) continue;
    const one = seriesOf(name, spec, observation.signals[name], now);
    series[name] = one;
    if (spec.source.kind === 'ecs') alive.push(one);
  }
  const { inService, running } = observation.service;
  const livesNow = (inService ?? running) > 0;
  const witness = (fromAt: EpochMs, toAt: EpochMs) =>
    alive.length === 0 ? livesNow : alive.some((one) => (one.points[indexAt(one.points, fromAt)]?.[0] ?? toAt) < toAt);
  return { now, series, witness };
}

function seriesOf(name: string, spec: SignalSpec, reading: Reading | undefined, now: EpochMs): Series {
  const periodMs = (reading?.periodSeconds ?? spec.periodSeconds) * 1000;
  const countsFrom = reading?.countsFrom ?? 0;
  const points = since(countsFrom, finished(reading?.values ?? [], periodMs, now));
  const complete = reading?.status === 'complete';
  const newest = points[points.length - 1];
  const end = newest === undefined ? undefined : newest[0] + periodMs;
  const fresh = complete && end !== undefined && end >= now - freshMs(spec, periodMs);
  const cause = fresh ? undefined : causeOf(reading, end, now);
  const thin = thinIn(spec, reading);
  const one = { name, spec, periodMs, points, freshEndAt: fresh ? end : undefined, complete, cause, countsFrom };
  return thin === undefined ? one : { ...one, thin };
}

const since = (from: EpochMs, points: readonly Datapoint[]) =>
  from === 0 ? points : points.filter(([start]) => start >= from);

/** Nobody who looked after `at` can have known the signal: its source answers, and what it has was no longer fresh then. */
export function wasSilentAfter(window: Window, name: string, at: EpochMs): boolean {
  const one = window.series[name];
  if (one?.complete !== true || one.spec.whenMissing.kind !== 'unknown') return false;
  const newest = one.points[one.points.length - 1];
  return newest === undefined || newest[0] + one.periodMs + freshMs(one.spec, one.periodMs) < at;
}

/** How long after its end a datapoint still speaks. */
const freshMs = (spec: SignalSpec, periodMs: number) => 2 * periodMs + spec.publicationDelaySeconds * 1000;

function causeOf(reading: Reading | undefined, end: EpochMs | undefined, now: EpochMs): string {
  if (reading === undefined) return 'was not read';
  if (reading.status !== 'complete') return reading.cause ?? `the source answered ${reading.status}`;
  if (end === undefined) return 'the source has no datapoint';
  return `newest datapoint ended ${Math.round((now - end) / 1000)} s ago`;
}

/** Oldest first, unfinished periods and values that are no numbers left out, of equal starts the last one given. */
function finished(values: readonly Datapoint[], periodMs: number, now: EpochMs): readonly Datapoint[] {
  let inOrder = true;
  let previous = Number.NEGATIVE_INFINITY;
  for (const point of values) {
    const start = point[0];
    if (!(start > previous) || start + periodMs > now || !Number.isFinite(point[1])) inOrder = false;
    previous = start;
  }
  if (inOrder) return values;
  const byStart = new Map<number, Datapoint>();
  for (const point of values) if (Number.isFinite(point[1]) && point[0] + periodMs <= now) byStart.set(point[0], point);
  return [...byStart.values()].sort((a, b) => a[0] - b[0]);
}

/** Index of the first datapoint that begins at or after `at`. */
export function indexAt(points: readonly Datapoint[], at: EpochMs): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle] as Datapoint)[0] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
