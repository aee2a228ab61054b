/** Decisions within the room that is there. Pure, after groups shared out; the most urgent outs get the room first, nobody is lowered for another. */
import type { Damping, Decided, HeadroomDoubt } from '../decision.ts';
import { type Member, urgencyOf } from '../groups.ts';
import type { EpochMs } from '../policy.ts';
import { FINDINGS_BELIEVED_MS, type Findings, type ServiceFinding } from './findings.ts';

/** What was found, or why nothing is known. `absent`: nobody has ever looked. */
export type KnownFindings =
  | { readonly kind: 'found'; readonly findings: Findings }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly cause: string };

/**
 * In the order given; members without a decision only say what they use by now.
 * Findings that are old or cannot be read clamp nothing, and every out says so.
 */
export function withinHeadroom(
  members: readonly Member[],
  known: KnownFindings,
  now: EpochMs,
): readonly (Decided | undefined)[] {
  if (known.kind === 'absent') return members.map(({ decided }) => decided);
  const doubt = doubtOf(known, now);
  if (doubt !== undefined || known.kind !== 'found') return members.map(({ decided }) => doubted(decided, doubt));
  const { findings } = known;
  const left = leftNow(members, findings);
  const result = members.map(({ name, decided }) => heldForOthers(decided, name, findings.services[name]));
  const outs = result.flatMap((decided, index) => (decided?.decision.action === 'out' ? [{ decided, index }] : []));
  outs.sort((a, b) => urgencyOf(b.decided) - urgencyOf(a.decided));
  for (const { decided, index } of outs) {
    const finding = findings.services[members[index]?.name ?? ''];
    result[index] = finding === undefined ? decided : granted(decided, finding, findings.pools, left);
  }
  return result;
}

function doubtOf(known: Exclude<KnownFindings, { kind: 'absent' }>, now: EpochMs): HeadroomDoubt | undefined {
  if (known.kind === 'unreadable') return { kind: 'unreadable', cause: known.cause };
  const ageMs = now - known.findings.checkedAt;
  return ageMs > FINDINGS_BELIEVED_MS ? { kind: 'stale', ageSeconds: ageMs / 1000 } : undefined;
}

function doubted(decided: Decided | undefined, why: HeadroomDoubt | undefined): Decided | undefined {
  if (decided === undefined || why === undefined || decided.decision.action !== 'out') return decided;
  const { to } = decided.decision;
  return because(decided, { kind: 'headroomUnknown', why, from: to, to });
}

/** Tasks that came since the check use what it found free, those that went have given it back. */
function leftNow(members: readonly Member[], { pools, services }: Findings): Map<string, number> {
  const left = new Map(Object.entries(pools).map(([id, { free }]) => [id, free]));
  for (const { name, standsAt } of members) {
    const { counted = 0, needs = {} } = services[name] ?? {};
    for (const [id, perTask] of Object.entries(needs)) {
      if (pools[id]?.kind !== 'launches') left.set(id, (left.get(id) ?? 0) - (standsAt - counted) * perTask);
    }
  }
  return left;
}

/** Where somebody else may scale in, nothing is done; a service that no check has seen yet gives nothing back. */
function heldForOthers(
  decided: Decided | undefined,
  service: string,
  finding: ServiceFinding | undefined,
): Decided | undefined {
  if (decided === undefined || decided.decision.action === 'hold') return decided;
  const { action, from, to } = decided.decision;
  if (finding === undefined) {
    const why = { kind: 'unchecked' } as const;
    if (action === 'out') return because(decided, { kind: 'headroomUnknown', why, from: to, to });
    return withCount(decided, from, { kind: 'headroomUnknown', why, from: to, to: from });
  }
  const { scaledBy = [] } = finding;
  if (scaledBy.length === 0) return decided;
  return withCount(decided, from, { kind: 'otherScaling', service, by: scaledBy, from: to, to: from });
}

function granted(
  decided: Decided,
  { needs, atOnce }: ServiceFinding,
  pools: Findings['pools'],
  left: Map<string, number>,
): Decided {
  const { from, to } = decided.decision;
  let tasks = to - from;
  let reason: Damping | undefined;
  const limit = (room: number, why: (room: number) => Damping) => {
    if (room >= tasks) return;
    tasks = Math.max(0, room);
    reason = why(tasks);
  };
  if (atOnce !== undefined) {
    limit(atOnce, (room) => ({
      kind: 'headroom',
      pool: { kind: 'launches', name: '' },
      room,
      from: to,
      to: from + room,
    }));
  }
  const shared = Object.entries(needs).flatMap(([id, perTask]) => {
    const pool = pools[id];
    return pool === undefined || perTask <= 0 ? [] : [{ id, perTask, pool }];
  });
  for (const { id, perTask, pool } of shared) {
    const { kind, name } = pool;
    // A hair more than nothing: 3 tasks of 0.1 vCPU fit into 0.3.
    const room = Math.floor((left.get(id) ?? 0) / perTask + 1e-9);
    limit(room, (most) => ({ kind: 'headroom', pool: { kind, name }, room: most, from: to, to: from + most }));
  }
  for (const { id, perTask } of shared) left.set(id, (left.get(id) ?? 0) - tasks * perTask);
  return reason === undefined ? decided : withCount(decided, from + tasks, reason);
}

function withCount(decided: Decided, to: number, reason: Damping): Decided {
  const { from } = decided.decision;
  return because({ ...decided, decision: { action: to > from ? 'out' : 'hold', from, to } }, reason);
}

function because(decided: Decided, reason: Damping): Decided {
  return { ...decided, reasons: [...decided.reasons, reason] };
}
