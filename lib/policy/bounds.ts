/** Schedules, freezes, overrides, blindness and the bounds: the last words of the order. Bounds hold always, and gently. */
import { inCooldownEndsAt, inLimit } from './damping.ts';
import type { Damping } from './decision.ts';
import { guardsOnIn } from './guards.ts';
import type { EpochMs, Override, ServicePolicy } from './policy.ts';
import { keptFor, scheduleKey, withKept } from './spent.ts';
import type { StartSeconds } from './start-time.ts';
import { endOf, openSince } from './time-window.ts';
import { because, hold, propose, type Turn } from './turn.ts';

/** A bound and who set it. */
export interface Bound {
  readonly tasks: number;
  readonly by: string;
}

export interface Bounds {
  readonly min: Bound;
  readonly max: Bound;
}

/**
 * The bounds at `now`. Of open schedule windows that set a min the highest counts, of those that set a max the lowest; the capacity holds
 * where none does. Overrides tighten what results, within the capacity. Where the two cross, the max wins.
 */
export function boundsAt(
  policy: ServicePolicy,
  overrides: readonly Override[],
  now: EpochMs,
  start: StartSeconds,
): Bounds {
  let min: Bound | undefined;
  let max: Bound | undefined;
  for (const window of policy.schedule) {
    const opensEarly = window.min !== undefined && openSince(window, now, start.p95) !== undefined;
    if (opensEarly && window.min !== undefined && window.min > (min?.tasks ?? -1))
      min = { tasks: window.min, by: window.name };
    if (window.max === undefined || openSince(window, now) === undefined) continue;
    if (window.max < (max?.tasks ?? Number.POSITIVE_INFINITY)) max = { tasks: window.max, by: window.name };
  }
  let floor: Bound = min ?? { tasks: policy.capacity.min, by: 'capacity.min' };
  let ceiling: Bound = max ?? { tasks: policy.capacity.max, by: 'capacity.max' };
  const lowest = Math.min(policy.capacity.min, floor.tasks, ceiling.tasks);
  for (const { set, owner } of overrides) {
    if (set.kind === 'floor' && set.tasks > floor.tasks) floor = { tasks: set.tasks, by: `floor by ${owner}` };
    if (set.kind === 'ceiling' && set.tasks < ceiling.tasks)
      ceiling = { tasks: Math.max(set.tasks, lowest), by: `ceiling by ${owner}` };
  }
  return { min: floor.tasks > ceiling.tasks ? { tasks: ceiling.tasks, by: ceiling.by } : floor, max: ceiling };
}

/** A schedule's `desired` is raised to once, at the start of its window; the rules go on from there. */
export function raiseOnSchedule(turn: Turn): Turn {
  let next = turn;
  for (const window of turn.policy.schedule) {
    if (window.desired === undefined) continue;
    const startsAt = openSince(window, turn.now, turn.start.p95);
    if (startsAt === undefined || (keptFor(next.state.actedOn, scheduleKey(window.name)) ?? 0) >= startsAt) continue;
    const from = next.proposal.count;
    const to = Math.min(window.desired, boundsAt(turn.policy, turn.overrides, turn.now, turn.start).max.tasks);
    next =
      to > from
        ? propose(next, to, { kind: 'schedule', name: window.name, startsAt, from, to })
        : {
            ...next,
            state: { ...next.state, actedOn: withKept(next.state.actedOn, [scheduleKey(window.name), startsAt]) },
          };
  }
  return next;
}

export function freeze(turn: Turn): Turn {
  const { direction, count } = turn.proposal;
  const frozen = direction === 'hold' ? undefined : frozenIn(turn, direction, count);
  return frozen === undefined ? turn : hold(turn, frozen);
}

function frozenIn(turn: Turn, direction: 'out' | 'in', count: number): Damping | undefined {
  const forbids = direction === 'in' ? 'scaleIn' : 'scaleOut';
  for (const window of turn.policy.freeze) {
    if (window.forbid !== 'both' && window.forbid !== forbids) continue;
    const since = openSince(window, turn.now);
    if (since === undefined) continue;
    const endsAt = endOf(window, since);
    return { kind: 'freeze', name: window.name, endsAt, from: count, to: turn.desired };
  }
  return undefined;
}

/** When nothing at all is known for long, capacity is raised to a stated floor: the longest spell that has passed counts. */
export function raiseWhenBlind(turn: Turn): Turn {
  const { blindSince } = turn.state;
  if (blindSince === undefined) return turn;
  const sinceSeconds = (turn.now - blindSince) / 1000;
  const passed = turn.policy.guard.whenBlindFor.filter((step) => step.seconds <= sinceSeconds);
  const floor = Math.max(0, ...passed.map((step) => step.atLeastTasks));
  if (floor <= turn.proposal.count) return turn;
  return propose(turn, floor, { kind: 'blind', sinceSeconds, from: turn.proposal.count, to: floor });
}

/** A pause ends the turn; an exact count (of several the largest) replaces whatever the rules said. Floors and ceilings act as bounds. */
export function override(turn: Turn): Turn {
  const pause = turn.overrides.find(({ set }) => set.kind === 'pause');
  if (pause !== undefined) return hold(turn, overrideReason(pause, turn.proposal.count, turn.desired));
  let loudest: Override | undefined;
  let tasks = -1;
  for (const one of turn.overrides) {
    if (one.set.kind !== 'exact' || one.set.tasks <= tasks) continue;
    loudest = one;
    tasks = one.set.tasks;
  }
  if (loudest === undefined) return turn;
  const reason = overrideReason(loudest, turn.proposal.count, tasks);
  return tasks === turn.desired ? hold(turn, reason) : propose(turn, tasks, reason);
}

function overrideReason({ set, owner, reason, expiresAt }: Override, from: number, to: number): Damping {
  return { kind: 'override', set: set.kind, owner, reason, expiresAt, from, to };
}

/** Outside the list of things that may hold: a hold, too, must pass the bounds. */
export function bound(turn: Turn): Turn {
  if (turn.overrides.some(({ set }) => set.kind === 'pause')) return turn;
  const { min, max } = boundsAt(turn.policy, turn.overrides, turn.now, turn.start);
  const { desired } = turn;
  const { count } = turn.proposal;
  const stands = foreignStands(turn, min.tasks, max.tasks);
  const votesPass = count > desired && stands?.until !== null && desired <= max.tasks;
  if (stands !== undefined && !votesPass) return hold(turn, stands);
  if (count < min.tasks) return propose(turn, min.tasks, boundReason('min', min, count));
  if (count <= max.tasks) return turn;
  if (desired > max.tasks) return lowerToMax(turn, max);
  const reason = boundReason('max', max, count);
  return max.tasks === desired ? hold(turn, reason) : propose(turn, max.tasks, reason);
}

function boundReason(which: 'min' | 'max', { tasks, by }: Bound, from: number): Damping {
  return { kind: 'bound', bound: which, by, from, to: tasks };
}

/**
 * A max that was lowered under what runs is approached as any scale-in, whatever the rules vote: from the steady state, knowing something,
 * outside freezes, after the cooldown, within the step limit.
 */
function lowerToMax(turn: Turn, max: Bound): Turn {
  const { desired, now } = turn;
  const count = Math.max(max.tasks, inLimit(turn));
  const blocked = [...guardsOnIn(turn, max.tasks)];
  const frozen = frozenIn(turn, 'in', max.tasks);
  if (frozen !== undefined) blocked.push(frozen);
  const secondsLeft = (inCooldownEndsAt(turn) - now) / 1000;
  if (secondsLeft > 0) blocked.push({ kind: 'cooldown', direction: 'in', secondsLeft, from: max.tasks, to: desired });
  const { periodSeconds } = turn.policy.pace.in.upTo;
  if (blocked.length === 0 && count > max.tasks)
    blocked.push({ kind: 'stepLimit', direction: 'in', periodSeconds, from: max.tasks, to: count });
  const asked = because(turn, boundReason('max', max, turn.proposal.count), ...blocked);
  const moves = count < desired && blocked.every(({ kind }) => kind === 'stepLimit');
  return moves ? propose(asked, count) : hold(asked);
}

type Standing = Extract<Damping, { kind: 'foreignStands' }>;

/**
 * Somebody else set a count outside the bounds: it stands for an hour. A zero that we did not set is a pause until somebody ends it, by
 * raising the count or by an override that says one.
 */
function foreignStands(turn: Turn, min: number, max: number): Standing | undefined {
  const { desired, state, now, overrides } = turn;
  const from = turn.proposal.count;
  if (state.lastChange?.by === 'us' || overrides.some(({ set }) => set.kind === 'exact')) return undefined;
  if (desired === 0 && min > 0) return { kind: 'foreignStands', until: null, from, to: 0 };
  const outside = desired < min || desired > max;
  if (!outside || state.foreignUntil === undefined || now >= state.foreignUntil) return undefined;
  return { kind: 'foreignStands', until: state.foreignUntil, from, to: desired };
}
