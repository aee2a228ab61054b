/**
 * The decision. Numbers in, numbers out: no clock, no AWS, no await.
 *
 * `ORDER` is the algorithm. Each step hands on a turn with a proposal that it let pass, made smaller, or held, and says why.
 */
import { bound, freeze, override, raiseOnSchedule, raiseWhenBlind } from './bounds.ts';
import { holdWhileBroken } from './breaker.ts';
import { combine, vote } from './combine.ts';
import { compiled } from './compiled.ts';
import { withCount } from './count.ts';
import { coolDown, limitStep, refuseUnplaceable, stabilize } from './damping.ts';
import type { Decided, RuleVote } from './decision.ts';
import { heedDeployment } from './deployment.ts';
import { withEffort } from './efforts.ts';
import { notice } from './notice.ts';
import type { Observation } from './observation.ts';
import type { EpochMs, Override, ServicePolicy } from './policy.ts';
import { windowOf } from './series.ts';
import { scheduleKey, withKept } from './spent.ts';
import { startSecondsOf } from './start-time.ts';
import type { ServiceState } from './state.ts';
import type { Step, Turn } from './turn.ts';

export const ORDER: readonly Step[] = [
  notice, // what happened since: foreign changes, capacity that arrived, blindness
  vote, // every rule and target: out, in, hold or abstain
  combine, // the largest out; in only if nobody objects and no guard forbids
  refuseUnplaceable, // what ECS cannot place is neither raised nor cut
  stabilize, // in: the largest wish of the window
  coolDown, // one wait for out, one for in
  limitStep, // no giant leaps
  raiseOnSchedule, // a schedule's count, once
  freeze, // windows in which nothing moves
  raiseWhenBlind, // long blindness raises to a floor
  heedDeployment, // a rollout has the first word on the count
  override, // a human's word
  bound, // min and max, always
  holdWhileBroken, // what fails again and again is not tried again at once
];

/**
 * Decides one service at one moment.
 * @param state what the last decision returned (after `acknowledge` where it was acted on); `EMPTY_STATE` at first
 * @returns the decision, every reason as data, and the state to remember whether or not anybody acts
 */
export function decide(
  policy: ServicePolicy,
  state: ServiceState,
  observation: Observation,
  now: EpochMs,
  overrides: readonly Override[] = [],
): Decided {
  const { service } = observation;
  let turn: Turn = {
    policy,
    conditions: compiled(policy),
    observation,
    overrides: overrides.filter(({ expiresAt }) => expiresAt > now),
    window: windowOf(policy, observation, now),
    now,
    start: service.startSeconds ?? startSecondsOf(state.startSeconds),
    desired: service.desired,
    inService: Math.max(
      0,
      (service.inService ?? service.running) - (service.inService === undefined ? (service.unhealthy ?? 0) : 0),
    ),
    proposal: { direction: 'hold', count: service.desired },
    reasons: [],
    state,
  };
  for (const step of ORDER) turn = step(turn);
  const { direction, count, by } = turn.proposal;
  const decision = { action: direction, from: turn.desired, to: count } as const;
  const { reasons, state: after } = turn;
  return by === undefined ? { decision, reasons, state: after } : { decision, reasons, state: after, by };
}

/** The state after AWS said yes to a decision at `at`: cooldowns start, the evidence is spent, the rules that spoke wait. */
export function acknowledge(policy: ServicePolicy, decided: Decided, at: EpochMs): ServiceState {
  const { decision, reasons, state } = decided;
  if (decision.action === 'hold') return state;
  const spoke = reasons.filter(
    (reason): reason is RuleVote => reason.kind === 'vote' && reason.vote === decision.action,
  );
  const acted = spoke.flatMap(({ name, list, evidenceAt }) =>
    list === 'targets' || evidenceAt === undefined ? [] : [[name, evidenceAt] as const],
  );
  const opened = reasons.flatMap((one) =>
    one.kind === 'schedule' ? [[scheduleKey(one.name), one.startsAt] as const] : [],
  );
  const waits = [...policy.scaleOut, ...policy.scaleIn].flatMap(({ name, thenWaitSeconds }) =>
    thenWaitSeconds > 0 && acted.some(([one]) => one === name) ? [[name, at + thenWaitSeconds * 1000] as const] : [],
  );
  const waiting = Object.fromEntries(Object.entries(state.waitUntil).filter(([, until]) => until > at));
  const { foreignUntil: _, ...rest } = state;
  return {
    ...rest,
    ...withEffort(policy, decided),
    actedOn: withKept(state.actedOn, ...acted, ...opened),
    waitUntil: withKept(waiting, ...waits),
    lastChange: {
      at,
      from: decision.from,
      to: decision.to,
      by: 'us',
      ...(decided.by === undefined ? {} : { rule: decided.by }),
    },
    ...(decision.action === 'out' ? { lastOutAt: at } : { lastInAt: at }),
    rings: { ...state.rings, counts: withCount(state.rings.counts, at, decision.to) },
  };
}
