/** The ratio at the heart of the horizontal pod autoscaler, and the band in which it does nothing. */

/** Fractions; both ends of the band belong to it. */
export interface Tolerance {
  readonly up: number;
  readonly down: number;
}

export const DEFAULT_TOLERANCE: Tolerance = { up: 0.1, down: 0.1 };

/** What one metric asks for. An error is no number, and no zero. */
export type Proposal =
  | { readonly kind: 'replicas'; readonly count: number }
  | { readonly kind: 'error'; readonly why: string };

const MOST_REPLICAS = 2 ** 31 - 1;

export function isWithin(ratio: number, { up, down }: Tolerance): boolean {
  return 1 - down <= ratio && ratio <= 1 + up;
}

export function replicas(count: number): Proposal {
  return { kind: 'replicas', count: Math.min(MOST_REPLICAS, count) };
}

export interface TotalMetric {
  /** Of the whole service. */
  readonly total: number;
  readonly current: number;
  readonly tolerance: Tolerance;
}

/** A total that all replicas share ("value"): moves with the number of replicas that are running and ready. */
export function replicasForValue({ total, current, tolerance }: TotalMetric, target: number, ready: number): Proposal {
  const ratio = total / target;
  if (current === 0) return replicas(Math.ceil(ratio));
  return replicas(isWithin(ratio, tolerance) ? current : Math.ceil(ratio * ready));
}

/** So much per replica ("averageValue"): does not depend on who is ready. */
export function replicasForAverageValue(
  { total, current, tolerance }: TotalMetric,
  targetPerReplica: number,
): Proposal {
  const ratio = total / (targetPerReplica * current);
  return replicas(isWithin(ratio, tolerance) ? current : Math.ceil(total / targetPerReplica));
}
