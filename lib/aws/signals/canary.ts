/**
 * Is a number from one source the number it seems to be? A percentile from buckets, or a metric that was read another way, is compared with
 * the same thing from a source one trusts, on one service, before a fleet relies on it.
 */
import type { Reading } from '../../policy/observation.ts';

export interface Agreement {
  /** Periods that both have. */
  readonly periods: number;
  /** Largest difference, as a share of the trusted value; NaN without a period. */
  readonly worst: number;
  readonly agrees: boolean;
  /** One clause for the operator. */
  readonly because: string;
}

/** As many periods as say something. */
const LEAST_PERIODS = 3;

/** @param tolerance share of the trusted value by which the other may differ: for a percentile from buckets, the width of one */
export function agreementOf(other: Reading, trusted: Reading, tolerance: number): Agreement {
  const values = new Map(trusted.values.map(([at, value]) => [at, value]));
  const differences = other.values.flatMap(([at, value]) => {
    const right = values.get(at);
    if (right === undefined) return [];
    return [right === value ? 0 : Math.abs(value - right) / Math.abs(right)];
  });
  const periods = differences.length;
  const worst = periods === 0 ? Number.NaN : Math.max(...differences);
  const not = (because: string): Agreement => ({ periods, worst, agrees: false, because });
  for (const reading of [trusted, other]) {
    if (reading.status !== 'complete') return not(reading.cause ?? `a source answered ${reading.status}`);
  }
  if (periods < LEAST_PERIODS) return not(`both have ${periods} periods in common, and ${LEAST_PERIODS} are needed`);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const because = `over ${periods} periods they differ by at most ${percent(worst)}, and ${percent(tolerance)} may be`;
  return { periods, worst, agrees: worst <= tolerance, because };
}
