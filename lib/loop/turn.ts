/** One turn, by whoever holds the shard's lease: who is served → what is known → what is decided → what is done → what is remembered. */
import type { Tally } from '../counterfactual/tally.ts';
import type { EpochMs, Override, PolicySet } from '../policy/policy.ts';
import { nameText } from '../policy/service-name.ts';
import type { Rings } from '../policy/state.ts';
import { type Acted, actOn } from './act.ts';
import { judgedCloser } from './closer-look.ts';
import type { Errand } from './errand.ts';
import { withHeadroom } from './headroom.ts';
import { type Decidable, type Judged, judge, lastCountOf, type Served, servedOf, shareAmong } from './judge.ts';
import { type Observed, type ObservedShard, observe } from './observe.ts';
import type { Lease, LedgerEntry, LoadedService, Ports, ShardMemory, ShardRings } from './ports.ts';
import { breakersOpen, heldByShard, shardBreakerAfter } from './shard-breaker.ts';
import { servicesOfShard } from './shards.ts';
import { type Told, tell } from './tell.ts';
import type { TickReport, TickRequest } from './tick-request.ts';
import { together } from './together.ts';

export type Ticked = Extract<TickReport, { kind: 'ticked' }>;

/** What a turn is given. */
export interface Holding {
  readonly ports: Ports;
  readonly request: TickRequest;
  readonly lease: Lease;
  readonly errand: Errand;
}

export async function turn(holding: Holding, began: EpochMs): Promise<Ticked> {
  const { ports, request, lease } = holding;
  const { abort } = request;
  const said = await together(ports.policies.load(abort), ports.overrides.list(began, abort));
  const roster = rosterOf(holding, said[0], said[1]);
  const [stored, rings, observed] = await learn(holding, roster);
  const known: Known = { stored, rings, observed };
  // What is known at once is not waited for: most turns are quiet, and a simulated month has forty thousand.
  const judging = judgeAll(holding, roster, known);
  const judged = judging instanceof Promise ? await judging : judging;
  const deciding = judged.filter((one): one is Decidable => one.kind === 'deciding');
  const { now } = roster;
  const acting = actOn({ ports, request, lease, now }, deciding, known.rings.shard?.updates);
  const { acted, updates } = acting instanceof Promise ? await acting : acting;
  const breaker = shardBreakerAfter(known.rings.shard?.breaker, judged, acted, now);
  const told = tellAll(holding, roster, judged, acted);
  await remember(holding, roster, known.rings, breaker === undefined ? { updates } : { updates, breaker }, told);
  const lastScaledAt = roster.others.length > 0 ? undefined : newestChange(deciding, acted);
  const entries = told.map(({ entry }) => entry);
  const report = reportOf(holding, roster, known.observed, entries, breakersOpen(acted, breaker));
  if (lastScaledAt === undefined) return report;
  return { ...report, lastScaleAgeSeconds: Math.max(0, (now - lastScaledAt) / 1000) };
}

/** The moment of the last change that ECS took of us; what shadows would have done is none. */
function newestChange(deciding: readonly Decidable[], acted: readonly Acted[]): EpochMs | undefined {
  let newest = 0;
  acted.forEach(({ state: { lastOutAt = 0, lastInAt = 0 } }, index) => {
    if (deciding[index]?.world.unsent === undefined) newest = Math.max(newest, lastOutAt, lastInAt);
  });
  return newest === 0 ? undefined : newest;
}

/** Whom the turn is about. */
interface Roster {
  readonly set: PolicySet;
  /** The moment of the decision is that of the reading, however long the lease and the policies took. */
  readonly now: EpochMs;
  readonly served: readonly Served[];
  /** Of the shard, and not of this turn. */
  readonly others: readonly Served[];
}

function rosterOf({ ports, request, errand }: Holding, set: PolicySet, overrides: readonly Override[]): Roster {
  const { shard, shards = 1 } = request;
  const now = ports.clock.now();
  const served: Served[] = [];
  const others: Served[] = [];
  for (const policy of servicesOfShard(set, shard, shards)) {
    const one = servedOf(policy, overrides, request);
    if (one.policy.mode !== 'off') (errand.concerns(one.policy) ? served : others).push(one);
  }
  return { set, now, served, others };
}

/** What is remembered and what is seen, the services in the order of the roster. */
interface Known {
  readonly stored: readonly LoadedService[];
  readonly rings: ShardRings;
  readonly observed: ObservedShard;
}

function learn({ ports, request, lease, errand }: Holding, { served, now }: Roster) {
  const { abort } = request;
  const arns = served.map(({ arn }) => arn);
  const policies = served.map(({ policy }) => policy);
  return together(
    ports.store.load(arns, abort),
    ports.store.loadRings(lease.shard, abort),
    observe(ports, policies, now, abort, errand.events),
  );
}

/** Each service alone, then what its group, AWS and the shard's breaker leave of its wish; at once where nothing more must be asked. */
function judgeAll(holding: Holding, roster: Roster, known: Known): Soon {
  const alone = judgeEach(holding, roster, known);
  const rest = (judged: readonly Judged[]) => shareRoom(holding, roster, known, judged);
  return alone instanceof Promise ? alone.then(rest) : rest(alone);
}

type Soon = readonly Judged[] | Promise<readonly Judged[]>;

function judgeEach({ ports, request }: Holding, { now, served }: Roster, { stored, rings, observed }: Known): Soon {
  const judgeOne = (index: number, seen: Observed) => {
    const one = served[index] as Served;
    return judge(one, stored[index] as LoadedService, rings.rings[one.arn], rings.tallies?.[one.arn], seen, now);
  };
  return judgedCloser(ports.services, observed.services, judgeOne, request.abort);
}

function shareRoom(
  { ports, request, lease }: Holding,
  { set, now, others }: Roster,
  { rings }: Known,
  judged: readonly Judged[],
): Soon {
  const standings = others.map((one) => standing(one, rings));
  const grouped = shareAmong(judged, set.groups, standings);
  const held = (fitting: readonly Judged[]) => heldByShard(fitting, rings.shard?.breaker, now);
  const { headroom } = ports;
  if (headroom === undefined) return held(grouped);
  return withHeadroom(headroom, lease.shard, grouped, standings, now, request.abort).then(held);
}

/** A member of a group that is not of this turn. */
function standing({ policy, arn }: Served, { rings }: ShardRings) {
  return { name: nameText(policy), standsAt: lastCountOf(rings[arn]) };
}

/** `acted`: of those that could be decided, in their order. */
function tellAll(
  { request }: Holding,
  { set, now }: Roster,
  judged: readonly Judged[],
  acted: readonly Acted[],
): readonly Told[] {
  const saying = { policyVersion: set.version, now, sentences: request.sentences ?? 'all' } as const;
  let next = 0;
  return judged.map((one) => tell(one, one.kind === 'deciding' ? acted[next++] : undefined, saying));
}

/** Rings in one write, and the ledger. A stale write of rings is harmless: a lost wish only delays a scale-in. */
function remember(
  { ports, request, lease }: Holding,
  { others }: Roster,
  before: ShardRings,
  shard: ShardMemory,
  told: readonly Told[],
): Promise<unknown> {
  const kept = keptOf(others, before);
  const rings: Record<string, Rings> = { ...kept.rings };
  const tallies: Record<string, Tally> = { ...kept.tallies };
  for (const { entry, rings: own, tally } of told) {
    rings[entry.arn] = own;
    if (tally !== undefined) tallies[entry.arn] = tally;
  }
  const saving = ports.store.saveRings(lease.shard, { rev: before.rev, rings, tallies, shard }, request.abort);
  const news: LedgerEntry[] = [];
  for (const one of told) if (one.news) news.push(one.entry);
  return news.length === 0 ? saving : together(saving, ports.ledger.record(news, request.abort));
}

/** What services that are not of this turn remember. */
function keptOf(others: readonly Served[], { rings, tallies }: ShardRings): Pick<ShardRings, 'rings' | 'tallies'> {
  if (others.length === 0) return { rings: {}, tallies: {} };
  const kept = <T>(from: Readonly<Record<string, T>> = {}) =>
    Object.fromEntries(others.flatMap(({ arn }) => (from[arn] === undefined ? [] : [[arn, from[arn]]])));
  return { rings: kept(rings), tallies: kept(tallies) };
}

function reportOf(
  { request, errand: { events, refused } }: Holding,
  { set, now }: Roster,
  { signalsRead, signalsFailed }: ObservedShard,
  entries: Ticked['entries'],
  breakersOpen: number,
): Ticked {
  const expectedAt = request.dueAt ?? request.scheduledAt;
  const common = { kind: 'ticked', now, policyVersion: set.version } as const;
  const counted = { ...common, signalsRead, signalsFailed, entries, breakersOpen };
  const report = expectedAt === undefined ? counted : { ...counted, lateSeconds: (now - expectedAt) / 1000 };
  return events.length + refused.length === 0 ? report : { ...report, events: { taken: events.length, refused } };
}
