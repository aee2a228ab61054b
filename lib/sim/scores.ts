/** What a run is worth, from its rows and its changes. Pure. */
import type { EpochMs } from '../policy/policy.ts';
import type { OraclePlan } from './oracle.ts';
import type { PlantRow } from './types.ts';

export interface CountChange {
  readonly at: EpochMs;
  readonly from: number;
  readonly to: number;
}

export interface Scores {
  readonly days: number;
  readonly gapMinutes: number;
  /** Requests above in-service × per-task capacity, percent of all requests. */
  readonly overloadedPct: number;
  /** Billed task-seconds ÷ the oracle's; null where the oracle needs none. */
  readonly costRatio: number | null;
  readonly scaleOuts: number;
  readonly scaleIns: number;
  readonly changesPerDay: number;
  /** A reversal is the opposite change within 30 minutes. */
  readonly reversalsPerDay: number;
}

export function score(_rows: readonly PlantRow[], _changes: readonly CountChange[], _oracle: OraclePlan): Scores {
  throw new Error('not built yet');
}
