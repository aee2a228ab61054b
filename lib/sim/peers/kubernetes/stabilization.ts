/** Recommendations of the past, and what they allow now. */
import type { EpochMs } from '../../../policy/policy.ts';

export interface Recommendation {
  readonly at: EpochMs;
  readonly count: number;
}

export interface Stabilized {
  readonly count: number;
  readonly log: readonly Recommendation[];
}

export interface Windows {
  readonly upSeconds: number;
  readonly downSeconds: number;
}

/** With behaviour: an increase must have been wanted for the whole up window, a decrease for the whole down window. */
export function stabilize(
  log: readonly Recommendation[],
  desired: number,
  current: number,
  now: EpochMs,
  windows: Windows,
): Stabilized {
  let up = desired;
  let down = desired;
  for (const { at, count } of log) {
    if (now - at < windows.upSeconds * 1000) up = Math.min(up, count);
    if (now - at < windows.downSeconds * 1000) down = Math.max(down, count);
  }
  const longest = Math.max(windows.upSeconds, windows.downSeconds) * 1000;
  return {
    count: Math.min(Math.max(current, up), down),
    log: replacedLast(log, { at: now, count: desired }, ({ at }) => now - at >= longest),
  };
}

/** Without behaviour: the largest recommendation of the window, for decreases only by its nature. */
export function stabilizeDownscale(
  log: readonly Recommendation[],
  desired: number,
  now: EpochMs,
  windowSeconds: number,
): Stabilized {
  const isOld = ({ at }: Recommendation) => now - at > windowSeconds * 1000;
  const recent = log.filter((entry) => !isOld(entry)).map(({ count }) => count);
  return { count: Math.max(desired, ...recent), log: replacedLast(log, { at: now, count: desired }, isOld) };
}

/** The list with its last outdated entry replaced, or with one more. */
export function replacedLast<T>(list: readonly T[], entry: T, isOutdated: (old: T) => boolean): readonly T[] {
  const index = list.findLastIndex(isOutdated);
  return index === -1 ? [...list, entry] : list.with(index, entry);
}
