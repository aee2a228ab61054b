/**
 * Our share of the account's reads of services. DescribeServices and ListServices take 20 calls a second with bursts of 100, shared by
 * everybody in the account and Region; 40 % of it stays with consoles, deployments and whoever looks on. What does not fit waits its turn.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Budget, type BudgetLimits, refilled } from '../loop/budget.ts';
import type { Clock } from '../loop/ports.ts';

/** 60 % of what AWS allows. Source: "Request throttling for the Amazon ECS API", service read. */
export const DESCRIBE_LIMITS: BudgetLimits = Object.freeze({ burst: 60, perSecond: 12 });

/** Resolves when a call may go out; rejects with the abort's reason. */
export type Pace = (abort: AbortSignal) => Promise<void>;

export const unpaced: Pace = async () => undefined;

/** Each call takes a token; one that is not there yet is owed, and waited for: whoever asks first goes first. */
export function describePace(shards: number, clock: Pick<Clock, 'now'>, wait = waitMs): Pace {
  const limits = { burst: DESCRIBE_LIMITS.burst / shards, perSecond: DESCRIBE_LIMITS.perSecond / shards };
  let bucket: Budget | undefined;
  return async (abort) => {
    abort.throwIfAborted();
    const full = refilled(bucket, clock.now(), limits);
    bucket = { ...full, tokens: full.tokens - 1 };
    if (bucket.tokens < 0) await wait((-bucket.tokens / limits.perSecond) * 1000, abort);
  };
}

async function waitMs(ms: number, abort: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: abort });
  } catch (error) {
    abort.throwIfAborted();
    throw error;
  }
}
