/** What was measured: one scaler at one setting on one load, over all seeds. */
export interface Result {
  readonly trace: string;
  readonly family: string;
  /** Tasks at the 95th percentile of the load, each at 60 % of its capacity. */
  readonly size: number;
  readonly group: string;
  /** Absent where there is nothing to set. */
  readonly setting?: number;
  readonly overloadedPct: number;
  readonly overSloPct: number;
  readonly costRatio: number | null;
  readonly changesPerDay: number;
  readonly reversalsPerDay: number;
  readonly reactionSecondsP50: number | null;
  readonly reactionSecondsP95: number | null;
}

/** One trace at one size: what scalers are compared on. */
export interface Measured {
  readonly trace: string;
  readonly family: string;
  readonly value: number;
}

/** By trace and size. */
export function byLoad(results: readonly Result[]): ReadonlyMap<string, readonly Result[]> {
  return Map.groupBy(results, ({ trace, size }) => `${trace} ${size}`);
}
