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

/**
 * At most `mostRows` rows: each bucket leaves two, its smallest and its largest value in the order they came, so that no peak is lost.
 * What is above capacity leaves its largest twice: a short overload stays visible at every zoom.
 */
export function thin(columns: Columns, mostRows: number = MOST_ROWS): Columns {
  const length = columns.at.length;
  if (length <= mostRows) return columns;
  const bucket = Math.ceil(length / Math.floor(mostRows / 2));
  const starts = Array.from({ length: Math.ceil(length / bucket) }, (_, index) => index * bucket);
  const pairs = (values: Values) => starts.flatMap((start) => smallestAndLargest(values, start, start + bucket));
  const largest = (values: Values) =>
    starts.flatMap((start) => {
      const [first, second] = smallestAndLargest(values, start, start + bucket);
      const most = first === null || second === null ? null : Math.max(first, second);
      return [most, most];
    });
  return {
    at: starts.flatMap((start) => {
      const end = Math.min(start + bucket, length) - 1;
      return [columns.at[start] ?? 0, columns.at[Math.ceil((start + end) / 2)] ?? 0];
    }),
    load: pairs(columns.load),
    desired: pairs(columns.desired),
    running: pairs(columns.running),
    inService: pairs(columns.inService),
    cpu: pairs(columns.cpu),
    above: largest(columns.above),
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
