/** What a sweep of a policy's numbers found: the best variants, and what they would change. */
import { frontOf } from '../../sim/scoring/front.ts';
import { pointsOf } from '../simulate/comparisons.ts';
import type { Row, Sheet } from '../simulate/figures.ts';
import { NOW } from './variants.ts';

export interface Finding {
  readonly row: Row;
  readonly cost: number;
  readonly overload: number;
}

export interface Findings {
  /** Absent where the oracle needs no tasks, so that nothing has a cost. */
  readonly now?: Finding;
  /** The variants that no other beats in both, cheapest first. */
  readonly best: readonly Finding[];
  /** Of these the cheapest that is overloaded no more than now, where it is cheaper. */
  readonly cheaper?: Finding;
  /** And the least overloaded that costs no more, where it is less overloaded. */
  readonly calmer?: Finding;
}

export const VARIANTS = 'variants';

export function findingsOf({ rows }: Sheet): Findings {
  const all = [NOW, VARIANTS].flatMap((group) => pointsOf(rows, group));
  const best = frontOf(all);
  const now = all.find(({ row }) => row.name === NOW);
  if (now === undefined) return { best };
  const cheaper = best.find(({ overload, cost }) => overload <= now.overload && cost < now.cost);
  const calmer = best.findLast(({ overload, cost }) => cost <= now.cost && overload < now.overload);
  return { now, best, ...(cheaper === undefined ? {} : { cheaper }), ...(calmer === undefined ? {} : { calmer }) };
}
