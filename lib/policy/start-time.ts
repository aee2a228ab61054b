/** How long this service takes from `UpdateService` to the last new task in service: learned from its own changes. */

/** Believed until a service has shown its own times. */
export const ASSUMED_START_SECONDS = Object.freeze({ p50: 60, p95: 120 });
const ENOUGH = 3;
const KEEP = 20;

export interface StartSeconds {
  readonly p50: number;
  readonly p95: number;
}

/** A list of measurements is never written into, and many ticks in a row ask about the same one. */
const RANKS = new WeakMap<readonly number[], StartSeconds>();

/** Nearest ranks of what was measured; with fewer than three measurements never below what is assumed. */
export function startSecondsOf(measured: readonly number[]): StartSeconds {
  if (measured.length === 0) return ASSUMED_START_SECONDS;
  const known = RANKS.get(measured);
  if (known !== undefined) return known;
  const ranks = ranksOf(measured);
  RANKS.set(measured, ranks);
  return ranks;
}

function ranksOf(measured: readonly number[]): StartSeconds {
  const sorted = [...measured].sort((a, b) => a - b);
  const rank = (p: number) => sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? 0;
  const own = { p50: rank(0.5), p95: rank(0.95) };
  if (measured.length >= ENOUGH) return own;
  return { p50: Math.max(own.p50, ASSUMED_START_SECONDS.p50), p95: Math.max(own.p95, ASSUMED_START_SECONDS.p95) };
}

export function withMeasuredStart(measured: readonly number[], seconds: number): readonly number[] {
  return [...measured, Math.round(seconds)].slice(-KEEP);
}
