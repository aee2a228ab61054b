/**
 * The breaker of a whole shard: AWS itself fails. Three ticks in a row in which ECS would not describe most services, or in which every
 * change met a fault of ECS, open it; a refusal does not, since that is about one service. Kept with the shard's rings.
 */
import { type Breaker, standingOf, withFailure } from '../policy/breaker.ts';
import type { Damping, Decided } from '../policy/decision.ts';
import { urgencyOf } from '../policy/groups.ts';
import type { EpochMs } from '../policy/policy.ts';
import type { Acted } from './act.ts';
import { isToBeSent, type Judged } from './judge.ts';

export interface ShardBreaker extends Breaker {
  /** What failed last: reading services ends it as soon as they are read again, changing them by a change that is tried. */
  readonly of: 'reads' | 'changes';
}

/** One service that fails is that service's own affair. */
const AT_LEAST = 2;

/** Open: nothing is changed. Half open: the most urgent change alone is tried. Shadows ask ECS for nothing and go on. */
export function heldByShard(judged: readonly Judged[], breaker: Breaker | undefined, now: EpochMs): readonly Judged[] {
  const standing = standingOf(breaker, now);
  if (breaker === undefined || standing === 'closed') return judged;
  const tried = standing === 'halfOpen' ? mostUrgent(judged) : undefined;
  return judged.map((one) =>
    one.kind === 'deciding' && one !== tried && isToBeSent(one)
      ? { ...one, decided: heldDecision(one.decided, breaker, standing, now) }
      : one,
  );
}

function mostUrgent(judged: readonly Judged[]): Judged | undefined {
  const urgency = (one: Judged) => (one.kind === 'deciding' ? urgencyOf(one.decided) : 0);
  return judged
    .filter(isToBeSent)
    .reduce<Judged | undefined>((most, one) => (most && urgency(most) >= urgency(one) ? most : one), undefined);
}

function heldDecision(decided: Decided, breaker: Breaker, standing: 'open' | 'halfOpen', now: EpochMs): Decided {
  const { from, to } = decided.decision;
  const { failures, what, openUntil = now } = breaker;
  const secondsLeft = Math.max(0, (openUntil - now) / 1000);
  const reason: Damping = {
    kind: 'breaker',
    scope: 'shard',
    standing,
    failures,
    what,
    secondsLeft,
    from: to,
    to: from,
  };
  return { ...decided, decision: { action: 'hold', from, to: from }, reasons: [...decided.reasons, reason] };
}

/** The breaker after a tick in which these were judged, and those of them that could be decided acted on. */
export function shardBreakerAfter(
  before: ShardBreaker | undefined,
  judged: readonly Judged[],
  acted: readonly Acted[],
  now: EpochMs,
): ShardBreaker | undefined {
  const unreadable = judged.filter((one) => one.kind === 'unserved' && one.outcome === 'unreadable').length;
  if (unreadable >= AT_LEAST && unreadable * 2 > judged.length) {
    const what = `ECS would not describe ${unreadable} of ${judged.length} services`;
    return { ...withFailure(before, now, what), of: 'reads' };
  }
  const faults = acted.filter(({ outcome }) => outcome === 'retryable');
  if (acted.some(({ outcome }) => outcome === 'changed')) return undefined;
  const isTried = standingOf(before, now) === 'halfOpen';
  if (faults.length >= AT_LEAST || (isTried && faults.length > 0)) {
    const what = `every change failed, the last with ${faults.at(-1)?.error}`;
    return { ...withFailure(before, now, what), of: 'changes' };
  }
  return before?.of === 'reads' && judged.length > 0 ? undefined : before;
}

/** Of services and of the shard, those that are open or half open. */
export function breakersOpen(acted: readonly Acted[], shard: ShardBreaker | undefined): number {
  const own = acted.filter(({ state }) => state.breaker?.openUntil !== undefined).length;
  return own + (shard?.openUntil === undefined ? 0 : 1);
}
