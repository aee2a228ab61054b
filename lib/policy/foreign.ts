/** Counts that somebody else set: adopted and named, never fought here. */
import { boundsAt } from './bounds.ts';
import { withCount } from './count.ts';
import type { Reason } from './decision.ts';
import type { ForeignUpdate } from './observation.ts';
import type { EpochMs } from './policy.ts';
import { breakerNaming, withReversal } from './reversals.ts';
import type { CountEntry, PastChange, ServiceState } from './state.ts';
import { because, type Turn } from './turn.ts';

/** Reads of ECS may show the count from before a write for so long. */
export const WRITE_VISIBLE_MS = 30_000;
/** A count outside the bounds that somebody else set stands for so long. */
const FOREIGN_STANDS_MS = 3_600_000;
/** CloudTrail tells of a call within minutes; of one that is further from the change it is not known to be the one. */
const NAMED_WITHIN_MS = 900_000;

export function noticeCount(before: Turn): Turn {
  const turn = withLateName(withHeardUpdate(withLastChange(before)));
  const { state, now } = turn;
  const observed = turn.observation.service.desired;
  const last = state.rings.counts[state.rings.counts.length - 1];
  if (last === undefined) return withCounts({ ...turn, desired: observed }, withCount([], now, observed));
  const known = last[1];
  if (observed === known || isFromBefore(state, observed, now))
    return turn.desired === known ? turn : { ...turn, desired: known };
  return adopted(turn, known, observed);
}

function adopted(turn: Turn, known: number, observed: number): Turn {
  const { state, now } = turn;
  const { min, max } = boundsAt(turn.policy, turn.overrides, now, turn.start);
  const outside = observed < min.tasks || observed > max.tasks;
  const by = whoSet(state.foreignUpdate, observed, now);
  const change: PastChange = {
    ...{ at: now, from: known, to: observed, by: 'foreign' },
    ...(by === undefined ? {} : { principal: by }),
  };
  const { foreignUntil: _, ...rest } = state;
  const taken: ServiceState = {
    ...rest,
    lastChange: change,
    ...(outside ? { foreignUntil: now + FOREIGN_STANDS_MS } : {}),
  };
  const isTemplate = turn.observation.service.deploying === true;
  const counted = isTemplate ? taken : withReversal(taken, state.lastChange, change);
  const who = by === undefined ? {} : { principal: by };
  const reason: Reason = { kind: 'foreignChange', from: known, to: observed, ...who };
  const next = because({ ...turn, desired: observed, state: counted }, reason);
  return withCounts(next, withCount(state.rings.counts, now, observed));
}

/** A count that was replaced a moment ago, by us or others: reads may show any of the last writes as not yet made. */
function isFromBefore({ rings }: ServiceState, observed: number, now: EpochMs): boolean {
  return rings.counts.some(([, desired], index) => {
    const replacedAt = rings.counts[index + 1]?.[0];
    return desired === observed && replacedAt !== undefined && now - replacedAt < WRITE_VISIBLE_MS;
  });
}

/**
 * The ring is written once a tick, after the changes and by whoever comes first: it may lack the last change, and a count that was found
 * with it. The change lies in the state that one alone may write. The same count at the end of the ring may be from an earlier time.
 */
function withLastChange(turn: Turn): Turn {
  const { lastChange, rings } = turn.state;
  const last = rings.counts[rings.counts.length - 1];
  if (lastChange === undefined) return turn;
  const { from, to } = lastChange;
  if (last !== undefined && last[1] === to && last[0] >= lastChange.at) return turn;
  const at = Math.max(lastChange.at, last?.[0] ?? 0);
  const found = last?.[1] === from ? rings.counts : withCount(rings.counts, at, from);
  return withCounts(turn, withCount(found, at, to));
}

/** Word of a call may come before ECS shows what it did, so the last one is kept. */
function withHeardUpdate(turn: Turn): Turn {
  const { update } = turn.observation.service;
  const { foreignUpdate } = turn.state;
  if (update === undefined || (foreignUpdate !== undefined && foreignUpdate.at >= update.at)) return turn;
  return { ...turn, state: { ...turn.state, foreignUpdate: update } };
}

/** Word of a call may also come after what it did was seen: the change gets its name then, and so does the breaker that it opened. */
function withLateName(turn: Turn): Turn {
  const { lastChange, foreignUpdate, breaker } = turn.state;
  if (lastChange?.by !== 'foreign' || lastChange.principal !== undefined) return turn;
  const principal = whoSet(foreignUpdate, lastChange.to, lastChange.at);
  if (principal === undefined) return turn;
  const named = breakerNaming(breaker, principal);
  const state = { ...turn.state, lastChange: { ...lastChange, principal }, ...(named ? { breaker: named } : {}) };
  const { from, to } = lastChange;
  return because({ ...turn, state }, { kind: 'foreignNamed', from, to, principal });
}

function whoSet(update: ForeignUpdate | undefined, desired: number, at: EpochMs): string | undefined {
  if (update === undefined || update.desired !== desired) return undefined;
  return Math.abs(at - update.at) <= NAMED_WITHIN_MS ? update.principal : undefined;
}

function withCounts(turn: Turn, counts: readonly CountEntry[]): Turn {
  return { ...turn, state: { ...turn.state, rings: { ...turn.state.rings, counts } } };
}
