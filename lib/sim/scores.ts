/** What a run is worth, from its rows and its changes. Pure. */
import type { EpochMs } from '../policy/policy.ts';
import type { OraclePlan } from './oracle.ts';
import { Tally } from './scoring/tally.ts';
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

/** `rows` are those of the whole load that `oracle` planned for; `changes` in the order of time. */
export function score(rows: readonly PlantRow[], changes: readonly CountChange[], oracle: OraclePlan): Scores {
  const tally = new Tally();
  for (const row of rows) tally.take(row);
  for (const change of changes) tally.takeChange(change);
  return tally.scores(oracle.billedTaskSeconds);
}
