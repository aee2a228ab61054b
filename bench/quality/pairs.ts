/**
 * One scaler against another, load by load: what one costs where it is overloaded as little as the other, and how much it is overloaded
 * where it costs as much. The other stands at the setting its users begin with; of the one the whole front is read.
 */
import { type CostPoint, costAt, overloadAt } from '../../lib/sim/scoring/front.ts';
import { type MacroInterval, macroInterval } from './intervals.ts';
import { byLoad, type Measured, type Result } from './results.ts';

export interface Pair {
  readonly peer: string;
  /** Cost ÷ the peer's cost, at no more overload than the peer has; a geometric mean. */
  readonly costRatio: MacroInterval | undefined;
  /** Overload less the peer's, in percent of the requests, at no more than the peer's cost. */
  readonly overloadDifference: MacroInterval | undefined;
  /** Loads on which both were played. */
  readonly loads: number;
}

/** One request in a hundred thousand is none. */
export const NONE_PCT = 0.001;

export function pairOf(results: readonly Result[], own: string, peer: string, setting: number): Pair {
  const ratios: Measured[] = [];
  const differences: Measured[] = [];
  let loads = 0;
  for (const same of byLoad(results).values()) {
    const other = same.find((one) => one.group === peer && (one.setting ?? setting) === setting);
    const points = same.filter(({ group }) => group === own).flatMap(pointOf);
    if (other === undefined || other.costRatio === null || points.length === 0) continue;
    loads++;
    const { trace, family, costRatio, overloadedPct } = other;
    const cost = costAt(points, Math.max(overloadedPct, NONE_PCT));
    const overload = overloadAt(points, costRatio);
    if (cost !== undefined) ratios.push({ trace, family, value: Math.log(cost / costRatio) });
    if (overload !== undefined) differences.push({ trace, family, value: overload - overloadedPct });
  }
  const logs = macroInterval(ratios);
  return {
    peer,
    loads,
    costRatio: logs && { ...logs, mean: Math.exp(logs.mean), low: Math.exp(logs.low), high: Math.exp(logs.high) },
    overloadDifference: macroInterval(differences),
  };
}

export function pointOf({ costRatio, overloadedPct }: Result): readonly CostPoint[] {
  return costRatio === null ? [] : [{ cost: costRatio, overload: overloadedPct }];
}
