/** What a run is worth, from its rows and its changes. Pure. */
import type { EpochMs } from '../policy/policy.ts';
import type { OraclePlan } from './oracle.ts';
import type { PlantRow } from './types.ts';

/** A change of the desired count. */
export interface CountChange {
  readonly at: EpochMs;
  readonly from: number;
  readonly to: number;
}

export interface Scores {
  /** Of the whole run, gaps too. */
  readonly days: number;
  /** Minutes whose load nobody knows. Overload and cost leave them out. */
  readonly gapMinutes: number;
  /** Requests above in-service × per-task capacity, percent of all requests. */
  readonly overloadedPct: number;
  /** Billed task-seconds ÷ those of the oracle, which has no overload; null where the oracle needs none. */
  readonly costRatio: number | null;
  readonly scaleOuts: number;
  readonly scaleIns: number;
  readonly changesPerDay: number;
  /** A reversal is a change that undoes the direction of the one before, no more than 30 minutes after it. */
  readonly reversalsPerDay: number;
}

const REVERSAL_MS = 30 * 60_000;
const MINUTES_A_DAY = 1440;

/** `rows` are those of the whole load that `oracle` planned for; `changes` in the order of time. */
export function score(rows: readonly PlantRow[], changes: readonly CountChange[], oracle: OraclePlan): Scores {
  const known = rows.filter((row) => row.load !== null);
  const requests = total(known, (row) => row.requests);
  const above = total(known, (row) => row.requestsAboveCapacity);
  const billed = total(known, (row) => row.billedTaskSeconds);
  const days = rows.length / MINUTES_A_DAY;
  const real = changes.filter(({ from, to }) => from !== to);
  return {
    days,
    gapMinutes: rows.length - known.length,
    overloadedPct: requests === 0 ? 0 : (above / requests) * 100,
    costRatio: oracle.billedTaskSeconds === 0 ? null : billed / oracle.billedTaskSeconds,
    scaleOuts: real.filter(isOut).length,
    scaleIns: real.length - real.filter(isOut).length,
    changesPerDay: days === 0 ? 0 : real.length / days,
    reversalsPerDay: days === 0 ? 0 : reversals(real) / days,
  };
}

function reversals(changes: readonly CountChange[]): number {
  return changes.filter((change, i) => {
    const before = changes[i - 1];
    return before !== undefined && isOut(before) !== isOut(change) && change.at - before.at <= REVERSAL_MS;
  }).length;
}

function isOut({ from, to }: CountChange): boolean {
  return to > from;
}

function total(rows: readonly PlantRow[], of: (row: PlantRow) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0);
}
