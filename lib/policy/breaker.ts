/**
 * The breaker: after three failures in a row it opens, and nothing is changed while it is open. After a back-off that doubles each time
 * one change is tried; it opens again when that fails and closes when it succeeds. One for each service, and one for a whole shard.
 */
import type { EpochMs } from './policy.ts';
import type { ServiceState } from './state.ts';
import { hold, type Turn } from './turn.ts';

/** Plain JSON. Absent where nothing failed since the last success. */
export interface Breaker {
  /** In a row. */
  readonly failures: number;
  /** The last of them. */
  readonly at: EpochMs;
  /** One clause for the operator. */
  readonly what: string;
  /** Absent while it is closed. From then on one change is tried. */
  readonly openUntil?: EpochMs;
  readonly backOffSeconds?: number;
}

export const OPENS_AFTER = 3;
const BACK_OFF_SECONDS = Object.freeze({ first: 300, longest: 3600 });
const LONGEST_CLAUSE = 200;

export type Standing = 'closed' | 'open' | 'halfOpen';

export function standingOf(breaker: Breaker | undefined, now: EpochMs): Standing {
  if (breaker?.openUntil === undefined) return 'closed';
  return now < breaker.openUntil ? 'open' : 'halfOpen';
}

/** One more failure. The third opens it; so does the first after it was open. */
export function withFailure(breaker: Breaker | undefined, at: EpochMs, what: string): Breaker {
  const failures = (breaker?.failures ?? 0) + 1;
  const told = { failures, at, what: what.slice(0, LONGEST_CLAUSE) };
  const opens = failures >= OPENS_AFTER || breaker?.openUntil !== undefined;
  return opens ? opened(breaker, told) : told;
}

/** Opens whatever was counted before, as when somebody undoes our changes again and again. */
export function tripped(breaker: Breaker | undefined, at: EpochMs, what: string): Breaker {
  return opened(breaker, { failures: breaker?.failures ?? 0, at, what });
}

function opened(before: Breaker | undefined, told: Pick<Breaker, 'failures' | 'at' | 'what'>): Breaker {
  const { openUntil, backOffSeconds } = before ?? {};
  // What fails while it is open was sent before it opened, and says nothing new.
  if (openUntil !== undefined && backOffSeconds !== undefined && told.at < openUntil)
    return { ...told, openUntil, backOffSeconds };
  const seconds =
    backOffSeconds === undefined ? BACK_OFF_SECONDS.first : Math.min(2 * backOffSeconds, BACK_OFF_SECONDS.longest);
  return { ...told, openUntil: told.at + seconds * 1000, backOffSeconds: seconds };
}

/** The state after a change that failed. */
export function afterFailure<S extends Pick<ServiceState, 'breaker'>>(state: S, at: EpochMs, what: string): S {
  return { ...state, breaker: withFailure(state.breaker, at, what) };
}

/** Open: what was asked for is stated and not done, but for a count that a person asked for. Half open: one change, then wait for its end. */
export function holdWhileBroken(turn: Turn): Turn {
  const { breaker, lastChange } = turn.state;
  if (breaker?.openUntil === undefined || isAskedByPerson(turn)) return turn;
  const { failures, what, openUntil } = breaker;
  const common = { kind: 'breaker', failures, what, from: turn.proposal.count, to: turn.desired } as const;
  const secondsLeft = (openUntil - turn.now) / 1000;
  if (secondsLeft > 0) return hold(turn, { ...common, standing: 'open', secondsLeft });
  const isTrying = lastChange?.by === 'us' && lastChange.at >= openUntil && lastChange.verifiedAt === undefined;
  return isTrying ? hold(turn, { ...common, standing: 'halfOpen', secondsLeft: 0 }) : turn;
}

function isAskedByPerson({ overrides, proposal }: Turn): boolean {
  return proposal.direction !== 'hold' && overrides.some(({ set }) => 'tasks' in set && set.tasks === proposal.count);
}
