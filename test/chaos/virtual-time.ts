/** Time that passes only from one event to the next. Between two events every promise that can go on has gone on. */
import type { EpochMs } from '../../lib/policy/policy.ts';

export interface VirtualTime {
  now(): EpochMs;
  /** Of several at the same moment the first asked for is the first done. */
  at(when: EpochMs, action: () => void): void;
  runUntil(end: EpochMs): Promise<void>;
}

interface Planned {
  readonly when: EpochMs;
  readonly action: () => void;
}

export function virtualTime(startsAt: EpochMs): VirtualTime {
  const planned: Planned[] = [];
  let now = startsAt;
  return {
    now: () => now,
    at(when, action) {
      const later = planned.findIndex((one) => one.when > when);
      planned.splice(later < 0 ? planned.length : later, 0, { when: Math.max(when, now), action });
    },
    async runUntil(end) {
      for (let next = planned[0]; next !== undefined && next.when <= end; next = planned[0]) {
        planned.shift();
        now = next.when;
        next.action();
        await allThatCanGoOn();
      }
      now = Math.max(now, end);
    },
  };
}

/** Node runs the next tick when the queue of microtasks is empty. */
function allThatCanGoOn(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
