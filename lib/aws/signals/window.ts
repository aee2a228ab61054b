/** The time a signal is read over: whole periods on the period's grid, none of them still able to change. */
import type { EpochMs, SignalSpec } from '../../policy/policy.ts';

/** End exclusive. */
export interface Window {
  readonly start: EpochMs;
  readonly end: EpochMs;
}

/** The last `periods` settled ones: each ended at least the publication delay ago. */
export function settledWindow(
  { periodSeconds, publicationDelaySeconds }: Pick<SignalSpec, 'periodSeconds' | 'publicationDelaySeconds'>,
  periods: number,
  now: EpochMs,
): Window {
  const period = periodSeconds * 1000;
  const end = Math.floor((now - publicationDelaySeconds * 1000) / period) * period;
  return { start: end - Math.max(1, periods) * period, end };
}
