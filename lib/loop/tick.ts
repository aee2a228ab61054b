/**
 * One tick of a shard of services: take the lease, have a turn, and another one for each lot of events that came meanwhile, give the lease
 * back. Lambda, simulator and local run all call this; only the ports differ.
 */

import type { EpochMs } from '../policy/policy.ts';
import { call, sweep } from './errand.ts';
import { NEVER_ABORTED } from './never-aborted.ts';
import type { Ports, ShardEvent } from './ports.ts';
import type { TickReport, TickRequest } from './tick-request.ts';
import { type Holding, type Ticked, turn } from './turn.ts';

export async function tick(ports: Ports, request: TickRequest): Promise<TickReport> {
  const { shard, owner, events, abort } = request;
  // Before the lease: whoever holds it then finds the events at the latest when it wants to give the lease back.
  if (events !== undefined) await ports.store.inboxes?.post(shard, events, abort);
  const leased = await ports.store.acquire(shard, owner, ports.clock.now(), abort);
  if (leased.kind === 'busy') return leased;
  const { lease, inbox = { seq: 0, events: [] } } = leased;
  // The lease may have taken its time, and events that came meanwhile are not from the future.
  const now = ports.clock.now();
  const found = onceEach(inbox.events, events);
  const errand = events === undefined ? sweep(request, found, now) : call(found, now);
  const holding = { ports, request, lease, errand };
  const report = await turnOrGiveBack(holding, now);
  return await untilDrained(holding, { report, seq: inbox.seq, found });
}

/** One id, one event. */
function onceEach(kept: readonly ShardEvent[], brought: readonly ShardEvent[] = []): readonly ShardEvent[] {
  if (kept.length + brought.length === 0) return kept;
  return [...new Map([...kept, ...brought].map((event) => [event.id, event])).values()];
}

interface Drained {
  readonly report: Ticked;
  readonly seq: number;
  /** Events that were there by then. */
  readonly found: readonly ShardEvent[];
}

/** Events that come faster than turns end: the rest is the next holder's. */
const MOST_TURNS = 5;
/** The rest of an invocation that another turn may need. */
const TURN_NEEDS_MS = 8_000;

/** Gives the lease back; while more events arrived, there is another turn for their services first. */
async function untilDrained(holding: Holding, first: Drained): Promise<Ticked> {
  const { ports, request, lease } = holding;
  const { inboxes } = ports.store;
  let { report, seq } = first;
  let seen: Set<string> | undefined;
  for (let turns = 1; inboxes !== undefined; turns++) {
    if (turns >= MOST_TURNS || request.remainingMs() < TURN_NEEDS_MS) break;
    const outcome = await inboxes.release(lease, seq, NEVER_ABORTED);
    if (outcome.kind === 'released') return report;
    seq = outcome.inbox.seq;
    seen ??= new Set(first.found.map(({ id }) => id));
    const fresh: ShardEvent[] = [];
    for (const event of outcome.inbox.events) {
      if (!seen.has(event.id)) fresh.push(event);
      seen.add(event.id);
    }
    const now = ports.clock.now();
    report = bothOf(report, await turnOrGiveBack({ ...holding, errand: call(fresh, now) }, now));
  }
  await ports.store.release(lease, NEVER_ABORTED);
  return report;
}

function bothOf(before: Ticked, after: Ticked): Ticked {
  const taken = (before.events?.taken ?? 0) + (after.events?.taken ?? 0);
  const refused = [...(before.events?.refused ?? []), ...(after.events?.refused ?? [])];
  return {
    ...before,
    entries: [...before.entries, ...after.entries],
    signalsRead: before.signalsRead + after.signalsRead,
    signalsFailed: before.signalsFailed + after.signalsFailed,
    events: { taken, refused },
  };
}

async function turnOrGiveBack(holding: Holding, now: EpochMs): Promise<Ticked> {
  try {
    return await turn(holding, now);
  } catch (fault) {
    await giveBack(holding, fault);
    throw fault;
  }
}

/** A second fault never hides the first. */
async function giveBack({ ports, lease }: Holding, first: unknown): Promise<void> {
  try {
    await ports.store.release(lease, NEVER_ABORTED);
  } catch (fault) {
    const both = `${messageOf(first)} (and the lease was not given back: ${messageOf(fault)})`;
    throw new AggregateError([first, fault], both, { cause: first });
  }
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
