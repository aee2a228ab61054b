/**
 * Our share of the account's UpdateService calls. AWS allows 5 a second with bursts of 50, shared by everybody in the account and Region;
 * at least 40 % of it stays with people's own deployments and rollbacks. A token bucket, plain data, kept with the shard's rings.
 */
import type { EpochMs } from '../policy/policy.ts';

export interface Budget {
  readonly tokens: number;
  readonly at: EpochMs;
}

export interface BudgetLimits {
  readonly burst: number;
  readonly perSecond: number;
}

/** 60 % of what AWS allows. */
const UPDATE_LIMITS: BudgetLimits = Object.freeze({ burst: 30, perSecond: 3 });

/** What one of `shards` may take, so that together they stay within the limits. */
export function limitsOfShard(shards: number): BudgetLimits {
  const { burst, perSecond } = UPDATE_LIMITS;
  // Never below one: a bucket that holds less than a call lets none through.
  return { burst: Math.max(1, burst / shards), perSecond: perSecond / shards };
}

/** The budget at `now`; a full one where none is known. A clock that went backwards refills nothing. */
export function refilled(budget: Budget | undefined, now: EpochMs, limits: BudgetLimits = UPDATE_LIMITS): Budget {
  if (budget === undefined) return { tokens: limits.burst, at: now };
  const seconds = Math.max(0, now - budget.at) / 1000;
  return { tokens: Math.min(limits.burst, budget.tokens + seconds * limits.perSecond), at: Math.max(now, budget.at) };
}

/** The budget less one call, or undefined where there is none left. */
export function spend(budget: Budget): Budget | undefined {
  return budget.tokens >= 1 ? { ...budget, tokens: budget.tokens - 1 } : undefined;
}
