/** Keeps virtual time at a multiple of real time. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EpochMs } from '../policy/policy.ts';

/** Waits until real time has come as far as virtual `now`; at once where it already has. */
export type Pace = (now: EpochMs, abort: AbortSignal) => Promise<void>;

/** @param speed virtual seconds for each real one; Infinity: no waiting */
export function paceOf(speed: number, startsAt: EpochMs): Pace {
  const began = performance.now();
  return async (now, abort) => {
    const wait = (now - startsAt) / speed - (performance.now() - began);
    // A timer under a millisecond costs more than it waits.
    if (wait >= 1) await sleep(wait, undefined, { signal: abort });
  };
}
