/** What a run is worth, added up minute by minute, so that runs of any length can be scored. */
import type { CountChange, Scores } from '../scores.ts';
import type { PlantRow } from '../types.ts';
import { LATE_SHARE } from './slo.ts';

const REVERSAL_MS = 30 * 60_000;
const MINUTES_A_DAY = 1440;

export class Tally {
  private minutes = 0;
  private gapMinutes = 0;
  private requests = 0;
  private above = 0;
  private late = 0;
  private lateMinutes = 0;
  private billed = 0;
  private scaleOuts = 0;
  private scaleIns = 0;
  private reversals = 0;
  private before: CountChange | undefined;

  take(row: PlantRow): void {
    this.minutes++;
    if (row.load === null) {
      this.gapMinutes++;
      return;
    }
    const late = row.requestsOverSlo ?? 0;
    this.requests += row.requests;
    this.above += row.requestsAboveCapacity;
    this.late += late;
    if (late > row.requests * LATE_SHARE) this.lateMinutes++;
    this.billed += row.billedTaskSeconds;
  }

  /** In the order of time. */
  takeChange(change: CountChange): void {
    const { before } = this;
    if (change.from === change.to) return;
    if (isOut(change)) this.scaleOuts++;
    else this.scaleIns++;
    if (before !== undefined && isOut(before) !== isOut(change) && change.at - before.at <= REVERSAL_MS)
      this.reversals++;
    this.before = change;
  }

  get known(): number {
    return this.minutes - this.gapMinutes;
  }

  /** Billed task-seconds so far, minutes nobody knows left out. */
  get billedTaskSeconds(): number {
    return this.billed;
  }

  lateness(): { readonly overSloPct: number; readonly minutesOverSloPct: number } {
    return {
      overSloPct: percent(this.late, this.requests),
      minutesOverSloPct: percent(this.lateMinutes, this.known),
    };
  }

  /** @param oracleTaskSeconds what the oracle pays for the same minutes */
  scores(oracleTaskSeconds: number): Scores {
    const days = this.minutes / MINUTES_A_DAY;
    return {
      days,
      gapMinutes: this.gapMinutes,
      overloadedPct: percent(this.above, this.requests),
      costRatio: oracleTaskSeconds === 0 ? null : this.billed / oracleTaskSeconds,
      scaleOuts: this.scaleOuts,
      scaleIns: this.scaleIns,
      changesPerDay: days === 0 ? 0 : (this.scaleOuts + this.scaleIns) / days,
      reversalsPerDay: days === 0 ? 0 : this.reversals / days,
    };
  }
}

function isOut({ from, to }: CountChange): boolean {
  return to > from;
}

function percent(part: number, of: number): number {
  return of === 0 ? 0 : (part / of) * 100;
}
