/** Stabilize, cool down, limit the step: what keeps one wish from becoming a swing. Each either lets a proposal pass, smaller, or holds. */
import { mostOf } from './combine.ts';
import { desiredAt } from './count.ts';
import type { RuleVote } from './decision.ts';
import type { EpochMs, ServicePolicy } from './policy.ts';
import type { Rings } from './state.ts';
import { gapMs, hold, propose, type Turn } from './turn.ts';

/** More tasks were asked for long ago than are in service: ECS cannot place them. Never pile on, never cut what it is trying to start. */
export function refuseUnplaceable(turn: Turn): Turn {
  const believedMs = 2 * turn.start.p95 * 1000;
  const { shortSince, rings, lastChange } = turn.state;
  if (shortSince === undefined) return turn;
  const isGivenUp = lastChange?.unverifiedAt !== undefined && lastChange.verifiedAt === undefined;
  if (!isGivenUp && turn.now - shortSince < believedMs) return turn;
  const askedLongAgo = Math.min(desiredAt(rings.counts, turn.now - believedMs) ?? turn.desired, turn.desired);
  const missing = (isGivenUp ? turn.desired : askedLongAgo) - turn.inService;
  if (missing <= 0) return turn;
  const since = isGivenUp ? Math.min(shortSince, lastChange.at) : shortSince;
  const sinceSeconds = (turn.now - since) / 1000;
  return hold(turn, { kind: 'unplaceable', missing, sinceSeconds, from: turn.proposal.count, to: turn.desired });
}

/** In: the largest wish of the window counts. Out: the smallest. A gap in the wishes counts as the present count. */
export function stabilize(turn: Turn): Turn {
  const wish = turn.proposal.count;
  const { proposal, policy, state, now, desired } = turn;
  const wishes = withWish(state.rings.wishes, now, wish, now - keepMs(policy));
  const remembered: Turn = { ...turn, state: { ...state, rings: { ...state.rings, wishes } } };
  if (proposal.direction === 'hold') return remembered;
  const windowSeconds = policy.pace[proposal.direction].stabilizationSeconds;
  if (windowSeconds === 0) return remembered;
  const within = wishes.filter(([at]) => at > now - windowSeconds * 1000);
  const gapless = coversWindow(wishes, now, windowSeconds, policy.cadenceSeconds);
  const values = within.map(([, value]) => value);
  const extreme =
    proposal.direction === 'in'
      ? Math.max(...values, ...(gapless ? [] : [desired]))
      : Math.min(...values, ...(gapless ? [] : [desired]));
  const count = proposal.direction === 'in' ? Math.min(desired, extreme) : Math.max(desired, extreme);
  if (count === wish) return remembered;
  const secondsLeft = secondsUntilStable(within, wish, now, windowSeconds, proposal.direction);
  const reason = {
    kind: 'stabilized',
    direction: proposal.direction,
    windowSeconds,
    secondsLeft,
    from: wish,
    to: count,
  } as const;
  return count === desired ? hold(remembered, reason) : propose(remembered, count, reason);
}

/** Those after `since`, and one more. */
function withWish(wishes: Rings['wishes'], now: EpochMs, wish: number, since: EpochMs): Rings['wishes'] {
  const kept: (readonly [EpochMs, number])[] = [];
  for (const entry of wishes) if (entry[0] > since) kept.push(entry);
  kept.push([now, wish]);
  return kept;
}

/** The service was known when the window began, and no tick was lost since. */
function coversWindow(
  wishes: readonly (readonly [number, number])[],
  now: number,
  windowSeconds: number,
  cadenceSeconds: number,
): boolean {
  const gap = gapMs(cadenceSeconds);
  let from = now - windowSeconds * 1000;
  const before = wishes.findLast(([at]) => at <= from);
  if (before === undefined) return false;
  if (from - before[0] <= gap) from = before[0];
  for (const [at] of wishes) {
    if (at <= from) continue;
    if (at - from > gap) return false;
    from = at;
  }
  return true;
}

/** When the newest wish that is in the way leaves the window. */
function secondsUntilStable(
  within: readonly (readonly [number, number])[],
  wish: number,
  now: number,
  windowSeconds: number,
  direction: 'out' | 'in',
): number | null {
  const inTheWay = within.findLast(([, value]) => (direction === 'in' ? value > wish : value < wish));
  return inTheWay === undefined ? null : windowSeconds - (now - inTheWay[0]) / 1000;
}

/** The newest wish also says when the last tick was. */
function keepMs({ pace, cadenceSeconds }: ServicePolicy): number {
  return (Math.max(pace.out.stabilizationSeconds, pace.in.stabilizationSeconds) + 3 * cadenceSeconds) * 1000;
}

/** Cooldown starts when AWS said yes. One towards in never blocks out; while one towards out runs, only another rule or a target passes. */
export function coolDown(turn: Turn): Turn {
  const { direction, count } = turn.proposal;
  if (direction === 'hold') return turn;
  const endsAt = direction === 'in' ? inCooldownEndsAt(turn) : outCooldownEndsAt(turn);
  if (turn.now >= endsAt) return turn;
  const secondsLeft = (endsAt - turn.now) / 1000;
  const passing = direction === 'out' ? loudestOfOthers(turn) : undefined;
  const to = Math.max(turn.desired, Math.min(count, passing?.wish ?? 0));
  if (to === count) return turn;
  const reason = { kind: 'cooldown', direction, secondsLeft, from: count, to } as const;
  if (passing === undefined || to === turn.desired) return hold(turn, reason);
  return propose({ ...turn, proposal: { ...turn.proposal, by: passing.name } }, to, reason);
}

/** The largest wish out of a voter that did not make the last change itself. */
function loudestOfOthers({ reasons, state }: Turn): RuleVote | undefined {
  const others = reasons.filter(
    (one): one is RuleVote =>
      one.kind === 'vote' && one.vote === 'out' && (one.list === 'targets' || one.name !== state.lastChange?.rule),
  );
  return others.length === 0 ? undefined : mostOf(others);
}

export function inCooldownEndsAt(turn: Turn): number {
  const { lastInAt, lastOutAt } = turn.state;
  const { cooldown } = turn.policy.pace.in;
  if (cooldown.kind === 'verified') return Math.max(settledAfter(turn, lastInAt), outCooldownEndsAt(turn));
  const last = Math.max(lastInAt ?? Number.NEGATIVE_INFINITY, lastOutAt ?? Number.NEGATIVE_INFINITY);
  return last + cooldown.seconds * 1000;
}

function outCooldownEndsAt(turn: Turn): number {
  const { lastOutAt, lastChange } = turn.state;
  const { cooldown } = turn.policy.pace.out;
  if (lastOutAt === undefined) return Number.NEGATIVE_INFINITY;
  if (cooldown.kind === 'seconds') return lastOutAt + cooldown.seconds * 1000;
  const verifiedAt = lastChange?.at === lastOutAt ? lastChange.verifiedAt : undefined;
  const atTheLatest = lastOutAt + turn.start.p95 * 1000;
  return settledAfter(turn, Math.min(verifiedAt ?? atTheLatest, atTheLatest));
}

/** One settled period of the slowest signal after `at`. */
function settledAfter(turn: Turn, at: number | undefined): number {
  if (at === undefined) return Number.NEGATIVE_INFINITY;
  let seconds = 0;
  for (const name in turn.policy.signals) {
    const spec = turn.policy.signals[name];
    if (spec !== undefined) seconds = Math.max(seconds, spec.periodSeconds + spec.publicationDelaySeconds);
  }
  return at + seconds * 1000;
}

/** At most so much change within the period; from zero there is no limit, since waking jumps to what the load asks for. */
export function limitStep(turn: Turn): Turn {
  const { proposal, desired } = turn;
  if (proposal.direction === 'hold' || desired === 0) return turn;
  const { upTo } = turn.policy.pace[proposal.direction];
  const allowed = proposal.direction === 'out' ? outLimit(turn) : inLimit(turn);
  const count = proposal.direction === 'out' ? Math.min(proposal.count, allowed) : Math.max(proposal.count, allowed);
  if (count === proposal.count) return turn;
  const reason = {
    kind: 'stepLimit',
    direction: proposal.direction,
    periodSeconds: upTo.periodSeconds,
    from: proposal.count,
    to: count,
  } as const;
  return count === desired ? hold(turn, reason) : propose(turn, count, reason);
}

/** From the smallest count of the period, so that two steps within it share one allowance. What a deployment took is given back at once. */
function outLimit(turn: Turn): number {
  const { upTo } = turn.policy.pace.out;
  const base = extremeOf(turn, upTo.periodSeconds, Math.min);
  const tasks = pick(upTo.pick, Math.ceil((base * upTo.percent) / 100), upTo.tasks);
  const change = turn.state.lastChange;
  const taken = change?.by === 'foreign' && turn.observation.service.deploying === true ? change.from : 0;
  return Math.max(turn.desired, base + tasks, taken);
}

/** From the largest count of the period. A permitted decrease is at least one task. */
export function inLimit(turn: Turn): number {
  const { upTo } = turn.policy.pace.in;
  const base = extremeOf(turn, upTo.periodSeconds, Math.max);
  const tasks = Math.max(1, pick(upTo.pick, Math.floor((base * upTo.percent) / 100), upTo.tasks));
  return Math.min(turn.desired, base - tasks);
}

/** Over the counts that were desired at any moment of the last `periodSeconds`. */
function extremeOf(turn: Turn, periodSeconds: number, of: (a: number, b: number) => number): number {
  const { counts } = turn.state.rings;
  const from = turn.now - periodSeconds * 1000;
  let extreme = of(turn.desired, desiredAt(counts, from) ?? turn.desired);
  for (const [at, desired] of counts) if (at > from) extreme = of(extreme, desired);
  return extreme;
}

const pick = (which: 'larger' | 'smaller', a: number, b: number) =>
  which === 'larger' ? Math.max(a, b) : Math.min(a, b);
