/** A policy against scalers whose setting was swept: where they cost the same, and where they are overloaded the same. */
import { type CostPoint, costAt, overloadAt } from '../../sim/scoring/front.ts';
import type { Row, Sheet } from './figures.ts';

export interface Comparison {
  readonly policy: string;
  readonly other: string;
  /** What the other is overloaded where it costs what the policy costs; undefined where none of its settings is that cheap. */
  readonly overloadedPctAtEqualCost: number | undefined;
  /** What the other costs where it is overloaded no more than the policy; undefined where none of its settings is. */
  readonly costRatioAtEqualOverload: number | undefined;
}

/** Points of a group's front; nothing where the oracle needs no tasks. */
export function pointsOf(rows: readonly Row[], group: string): readonly (CostPoint & { readonly row: Row })[] {
  return rows.flatMap((row) => {
    const { costRatio: cost, overloadedPct: overload } = row.figures;
    return row.group === group && cost !== null && overload !== null ? [{ cost, overload, row }] : [];
  });
}

export function comparisonsOf({ rows }: Sheet, isPolicy: (row: Row) => boolean): readonly Comparison[] {
  const swept = [...new Set(rows.map(({ group }) => group))].filter(
    (group) =>
      rows.filter((row) => row.group === group).length > 1 && !rows.some((row) => row.group === group && isPolicy(row)),
  );
  return rows
    .filter((row) => row.shown && isPolicy(row))
    .flatMap(({ name, figures: { costRatio, overloadedPct } }) => {
      if (costRatio === null || overloadedPct === null) return [];
      return swept.map((other) => {
        const points = pointsOf(rows, other);
        return {
          policy: name,
          other,
          overloadedPctAtEqualCost: overloadAt(points, costRatio),
          costRatioAtEqualOverload: costAt(points, overloadedPct),
        };
      });
    });
}
