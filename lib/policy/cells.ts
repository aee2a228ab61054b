/**
 * Series cut into cells. A cell of period P is [k·P, (k+1)·P) since the epoch. NaN stands for unknown everywhere in here and is never shown.
 */
import type { Datapoint } from './observation.ts';
import type { EpochMs } from './policy.ts';
import { indexAt, type Series, type Window } from './series.ts';

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
