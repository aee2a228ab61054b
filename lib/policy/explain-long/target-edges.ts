/** How far the signal of a target is from the edges of its tolerance, in the unit of the signal. */
import type { Decision, RuleVote } from '../decision.ts';
import type { ServicePolicy, Target } from '../policy.ts';
import type { LevelChange } from './levels.ts';

/** From inside the tolerance to just beyond either edge, as far as the capacity lets the count follow. */
export function changesOfTarget(policy: ServicePolicy, vote: RuleVote, count: number): readonly LevelChange[] {
  const found = targetOf(policy, vote);
  if (found === undefined) return [];
  const { min, max } = policy.capacity;
  const { out, in: back } = edgesOf(found.target, count);
  const goals = [...(count < max ? [beyond(out, 1)] : []), ...(count > min && back > 0 ? [beyond(back, -1)] : [])];
  return goals.map((demand) => changeTo(found, demand));
}

/** From beyond the tolerance back to the edge that was crossed. */
export function changeToEdge(
  policy: ServicePolicy,
  vote: RuleVote,
  { action, from }: Decision,
): LevelChange | undefined {
  const found = targetOf(policy, vote);
  if (found === undefined) return undefined;
  const { out, in: back } = edgesOf(found.target, from);
  return changeTo(found, action === 'out' ? out : back);
}

interface Found {
  readonly target: Target;
  readonly demand: number;
  readonly signal: string;
  readonly value: number;
}

function targetOf({ targets }: ServicePolicy, { name, signals, demand }: RuleVote): Found | undefined {
  const target = targets.find((one) => one.name === name);
  const [seen] = signals;
  if (target === undefined || demand === undefined || seen === undefined || seen.value === null) return undefined;
  return { target, demand, signal: seen.signal, value: seen.value };
}

/** As the votes of targets have them: towards in the band is at least one task wide. */
function edgesOf({ tolerance }: Target, count: number): { readonly out: number; readonly in: number } {
  return { out: count * (1 + tolerance.out), in: count - Math.max(count * tolerance.in, 1) };
}

const beyond = (demand: number, direction: 1 | -1): number => demand + direction * 0.01 * Math.max(demand, 1);

function changeTo({ target, demand, signal, value }: Found, wanted: number): LevelChange {
  // A total is proportional to its demand; of an idle one the policy says what a task of it is.
  const each = demand > 0 && value > 0 ? value / demand : idleTask(target);
  return { signal, from: value, to: value + (wanted - demand) * each };
}

function idleTask(target: Target): number {
  if (target.kind === 'perTask') return target.perTask;
  return (target.finishWithinSeconds * target.parallelPerTask) / target.secondsPerMessage;
}
