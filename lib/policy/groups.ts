/** A ceiling that several services share: what the database behind them can bear. Pure, after all of them were decided. */
import type { Damping, Decided } from './decision.ts';
import type { Group } from './policy.ts';

/** A member of a shard: its decision, or the count it stands at where nothing could be decided. */
export interface Member {
  /** `cluster/service`. */
  readonly name: string;
  readonly decided?: Decided;
  /** Last known desired count, for members without a decision. */
  readonly standsAt: number;
}

/** How urgent a decision is: outs before everything, the relatively largest first; then ins. */
export function urgencyOf({ decision }: Pick<Decided, 'decision'>): number {
  if (decision.action === 'out') return 1 + decision.to / Math.max(1, decision.from);
  return decision.action === 'in' ? 1 : 0;
}

/**
 * The decisions with what each group has room for, in the order given. Room is what the ceiling leaves after every member keeps what it
 * has; the most urgent outs get it first. Nobody is lowered for another, and tasks that are being given back still count.
 */
export function shareOut(members: readonly Member[], groups: readonly Group[]): readonly (Decided | undefined)[] {
  let shared = members.map(({ decided }) => decided);
  for (const group of groups) shared = shareOne(members, shared, group);
  return shared;
}

function shareOne(
  members: readonly Member[],
  decided: readonly (Decided | undefined)[],
  group: Group,
): (Decided | undefined)[] {
  const result = [...decided];
  const inside = members
    .map((_, index) => index)
    .filter((index) => group.services.includes(members[index]?.name ?? ''));
  const kept = inside.reduce((sum, index) => sum + keeps(members[index], decided[index]), 0);
  let room = Math.max(0, group.maxTasks - kept);
  const outs = inside.filter((index) => decided[index]?.decision.action === 'out');
  outs.sort((a, b) => urgencyOf(decided[b] as Decided) - urgencyOf(decided[a] as Decided));
  for (const index of outs) {
    const one = decided[index] as Decided;
    const granted = Math.min(one.decision.to - one.decision.from, room);
    room -= granted;
    result[index] = grantedTo(one, granted, group);
  }
  return result;
}

/** What a member holds before anything is shared out. */
function keeps(member: Member | undefined, decided: Decided | undefined): number {
  return decided === undefined ? (member?.standsAt ?? 0) : decided.decision.from;
}

function grantedTo(decided: Decided, granted: number, group: Group): Decided {
  const { from, to: asked } = decided.decision;
  const to = from + granted;
  if (to === asked) return decided;
  const reason: Damping = { kind: 'group', name: group.name, maxTasks: group.maxTasks, from: asked, to };
  return {
    ...decided,
    decision: { action: granted > 0 ? 'out' : 'hold', from, to },
    reasons: [...decided.reasons, reason],
  };
}
