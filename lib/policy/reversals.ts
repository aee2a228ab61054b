/** Two scalers on one service: whoever undoes our changes again and again is given way to, and named for what he does. */
import { type Breaker, standingOf, tripped } from './breaker.ts';
import type { PastChange, ServiceState } from './state.ts';

const SOMEBODY = 'somebody else';
const undoing = (principal: string) => `${principal} undoes our changes`;

const OPENS_AFTER = 3;
const WITHIN_MS = 1_800_000;

/**
 * A foreign change right after one of ours, the other way: the third within half an hour opens the breaker, and while one change is tried
 * the first does. What a deployment's template resets is not counted: that is undone up to what the load needs.
 */
export function withReversal(state: ServiceState, ours: PastChange | undefined, foreign: PastChange): ServiceState {
  const { reversals: before = [], ...rest } = state;
  const at = foreign.at;
  const recent = before.filter((one) => at - one < WITHIN_MS);
  const isReversal =
    ours?.by === 'us' &&
    at - ours.at < WITHIN_MS &&
    Math.sign(ours.to - ours.from) === Math.sign(foreign.from - foreign.to);
  const reversals = isReversal ? [...recent, at] : recent;
  const opens = isReversal && (reversals.length >= OPENS_AFTER || standingOf(state.breaker, at) === 'halfOpen');
  if (opens) return { ...rest, breaker: tripped(state.breaker, at, undoing(foreign.principal ?? SOMEBODY)) };
  return reversals.length === 0 ? rest : { ...rest, reversals };
}

/** The breaker that somebody opened, when it is known who; undefined where nobody did. */
export function breakerNaming(breaker: Breaker | undefined, principal: string): Breaker | undefined {
  return breaker?.what === undoing(SOMEBODY) ? { ...breaker, what: undoing(principal) } : undefined;
}
