/**
 * Readings as a decision sees them: sorted, fresh or not, and cut into the cells of a grid. A cell of period P is [k·P, (k+1)·P) since the
 * epoch; a condition is evaluated once a cell of its coarsest signal. NaN stands for unknown everywhere in here and is never shown.
 */
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

/** The value of `name` in a cell, NaN where it is unknown. Follows `whenMissing`. */
export function valueInCell(window: Window, name: string, cell: number, cellMs: number): number {
  const one = window.series[name];
  if (one === undefined || (cell + 1) * cellMs <= (one.countsFrom ?? 0)) return Number.NaN;
  const { whenMissing } = one.spec;
  const speaks = whenMissing.kind === 'zero' ? one.complete : one.freshEndAt !== undefined;
  const value = speaks ? meanInCell(window, one, cell, cellMs) : Number.NaN;
  const standsIn = whenMissing.kind === 'use' && Number.isNaN(value);
  return standsIn ? valueInCell(window, whenMissing.signal, cell, cellMs) : value;
}

/** Is anything known of a signal now, by itself or by what stands for it? */
export function isKnown(window: Window, name: string): boolean {
  if (window.series[name]?.freshEndAt !== undefined) return true;
  const { newestCell, cellMs } = gridOf(window, [name]);
  return !Number.isNaN(valueInCell(window, name, newestCell, cellMs));
}

/** Mean of the datapoints that begin in the cell; NaN unless all of them are there or those that are not are proven to be zero. */
function meanInCell(window: Window, one: Series, cell: number, cellMs: number): number {
  const { points, periodMs } = one;
  const from = cell * cellMs;
  const expected = Math.max(1, Math.floor(cellMs / periodMs));
  let sum = 0;
  let count = 0;
  for (let index = indexAt(points, from); index < points.length; index++) {
    const point = points[index] as Datapoint;
    if (point[0] >= from + cellMs) break;
    if (one.thin?.has(point[0]) === true) return Number.NaN;
    sum += point[1];
    count += 1;
  }
  if (count >= expected) return sum / count;
  return one.spec.whenMissing.kind === 'zero' && zeroIsProven(window, one, from, from + cellMs)
    ? sum / expected
    : Number.NaN;
}

/** How many samples were too few to make the signal's value of a cell; undefined where that is not why it is unknown. */
export function thinInCell(window: Window, name: string, cell: number, cellMs: number): number | undefined {
  const one = window.series[name];
  if (one?.thin === undefined || one.freshEndAt === undefined) return undefined;
  let fewest: number | undefined;
  for (const [start, samples] of one.thin)
    if (start >= cell * cellMs && start < (cell + 1) * cellMs) fewest = Math.min(fewest ?? samples, samples);
  return fewest;
}

/** Silence of a source that answered means zero only if the period is settled and a witness lived in it. */
function zeroIsProven(window: Window, one: Series, fromAt: EpochMs, toAt: EpochMs): boolean {
  const settled = toAt + one.spec.publicationDelaySeconds * 1000 <= window.now;
  return settled && window.witness(fromAt, toAt);
}

/** Index of the first datapoint that begins at or after `at`. */
function indexAt(points: readonly Datapoint[], at: EpochMs): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle] as Datapoint)[0] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The number of tasks that made the datapoints of the cell; undefined where the source does not say. */
export function tasksInCell(window: Window, name: string, cell: number, cellMs: number): number | undefined {
  const one = window.series[name];
  if (one === undefined) return undefined;
  const from = cell * cellMs;
  let tasks: number | undefined;
  for (const [start, , made] of one.points)
    if (start >= from && start < from + cellMs && made !== undefined) tasks = made;
  return tasks;
}

/** Datapoints that lie wholly in (endAt - windowMs, endAt], oldest first; with those that stand for a missing one, as the policy says. */
export function pointsBefore(window: Window, name: string, endAt: EpochMs, windowMs: number): readonly Datapoint[] {
  const one = window.series[name];
  if (one === undefined) return [];
  const { points, periodMs } = one;
  if (one.spec.whenMissing.kind === 'unknown')
    return one.freshEndAt === undefined
      ? []
      : points.filter(
          ([start]) => start >= endAt - windowMs && start + periodMs <= endAt && one.thin?.has(start) !== true,
        );
  const found: Datapoint[] = [];
  for (let start = Math.ceil((endAt - windowMs) / periodMs) * periodMs; start + periodMs <= endAt; start += periodMs) {
    const value = valueInCell(window, name, start / periodMs, periodMs);
    if (!Number.isNaN(value)) found.push([start, value]);
  }
  return found;
}

/** The grid of a set of signals: its period, and the newest cell that every one of them can answer for. */
export interface Grid {
  readonly cellMs: number;
  readonly newestCell: number;
}

export function gridOf(window: Window, names: readonly string[]): Grid {
  let cellMs = 0;
  for (const name of names) cellMs = Math.max(cellMs, window.series[name]?.periodMs ?? 0);
  if (cellMs === 0) cellMs = 60_000;
  let newest: number | undefined;
  let settled = Math.floor(window.now / cellMs) - 1;
  for (const name of names) {
    const one = window.series[name];
    if (one === undefined) continue;
    settled = Math.min(settled, settledCell(window, one, cellMs));
    const answerable = newestAnswerable(window, one, cellMs, names.length + 8);
    if (answerable !== undefined) newest = newest === undefined ? answerable : Math.min(newest, answerable);
  }
  return { cellMs, newestCell: newest ?? settled };
}

/** Undefined where the signal is unknown throughout: then it does not hold the grid back. */
function newestAnswerable(window: Window, one: Series, cellMs: number, depth: number): number | undefined {
  const own = one.freshEndAt === undefined ? undefined : lastCell(one.freshEndAt, one, cellMs);
  const { whenMissing } = one.spec;
  if (whenMissing.kind === 'zero' && one.complete)
    return Math.max(own ?? Number.NEGATIVE_INFINITY, settledCell(window, one, cellMs));
  if (whenMissing.kind !== 'use' || depth === 0) return own;
  const other = window.series[whenMissing.signal];
  const others = other === undefined ? undefined : newestAnswerable(window, other, cellMs, depth - 1);
  return own === undefined || others === undefined ? (own ?? others) : Math.max(own, others);
}

function settledCell(window: Window, one: Series, cellMs: number): number {
  return Math.floor((window.now - one.spec.publicationDelaySeconds * 1000) / cellMs) - 1;
}

/** The newest cell that is finished by a series whose newest datapoint ended at `endAt`. */
function lastCell(endAt: EpochMs, one: Series, cellMs: number): number {
  if (one.periodMs === cellMs) return Math.floor((endAt - one.periodMs) / cellMs);
  return Math.floor(endAt / cellMs) - 1;
}
