/** The grid on which a set of signals is looked at: a condition is evaluated once a cell of its coarsest signal. */
import { valueInCell } from './cells.ts';
import type { EpochMs } from './policy.ts';
import type { Series, Window } from './series.ts';

/** Its period, and the newest cell that every one of the signals can answer for. */
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

/** Is anything known of a signal now, by itself or by what stands for it? */
export function isKnown(window: Window, name: string): boolean {
  if (window.series[name]?.freshEndAt !== undefined) return true;
  const { newestCell, cellMs } = gridOf(window, [name]);
  return !Number.isNaN(valueInCell(window, name, newestCell, cellMs));
}
