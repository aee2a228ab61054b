/**
 * One turn of the loop over a shard of services: lease → recall → observe → decide → act → remember. Lambda, simulator and local run all
 * call this; only the ports differ.
 */
import type { Tally } from '../counterfactual/tally.ts';
import type { EpochMs } from '../policy/policy.ts';
import type { Rings } from '../policy/state.ts';
import { actOn } from './act.ts';
import { judgedCloser } from './closer-look.ts';
import { call, type Errand, nameOf, sweep } from './errand.ts';
import { withHeadroom } from './headroom.ts';
import { type Decidable, judge, type Served, servedOf, shareAmong } from './judge.ts';
import { type Observed, observe } from './observe.ts';
import type { Lease, LoadedService, Ports, ShardEvent, ShardRings, TickReport, TickRequest } from './ports.ts';
import { breakersOpen, heldByShard, shardBreakerAfter } from './shard-breaker.ts';
import { servicesOfShard } from './shards.ts';
import { type Told, tell } from './tell.ts';
import { together } from './together.ts';

export async function tick(ports: Ports, request: TickRequest): Promise<TickReport> {
  const { shard, owner, events, abort } = request;
  // Before the lease: whoever holds it then finds the events at the latest when it wants to give the lease back.
  if (events !== undefined) await ports.store.inboxes?.post(shard, events, abort);
  const now = ports.clock.now();
  const leased = await ports.store.acquire(shard, owner, now, abort);
  if (leased.kind === 'busy') return leased;
  const { lease, inbox = { seq: 0, events: [] } } = leased;
  const found = onceEach(inbox.events, events);
  const errand = events === undefined ? sweep(request, found, now) : call(found, now);
  const report = await turnOrGiveBack(ports, request, lease, now, errand);
  return untilDrained(ports, request, lease, { report, seq: inbox.seq, found });
}

/** One id, one event. */
function onceEach(kept: readonly ShardEvent[], brought: readonly ShardEvent[] = []): readonly ShardEvent[] {
  if (kept.length + brought.length === 0) return kept;
  return [...new Map([...kept, ...brought].map((event) => [event.id, event])).values()];
}

type Ticked = Extract<TickReport, { kind: 'ticked' }>;

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
async function untilDrained(ports: Ports, request: TickRequest, lease: Lease, first: Drained): Promise<Ticked> {
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
    report = bothOf(report, await turnOrGiveBack(ports, request, lease, now, call(fresh, now)));
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

/** The lease goes back also where the tick was aborted. */
const NEVER_ABORTED = new AbortController().signal;

async function turnOrGiveBack(
  ports: Ports,
  request: TickRequest,
  lease: Lease,
  now: EpochMs,
  errand: Errand,
): Promise<Ticked> {
  try {
    return await turn(ports, request, lease, now, errand);
  } catch (fault) {
    await giveBack(ports, lease, fault);
    throw fault;
  }
}

/** A second fault never hides the first. */
async function giveBack(ports: Ports, lease: Lease, first: unknown): Promise<void> {
  try {
    await ports.store.release(lease, NEVER_ABORTED);
  } catch (fault) {
    throw new AggregateError(
      [first, fault],
      `${messageOf(first)} (and the lease was not given back: ${messageOf(fault)})`,
      {
        cause: first,
      },
    );
  }
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}

async function turn(ports: Ports, request: TickRequest, lease: Lease, began: EpochMs, errand: Errand): Promise<Ticked> {
  const { abort } = request;
  const [set, overrides] = await together(ports.policies.load(abort), ports.overrides.list(began, abort));
  // The moment of the decision is that of the reading, however long the lease and the policies took.
  const now = ports.clock.now();
  const members = servicesOfShard(set, request.shard, request.shards ?? 1)
    .map((policy) => servedOf(policy, overrides, request))
    .filter(({ policy }) => policy.mode !== 'off');
  const served = members.filter(({ policy }) => errand.concerns(policy));
  const policies = served.map(({ policy }) => policy);
  const arns = served.map(({ arn }) => arn);
  const [stored, shardRings, observed] = await together(
    ports.store.load(arns, abort),
    ports.store.loadRings(lease.shard, abort),
    observe(ports, policies, now, abort, errand.events),
  );
  const others = served.length === members.length ? NOBODY : members.filter((one) => !served.includes(one));
  const judgeOne = (index: number, seen: Observed) => {
    const one = served[index] as Served;
    const [rings, tally] = [shardRings.rings[one.arn], shardRings.tallies?.[one.arn]];
    return judge(one, stored[index] as LoadedService, rings, tally, seen, now);
  };
  const judged = await judgedCloser(ports.services, observed.services, judgeOne, abort);
  const standings = others.map((one) => standing(one, shardRings));
  const grouped = shareAmong(judged, set.groups, standings);
  const fitting = await withHeadroom(ports.headroom, lease.shard, grouped, standings, now, abort);
  const shared = heldByShard(fitting, shardRings.shard?.breaker, now);
  const deciding = shared.filter((one): one is Decidable => one.kind === 'deciding');
  const { acted, updates } = await actOn({ ports, request, lease, now }, deciding, shardRings.shard?.updates);
  const breaker = shardBreakerAfter(shardRings.shard?.breaker, shared, acted, now);
  const saying = { policyVersion: set.version, now, sentences: request.sentences ?? 'all' } as const;
  const told = shared.map((one) => tell(one, acted[deciding.indexOf(one as Decidable)], saying));
  const shard = breaker === undefined ? { updates } : { updates, breaker };
  const memory = { ...keptOf(others, shardRings), rev: shardRings.rev, shard };
  await remember(ports, lease.shard, memory, told, abort);
  const { events, refused } = errand;
  const expectedAt = request.dueAt ?? request.scheduledAt;
  const when = expectedAt === undefined ? { now } : { now, lateSeconds: (now - expectedAt) / 1000 };
  const report: Ticked = {
    ...when,
    kind: 'ticked',
    policyVersion: set.version,
    entries: told.map(({ entry }) => entry),
    signalsRead: observed.signalsRead,
    signalsFailed: observed.signalsFailed,
    breakersOpen: breakersOpen(acted, breaker),
  };
  return events.length + refused.length === 0 ? report : { ...report, events: { taken: events.length, refused } };
}

const NOBODY: readonly Served[] = [];

/** A member of a group that is not of this turn. */
function standing({ policy, arn }: Served, { rings }: ShardRings) {
  return { name: nameOf(policy), standsAt: rings[arn]?.counts.at(-1)?.[1] ?? 0 };
}

/** What services that are not of this turn remember. */
function keptOf(others: readonly Served[], { rings, tallies }: ShardRings): Pick<ShardRings, 'rings' | 'tallies'> {
  if (others.length === 0) return { rings: {}, tallies: {} };
  const kept = <T>(from: Readonly<Record<string, T>> = {}) =>
    Object.fromEntries(others.flatMap(({ arn }) => (from[arn] === undefined ? [] : [[arn, from[arn]]])));
  return { rings: kept(rings), tallies: kept(tallies) };
}

/** Rings in one write, and the ledger. A stale write of rings is harmless: a lost wish only delays a scale-in. */
function remember(
  ports: Ports,
  shard: string,
  memory: ShardRings,
  told: readonly Told[],
  abort: AbortSignal,
): Promise<unknown> {
  const rings: Record<string, Rings> = { ...memory.rings };
  const tallies: Record<string, Tally> = { ...memory.tallies };
  for (const { entry, rings: own, tally } of told) {
    rings[entry.arn] = own;
    if (tally !== undefined) tallies[entry.arn] = tally;
  }
  const saving = ports.store.saveRings(shard, { ...memory, rings, tallies }, abort);
  const news = told.filter((one) => one.news).map(({ entry }) => entry);
  return news.length === 0 ? saving : together(saving, ports.ledger.record(news, abort));
}
