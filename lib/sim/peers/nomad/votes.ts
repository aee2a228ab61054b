/** Which check of a Nomad policy wins. */
import type { Action, Direction, Verdict } from './strategies.ts';

export interface Check {
  /** Absent: a check on its own. */
  readonly group?: string;
  readonly verdict: Verdict;
}

/** None beats down: every check must agree to scale down. */
const PRIORITY: Readonly<Record<Direction, number>> = { up: 2, none: 1, down: 0 };

/** The safer of two; of two that point the same way the higher count; the first of equals. */
function safer(a: Action, b: Action): Action {
  if (PRIORITY[a.direction] !== PRIORITY[b.direction]) return PRIORITY[a.direction] > PRIORITY[b.direction] ? a : b;
  return b.direction !== 'none' && b.count > a.count ? b : a;
}

/** In a named group those who say none are not heard, unless all say so. Null: nobody says anything. */
export function decideVotes(checks: readonly Check[]): Verdict {
  const groups = new Set(checks.map(({ group }) => group));
  const actions = [...groups].flatMap((group) => {
    const members = checks.filter((check) => check.group === group).flatMap(({ verdict }) => verdict ?? []);
    const loud = group === undefined ? [] : members.filter(({ direction }) => direction !== 'none');
    const heard = loud.length > 0 ? loud : members;
    const [first, ...others] = heard;
    return first === undefined ? [] : [others.reduce(safer, first)];
  });
  const [first, ...others] = actions;
  return first === undefined ? null : others.reduce(safer, first);
}
