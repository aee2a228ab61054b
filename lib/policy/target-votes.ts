/** What each target says: the load itself in tasks. Absolute, so it cannot compound; the same answer twice is the same count. */
import { tasksInCell, thinInCell, valueInCell } from './cells.ts';
import { countInForce } from './count.ts';
import type { RuleVote } from './decision.ts';
import { type Grid, gridOf } from './grid.ts';
import type { Target } from './policy.ts';
import { holdWhileUnknown, seen } from './rule-votes.ts';
import type { Turn } from './turn.ts';

export function targetVotes(turn: Turn): readonly RuleVote[] {
  return turn.policy.targets.map((target) => voteOf(turn, target));
}

function voteOf(turn: Turn, target: Target): RuleVote {
  const grid = gridOf(turn.window, [target.signal]);
  const base = {
    kind: 'vote',
    list: 'targets',
    name: target.name,
    evidenceAt: (grid.newestCell + 1) * grid.cellMs,
    signals: seen(turn.window, [target.signal], grid.newestCell, grid.cellMs),
  } as const;
  const demand = demandOf(turn, target, grid);
  if (demand === undefined && thinInCell(turn.window, target.signal, grid.newestCell, grid.cellMs) !== undefined)
    return { ...base, vote: 'abstain', why: 'tooFewSamples' };
  if (demand === undefined) return { ...base, ...holdWhileUnknown(turn, target.name) };
  const wish = Math.max(0, Math.ceil(demand - 1e-9));
  const common = { ...base, demand, wish } as const;
  const { desired } = turn;
  if (wish > desired) {
    const inside = demand <= desired * (1 + target.tolerance.out);
    return inside
      ? { ...common, vote: 'abstain', why: 'insideTolerance' }
      : { ...common, vote: 'out', why: 'aboveTarget' };
  }
  // Towards in the band is at least one task wide: the last task is given back only when more than it is spare.
  const spare = desired - demand;
  const inside = spare <= Math.max(desired * target.tolerance.in, 1) && demand > 0;
  return inside || wish >= desired
    ? { ...common, vote: 'abstain', why: 'insideTolerance' }
    : { ...common, vote: 'in', why: 'belowTarget' };
}

/** Demand in tasks. An average over tasks is multiplied by the tasks that made it, never by today's count. */
function demandOf(turn: Turn, target: Target, grid: Grid): number | undefined {
  const value = valueInCell(turn.window, target.signal, grid.newestCell, grid.cellMs);
  if (Number.isNaN(value)) return undefined;
  if (target.kind === 'backlog') {
    return (value * target.secondsPerMessage) / (target.finishWithinSeconds * target.parallelPerTask);
  }
  if (turn.policy.signals[target.signal]?.averagedOverTasks !== true) return value / target.perTask;
  const startedAt = grid.newestCell * grid.cellMs;
  const tasks = tasksInCell(turn.window, target.signal, grid.newestCell, grid.cellMs) ?? tasksAt(turn, startedAt);
  return (value * tasks) / target.perTask;
}

/** Where the source does not say: the count in force then; while it has never been seen to change, the tasks that run. */
function tasksAt({ state, start, observation }: Turn, at: number): number {
  const { counts } = state.rings;
  const { running } = observation.service;
  return counts.length < 2 ? running : (countInForce(counts, at, start.p95) ?? running);
}
