/**
 * Cost against overload. One point proves nothing: whoever aims lower pays more and is overloaded less. So each scaler's target is swept, and
 * scalers are compared where they cost the same, and where they are overloaded the same.
 */

export interface CostPoint {
  readonly cost: number;
  readonly overload: number;
}

/** The points that no other point beats in both, cheapest first: cost rises, overload falls. */
export function frontOf<Point extends CostPoint>(points: readonly Point[]): readonly Point[] {
  const sorted = [...points].sort((a, b) => a.cost - b.cost || a.overload - b.overload);
  const front: Point[] = [];
  for (const point of sorted) {
    if (point.overload < (front.at(-1)?.overload ?? Number.POSITIVE_INFINITY)) front.push(point);
  }
  return front;
}

/**
 * What a scaler is overloaded where it costs `cost`: between two of its settings in proportion, beyond its dearest setting what that one
 * is. Undefined below its cheapest setting: nobody knows what it would do for so little.
 */
export function overloadAt(points: readonly CostPoint[], cost: number): number | undefined {
  return between(frontOf(points), cost, 'cost', 'overload');
}

/** What a scaler costs where it is overloaded no more than `overload`; undefined where none of its settings is. */
export function costAt(points: readonly CostPoint[], overload: number): number | undefined {
  return between([...frontOf(points)].reverse(), overload, 'overload', 'cost');
}

/** `points` ascend in `known` and descend in `wanted`. */
function between(
  points: readonly CostPoint[],
  at: number,
  known: keyof CostPoint,
  wanted: keyof CostPoint,
): number | undefined {
  const above = points.findIndex((point) => point[known] > at);
  if (above === 0) return undefined;
  const left = points[(above < 0 ? points.length : above) - 1];
  const right = above < 0 ? undefined : points[above];
  if (left === undefined || right === undefined) return left?.[wanted];
  const part = (at - left[known]) / (right[known] - left[known]);
  return left[wanted] + part * (right[wanted] - left[wanted]);
}
