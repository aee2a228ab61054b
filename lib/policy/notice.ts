/** The first step: what happened to the service since the last decision. Foreign changes are adopted and named, never fought here. */
import { boundsAt } from './bounds.ts';
import { withCount } from './count.ts';
import type { Reason } from './decision.ts';
import { noticeDeployment } from './deployment.ts';
import { withReversal } from './reversals.ts';
import { isKnown, wasSilentAfter } from './series.ts';
import { startSecondsOf, withMeasuredStart } from './start-time.ts';
import type { CountEntry, ServiceState } from './state.ts';
import { gapMs, type Turn } from './turn.ts';
import { noticeOutcome } from './verify.ts';

/** Reads of ECS may show the count from before a write for so long. */
export const WRITE_VISIBLE_MS = 30_000;
/** A count outside the bounds that somebody else set stands for so long. */
const FOREIGN_STANDS_MS = 3_600_000;

export function notice(turn: Turn): Turn {
  const start = turn.observation.service.startSeconds ?? startSecondsOf(turn.state.startSeconds);
  return noticeBlindness(noticeOutcome(noticeCapacity(noticeDeployment(noticeCount(noticeGap({ ...turn, start }))))));
}

/** A lost tick may have known what nobody knew before and after it: such a spell of not knowing begins anew. */
function noticeGap(turn: Turn): Turn {
  const { state, now, policy, window } = turn;
  const last = state.rings.wishes[state.rings.wishes.length - 1]?.[0];
  if (last === undefined || now - last <= gapMs(policy.cadenceSeconds)) return turn;
  const spells = Object.entries(state.unknownSince);
  const sure = spells.filter(([name]) => signalsOf(turn, name).every((signal) => wasSilentAfter(window, signal, last)));
  return sure.length === spells.length
    ? turn
    : { ...turn, state: { ...state, unknownSince: Object.fromEntries(sure) } };
}

/** The signals that a rule of scaleOut or a target needs. */
function signalsOf({ policy, conditions }: Turn, voter: string): readonly string[] {
  const index = policy.scaleOut.findIndex(({ name }) => name === voter);
  if (index >= 0) return conditions.scaleOut[index]?.signals ?? [];
  return policy.targets.filter(({ name }) => name === voter).map(({ signal }) => signal);
}

function noticeCount(before: Turn): Turn {
  const turn = withLastChange(before);
  const { state, now } = turn;
  const observed = turn.observation.service.desired;
  const last = state.rings.counts[state.rings.counts.length - 1];
  if (last === undefined) return withCounts({ ...turn, desired: observed }, withCount([], now, observed));
  const known = last[1];
  if (observed === known || isFromBefore(state, observed, now))
    return turn.desired === known ? turn : { ...turn, desired: known };
  const { min, max } = boundsAt(turn.policy, turn.overrides, now, turn.start);
  const outside = observed < min.tasks || observed > max.tasks;
  const { foreignUntil: _, ...rest } = state;
  const change = { at: now, from: known, to: observed, by: 'foreign' } as const;
  const adopted: ServiceState = {
    ...rest,
    lastChange: change,
    ...(outside ? { foreignUntil: now + FOREIGN_STANDS_MS } : {}),
  };
  const reason: Reason = { kind: 'foreignChange', from: known, to: observed };
  const isTemplate = turn.observation.service.deploying === true;
  const counted = isTemplate ? adopted : withReversal(adopted, state.lastChange, change);
  const next = { ...turn, desired: observed, state: counted, reasons: [...turn.reasons, reason] };
  return withCounts(next, withCount(state.rings.counts, now, observed));
}

/** A count that was replaced a moment ago, by us or others: reads may show any of the last writes as not yet made. */
function isFromBefore({ rings }: ServiceState, observed: number, now: number): boolean {
  return rings.counts.some(([, desired], index) => {
    const replacedAt = rings.counts[index + 1]?.[0];
    return desired === observed && replacedAt !== undefined && now - replacedAt < WRITE_VISIBLE_MS;
  });
}

/**
 * The ring is written once a tick, after the changes and by whoever comes first: it may lack the last change, and a count that was found
 * with it. The change lies in the state that one alone may write.
 */
function withLastChange(turn: Turn): Turn {
  const { lastChange, rings } = turn.state;
  const last = rings.counts[rings.counts.length - 1];
  if (lastChange === undefined || last?.[1] === lastChange.to) return turn;
  const { from, to } = lastChange;
  const at = Math.max(lastChange.at, last?.[0] ?? 0);
  const found = last?.[1] === from ? rings.counts : withCount(rings.counts, at, from);
  return withCounts(turn, withCount(found, at, to));
}

function withCounts(turn: Turn, counts: readonly CountEntry[]): Turn {
  return { ...turn, state: { ...turn.state, rings: { ...turn.state.rings, counts } } };
}

/** Tasks that were asked for and are now in service: the change is verified and its time learned. */
function noticeCapacity(turn: Turn): Turn {
  const { inService, desired, now } = turn;
  if (inService < desired) {
    return turn.state.shortSince === undefined ? { ...turn, state: { ...turn.state, shortSince: now } } : turn;
  }
  const whole = turn.state.shortSince === undefined ? turn : { ...turn, state: withoutShort(turn.state) };
  const { counts } = whole.state.rings;
  if (counts.every((entry) => entry[2] !== null)) return whole;
  const verified = withCounts(
    whole,
    counts.map((entry) => (entry[2] === null ? [entry[0], entry[1], now] : entry)),
  );
  const change = verified.state.lastChange;
  if (change === undefined || change.verifiedAt !== undefined || change.to <= change.from) return verified;
  const known = { ...verified.state, lastChange: { ...change, verifiedAt: now } };
  if (change.by === 'foreign') return { ...verified, state: known };
  const afterSeconds = (now - change.at) / 1000;
  // What took longer than anybody believes it could was waiting for room, and says no more about starting than that.
  const took = Math.min(afterSeconds, 2 * turn.start.p95);
  const state = { ...known, startSeconds: withMeasuredStart(known.startSeconds, took) };
  const reason: Reason = { kind: 'verified', to: change.to, afterSeconds };
  return { ...verified, state, reasons: [...verified.reasons, reason] };
}

function withoutShort({ shortSince: _, ...full }: ServiceState): ServiceState {
  return full;
}

function noticeBlindness(turn: Turn): Turn {
  const { window, state } = turn;
  const names = Object.keys(window.series);
  const blind = names.length > 0 && !names.some((name) => isKnown(window, name));
  if (blind === (state.blindSince !== undefined)) return turn;
  return { ...turn, state: blind ? { ...state, blindSince: turn.now } : withoutBlind(state) };
}

function withoutBlind({ blindSince: _, ...seeing }: ServiceState): ServiceState {
  return seeing;
}
