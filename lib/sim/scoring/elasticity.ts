/**
 * The elasticity metrics of the SPEC Research Group (Herbst and others; Ilyushkin and others, ICPE 2017), as diagnostics: they say in which
 * way a scaler is off, not whether its users notice.
 */

export interface Elasticity {
  /** Mean of what was missing and of what was too much, in percent of what was needed. */
  readonly underPct: number;
  readonly overPct: number;
  /** Percent of the time with too few and with too many. */
  readonly underTimePct: number;
  readonly overTimePct: number;
  /** Percent of the minutes in which supply and demand did not move the same way. */
  readonly instabilityPct: number;
  /** Changes of the supply less changes of the demand, a day: above 0 nervous, below 0 sluggish. */
  readonly jitterPerDay: number;
}

/** Minute by minute, in tasks. */
export class ElasticityTally {
  private minutes = 0;
  private under = 0;
  private over = 0;
  private underMinutes = 0;
  private overMinutes = 0;
  private pairs = 0;
  private unlike = 0;
  private supplyChanges = 0;
  private demandChanges = 0;
  private before: { readonly demand: number; readonly supply: number } | undefined;

  take(demand: number, supply: number): void {
    const missing = demand - supply;
    this.minutes++;
    if (missing > 0) this.underMinutes++;
    if (missing < 0) this.overMinutes++;
    if (missing > 0) this.under += missing / demand;
    else this.over += -missing / Math.max(1, demand);
    if (this.before !== undefined) this.compare(demand - this.before.demand, supply - this.before.supply);
    this.before = { demand, supply };
  }

  /** A minute nobody knows lies between. */
  skip(): void {
    this.before = undefined;
  }

  private compare(demandMove: number, supplyMove: number): void {
    this.pairs++;
    if (Math.sign(demandMove) !== Math.sign(supplyMove)) this.unlike++;
    if (demandMove !== 0) this.demandChanges++;
    if (supplyMove !== 0) this.supplyChanges++;
  }

  result(): Elasticity {
    const percent = (part: number, of: number) => (of === 0 ? 0 : (100 * part) / of);
    return {
      underPct: percent(this.under, this.minutes),
      overPct: percent(this.over, this.minutes),
      underTimePct: percent(this.underMinutes, this.minutes),
      overTimePct: percent(this.overMinutes, this.minutes),
      instabilityPct: percent(this.unlike, this.pairs),
      jitterPerDay: this.minutes === 0 ? 0 : ((this.supplyChanges - this.demandChanges) / this.minutes) * 1440,
    };
  }
}
