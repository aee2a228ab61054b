/** How long tasks of the real service take to start, learned from the increases that others make: nobody else tells us. */
import type { ServiceObservation } from '../policy/observation.ts';
import type { EpochMs } from '../policy/policy.ts';
import { type StartSeconds, startSecondsOf, withMeasuredStart } from '../policy/start-time.ts';

/** The real service at the last look, as far as its counts move on their own. */
export interface RealCount {
  readonly desired: number;
  /** The newest desired count that was in service; what runs is measured against it. */
  readonly inForce: number;
  /** An increase was seen then, and not all of its tasks are in service. */
  readonly risingSince?: EpochMs;
}

export interface RealLook {
  readonly real: RealCount;
  /** Seconds, newest last. */
  readonly startSeconds: readonly number[];
}

/** What is in service, as far as it is known. */
export function servingOf({ running, inService }: ServiceObservation): number {
  return inService ?? running;
}

/** A service seen for the first time: what is missing now is starting. */
export function firstLook(service: ServiceObservation): RealCount {
  return { desired: service.desired, inForce: Math.min(service.desired, servingOf(service)) };
}

/**
 * Both ends are seen up to one cadence late, so their difference is right on average; an increase whose tasks all serve at the first look
 * took less than a cadence, and counts as half of one. A decrease or a deployment in between measures something else.
 * @param ranBefore tasks that ran at the look before
 */
export function lookAtReal(
  before: RealLook,
  service: ServiceObservation,
  ranBefore: number,
  cadenceSeconds: number,
  now: EpochMs,
): RealLook {
  const { desired } = service;
  const whole = servingOf(service) >= desired;
  const inForce = whole || desired < before.real.inForce ? desired : before.real.inForce;
  const since = risingSince(before.real, service, ranBefore, now);
  if (since === undefined || !whole) {
    return {
      real: { desired, inForce, ...(since === undefined || whole ? {} : { risingSince: since }) },
      startSeconds: before.startSeconds,
    };
  }
  const longest = 2 * startSecondsOf(before.startSeconds).p95;
  const took = Math.min(Math.max(cadenceSeconds / 2, (now - since) / 1000), longest);
  return { real: { desired, inForce }, startSeconds: withMeasuredStart(before.startSeconds, took) };
}

function risingSince(
  before: RealCount,
  { desired, deploying }: ServiceObservation,
  ranBefore: number,
  now: EpochMs,
): EpochMs | undefined {
  if (deploying === true || desired < before.desired) return undefined;
  if (desired === before.desired) return before.risingSince;
  return ranBefore >= desired ? undefined : now;
}

/** ECS has found no room for the real service's own tasks for so long that it would have found none for the virtual one's. */
export function isStuck({ risingSince: since }: RealCount, start: StartSeconds, now: EpochMs): boolean {
  return since !== undefined && now - since > 2000 * start.p95;
}
