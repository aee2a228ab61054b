/** The rows of a run as columns, thinned where there are more than a picture can show. */
import type { PlantRow } from '../sim/types.ts';

export type Values = readonly (number | null)[];

/** One value a row in every column; `at` in epoch seconds. */
export interface Columns {
  readonly at: readonly number[];
  readonly load: Values;
  readonly desired: Values;
  readonly running: Values;
  readonly inService: Values;
  readonly cpu: Values;
  /** Requests per second above what the tasks in service could take. */
  readonly above: Values;
}

/** 30 days of minutes: more than that is thinned. */
export const MOST_ROWS = 30 * 24 * 60;

const ROW_SECONDS = 60;

export function columnsOf(rows: readonly PlantRow[]): Columns {
  return {
    at: rows.map((row) => row.at / 1000),
    load: rows.map((row) => row.load),
    desired: rows.map((row) => row.desired),
    running: rows.map((row) => row.running),
    inService: rows.map((row) => row.inService),
    cpu: rows.map((row) => row.cpu),
    above: rows.map((row) => (row.load === null ? null : row.requestsAboveCapacity / ROW_SECONDS)),
  };
}

/** At most `mostRows` rows, see `thinTable`. */
export function thin(columns: Columns, mostRows: number = MOST_ROWS): Columns {
  if (columns.at.length <= mostRows) return columns;
  const { at, ...values } = columns;
  const thinned = thinTable<keyof typeof values>({ at, values }, mostRows, new Set(['above'] as const));
  return { at: thinned.at, ...thinned.values };
}

/** Columns under any names; `at` in epoch seconds. */
export interface Table<Name extends string> {
  readonly at: readonly number[];
  readonly values: Readonly<Record<Name, Values>>;
}

/**
 * At most `mostRows` rows: each bucket leaves two, its smallest and its largest value in the order they came, so that no peak is lost.
 * @param largestTwice columns that leave their largest twice: a short overload stays visible at every zoom
 */
export function thinTable<Name extends string>(
  table: Table<Name>,
  mostRows: number,
  largestTwice: ReadonlySet<Name>,
): Table<Name> {
  const { at, values } = table;
  const { length } = at;
  if (length <= mostRows) return table;
  const bucket = Math.ceil(length / Math.floor(mostRows / 2));
  const starts = Array.from({ length: Math.ceil(length / bucket) }, (_, index) => index * bucket);
  const thinned = (name: Name) =>
    starts.flatMap((start) => {
      const [first, second] = smallestAndLargest(values[name], start, start + bucket);
      if (!largestTwice.has(name)) return [first, second];
      const most = first === null || second === null ? null : Math.max(first, second);
      return [most, most];
    });
  const names = Object.keys(values) as Name[];
  return {
    at: starts.flatMap((start) => {
      const end = Math.min(start + bucket, length) - 1;
      return [at[start] ?? 0, at[Math.ceil((start + end) / 2)] ?? 0];
    }),
    values: Object.fromEntries(names.map((name) => [name, thinned(name)])) as unknown as Record<Name, Values>,
  };
}

/** Over `[start, end)`, in the order they came; unknown only where the whole bucket is. */
function smallestAndLargest(values: Values, start: number, end: number): readonly [number | null, number | null] {
  let smallest = -1;
  let largest = -1;
  for (let index = start; index < Math.min(end, values.length); index += 1) {
    const value = values[index];
    if (value === null || value === undefined) continue;
    if (smallest === -1 || value < (values[smallest] ?? 0)) smallest = index;
    if (largest === -1 || value > (values[largest] ?? 0)) largest = index;
  }
  const pair = [values[Math.min(smallest, largest)] ?? null, values[Math.max(smallest, largest)] ?? null] as const;
  return pair;
}
