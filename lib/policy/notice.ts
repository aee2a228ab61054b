/** The first step: what happened to the service since the last decision. */
import type { Reason } from './decision.ts';
import { noticeDeployment } from './deployment.ts';
import { noticeCount } from './foreign.ts';
import { isKnown } from './grid.ts';
import { wasSilentAfter } from './series.ts';
import { withMeasuredStart } from './start-time.ts';
import type { CountEntry, ServiceState } from './state.ts';
import { gapMs, type Turn } from './turn.ts';
import { noticeOutcome } from './verify.ts';

export function notice(turn: Turn): Turn {
  return noticeBlindness(noticeOutcome(noticeCapacity(noticeDeployment(noticeCount(noticeGap(turn))))));
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

/** Tasks that were asked for and are now in service: the change is verified and its time learned. */
function noticeCapacity(turn: Turn): Turn {
  const { inService, desired, now } = turn;
  if (inService < desired) {
    return turn.state.shortSince === undefined ? { ...turn, state: { ...turn.state, shortSince: now } } : turn;
  }
  const whole = turn.state.shortSince === undefined ? turn : { ...turn, state: withoutShort(turn.state) };
  const { rings } = whole.state;
  if (rings.counts.every((entry) => entry[2] !== null)) return whole;
  const counts = rings.counts.map((entry): CountEntry => (entry[2] === null ? [entry[0], entry[1], now] : entry));
  const verified = { ...whole, state: { ...whole.state, rings: { ...rings, counts } } };
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
