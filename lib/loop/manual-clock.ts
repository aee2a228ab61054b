/** A clock that stands until somebody moves it: for tests and for virtual time. */
import type { EpochMs } from '../policy/policy.ts';
import type { Clock } from './ports.ts';

export interface ManualClock extends Clock {
  /** Also backwards, as a machine's clock may be set. */
  set(at: EpochMs): void;
  advance(milliseconds: number): void;
}

export function manualClock(startsAt: EpochMs): ManualClock {
  let at = startsAt;
  return {
    now: () => at,
    set: (to) => {
      at = to;
    },
    advance: (milliseconds) => {
      at += milliseconds;
    },
  };
}
