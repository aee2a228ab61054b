/** Counts over time as one line of blocks each, for the terminal: what really was above what would have been. */
import { number } from '../../report/words.ts';
import type { ReplayRow } from '../../sim/backtest/replay.ts';

const BLOCKS = [...'▁▂▃▄▅▆▇█'];
/** With what stands beside it, a line of 80 columns. */
const WIDTH = 48;

/** @param rows one a minute whose counts are known */
export function sparklines(rows: readonly ReplayRow[]): readonly string[] {
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return [];
  const spanMs = last.at - first.at + 1;
  const columns = ['tasks', 'ourTasks'] as const;
  const means = columns.map((column) => bucketsOf(rows, ({ at }) => (at - first.at) / spanMs, column));
  const most = Math.max(1, ...means.flat().filter((value) => value !== undefined));
  const label = { tasks: 'really', ourTasks: 'this policy' };
  return columns.map((column, index) => {
    const counts = rows.map((row) => row[column]);
    const range = `${number(counts.reduce((a, b) => Math.min(a, b)))} to ${number(counts.reduce((a, b) => Math.max(a, b)))} tasks`;
    return `${label[column].padEnd(12)}${lineOf(means[index] ?? [], most)}  ${range}`;
  });
}

function bucketsOf(
  rows: readonly ReplayRow[],
  placeOf: (row: ReplayRow) => number,
  column: 'tasks' | 'ourTasks',
): readonly (number | undefined)[] {
  const sums = new Float64Array(WIDTH);
  const counted = new Float64Array(WIDTH);
  for (const row of rows) {
    const bucket = Math.min(WIDTH - 1, Math.floor(placeOf(row) * WIDTH));
    sums[bucket] = (sums[bucket] ?? 0) + row[column];
    counted[bucket] = (counted[bucket] ?? 0) + 1;
  }
  return Array.from(counted, (count, bucket) => (count === 0 ? undefined : (sums[bucket] ?? 0) / count));
}

/** A gap is a space. */
function lineOf(means: readonly (number | undefined)[], most: number): string {
  const block = (value: number) =>
    BLOCKS[Math.min(BLOCKS.length - 1, Math.floor((value / most) * BLOCKS.length))] ?? ' ';
  return means.map((value) => (value === undefined ? ' ' : block(value))).join('');
}
