/** A replay as columns of one value a minute: what really was, and what would have been beside it. */
import type { Played } from '../../sim/backtest/backtest.ts';
import { MINUTE_MS } from '../../sim/backtest/history.ts';
import type { Values } from '../series.ts';

export const COLUMNS = [
  'needed',
  'realDesired',
  'realTasks',
  'realCpu',
  'realAbove',
  'desired',
  'tasks',
  'cpu',
  'above',
] as const;
export type ColumnName = (typeof COLUMNS)[number];

/** `needed`, `above`: in tasks. Null where nobody knows. */
export interface ReplayColumns {
  /** Epoch seconds. */
  readonly at: readonly number[];
  readonly values: Readonly<Record<ColumnName, Values>>;
}

export function replayColumns({ replay: { rows, judged } }: Played): ReplayColumns {
  const from = rows[0]?.at ?? 0;
  const length = Math.round(((rows.at(-1)?.at ?? from) - from) / MINUTE_MS) + (rows.length === 0 ? 0 : 1);
  const table = new Table(from, length);
  for (const row of rows) {
    table.put('realDesired', row.at, 1, row.desired);
    table.put('realTasks', row.at, 1, row.tasks);
    table.put('desired', row.at, 1, row.ourDesired);
    table.put('tasks', row.at, 1, row.ourTasks);
  }
  for (const { at, seconds, needed, tasks, ourTasks, cpu, ourCpu } of judged) {
    const minutes = Math.max(1, Math.round(seconds / 60));
    table.put('needed', at, minutes, needed);
    table.put('realAbove', at, minutes, Math.max(0, needed - tasks));
    table.put('above', at, minutes, Math.max(0, needed - ourTasks));
    if (cpu !== undefined) table.put('realCpu', at, minutes, cpu);
    if (ourCpu !== undefined) table.put('cpu', at, minutes, ourCpu);
  }
  return { at: Array.from({ length }, (_, minute) => (from + minute * MINUTE_MS) / 1000), values: table.values };
}

class Table {
  readonly values: Record<ColumnName, (number | null)[]>;
  readonly #from: number;
  readonly #length: number;

  constructor(from: number, length: number) {
    this.#from = from;
    this.#length = length;
    const empty = () => new Array<number | null>(length).fill(null);
    this.values = Object.fromEntries(COLUMNS.map((name) => [name, empty()])) as typeof this.values;
  }

  put(name: ColumnName, at: number, minutes: number, value: number): void {
    const first = Math.floor((at - this.#from) / MINUTE_MS);
    for (let minute = Math.max(0, first); minute < Math.min(this.#length, first + minutes); minute += 1) {
      this.values[name][minute] = value;
    }
  }
}
