/**
 * One turn of the loop over a shard of services: lease → recall → observe → decide → act → remember. Lambda, simulator and local run all
 * call this; only the ports differ.
 */
import { decide } from '../policy/decide.ts';
import { explain } from '../policy/explain.ts';
import { type Member, shareOut } from '../policy/groups.ts';
import type { EpochMs, Group, Override, ServicePolicy } from '../policy/policy.ts';
import { EMPTY_STATE, type Rings } from '../policy/state.ts';
import { type Acted, actOn, type Deciding } from './act.ts';
import { recall } from './memory.ts';
import { type Observed, observe } from './observe.ts';
import { modeOf, overridesOf } from './override-scope.ts';
import {
  arnOf,
  type Lease,
  type LedgerEntry,
  type LoadedService,
  type Outcome,
  type Ports,
  type ShardRings,
  type TickReport,
  type TickRequest,
} from './ports.ts';

export async function tick(ports: Ports, request: TickRequest): Promise<TickReport> {
  const now = ports.clock.now();
  const leased = await ports.store.acquire(request.shard, request.owner, now, request.abort);
  if (leased.kind === 'busy') return leased;
  let report: TickReport;
  try {
    report = await turn(ports, request, leased.lease, now);
  } catch (fault) {
    await giveBack(ports, leased.lease, fault);
    throw fault;
  }
  await giveBack(ports, leased.lease);
  return report;
}

/** The lease goes back also where the tick was aborted; a second fault never hides the first. */
async function giveBack(ports: Ports, lease: Lease, first?: unknown): Promise<void> {
  const neverAborted = new AbortController().signal;
  try {
    await ports.store.release(lease, neverAborted);
  } catch (fault) {
    if (first === undefined) throw fault;
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

async function turn(ports: Ports, request: TickRequest, lease: Lease, now: EpochMs): Promise<TickReport> {
  const { abort } = request;
  const [set, overrides] = await Promise.all([ports.policies.load(abort), ports.overrides.list(now, abort)]);
  const served = set.services
    .map((policy) => servedOf(policy, overrides, request))
    .filter(({ policy }) => policy.mode !== 'off');
  const [stored, shardRings, observed] = await Promise.all([
    ports.store.load(
      served.map(({ arn }) => arn),
      abort,
    ),
    ports.store.loadRings(lease.shard, abort),
    observe(
      ports,
      served.map(({ policy }) => policy),
      now,
      abort,
    ),
  ]);
  const judged = served.map((one, index) =>
    judge(one, stored[index] as LoadedService, shardRings.rings[one.arn], observed.services[index] as Observed, now),
  );
  const shared = shareAmong(judged, set.groups);
  const deciding = shared.filter((one): one is Decidable => one.kind === 'deciding');
  const acted = await actOn({ ports, request, lease, now }, deciding);
  const told = shared.map((one) => tell(one, acted[deciding.indexOf(one as Decidable)], set.version, now));
  await remember(ports, lease.shard, shardRings, told, abort);
  return {
    kind: 'ticked',
    now,
    policyVersion: set.version,
    ...(request.scheduledAt === undefined ? {} : { lateSeconds: (now - request.scheduledAt) / 1000 }),
    entries: told.map(({ entry }) => entry),
    signalsRead: observed.signalsRead,
    signalsFailed: observed.signalsFailed,
  };
}

interface Served {
  readonly policy: ServicePolicy;
  readonly arn: string;
  readonly overrides: readonly Override[];
}

function servedOf(policy: ServicePolicy, all: readonly Override[], request: TickRequest): Served {
  const overrides = overridesOf(all, policy);
  const mode = modeOf(policy, overrides);
  return {
    policy: mode === policy.mode ? policy : { ...policy, mode },
    arn: arnOf(request.account, policy),
    overrides,
  };
}

type Decidable = Deciding & { readonly kind: 'deciding' };
type Judged = Decidable | Unserved;

/** A service that could not be decided: why, in one clause, and the rings it keeps. */
interface Unserved extends Served {
  readonly kind: 'unserved';
  readonly outcome: Outcome;
  readonly cause: string;
  readonly rings: Rings | undefined;
}

function judge(
  served: Served,
  stored: LoadedService,
  rings: Rings | undefined,
  observed: Observed,
  now: EpochMs,
): Judged {
  const unserved = (outcome: Outcome, cause: string): Unserved => ({
    kind: 'unserved',
    ...served,
    outcome,
    cause,
    rings,
  });
  if (observed.kind === 'unseen') return unserved(observed.outcome, observed.cause);
  const { observation } = observed;
  const memory = recall(stored, rings, observation.service.desired, now);
  if (memory.kind === 'corrupt') return unserved('corrupt', `the stored state cannot be read: ${memory.cause}`);
  if (memory.kind === 'settling') {
    const { from, to } = memory.intent;
    return unserved(
      'settling',
      `whether ${from} → ${to} was taken is settled at ${new Date(memory.until).toISOString()}`,
    );
  }
  const decided = decide(served.policy, memory.state, observation, now, served.overrides);
  return { kind: 'deciding', policy: served.policy, arn: served.arn, memory, decided };
}

/** What the groups have room for; a member that could not be decided keeps what it was last seen to have. */
function shareAmong(judged: readonly Judged[], groups: readonly Group[]): readonly Judged[] {
  if (groups.length === 0) return judged;
  const members = judged.map((one): Member => {
    const name = `${one.policy.cluster}/${one.policy.service}`;
    if (one.kind === 'deciding') return { name, decided: one.decided, standsAt: one.decided.decision.from };
    return { name, standsAt: one.rings?.counts.at(-1)?.[1] ?? 0 };
  });
  const shared = shareOut(members, groups);
  return judged.map((one, index) => {
    const decided = shared[index];
    return one.kind === 'deciding' && decided !== undefined ? { ...one, decided } : one;
  });
}

/** What is reported of one service, and what its rings are from now on. */
interface Told {
  readonly entry: LedgerEntry;
  readonly rings: Rings;
  /** It says something that the last entry of the ledger did not. */
  readonly news: boolean;
}

function tell(judged: Judged, acted: Acted | undefined, policyVersion: string, now: EpochMs): Told {
  const { cluster, service } = judged.policy;
  const place = { v: 1, cluster, service, arn: judged.arn, at: now, policyVersion } as const;
  if (judged.kind === 'unserved' || acted === undefined) {
    const { outcome, cause, rings } = judged as Unserved;
    const decision = { action: 'hold', from: 0, to: 0 } as const;
    const sentence = `not decided: ${cause}`;
    const mind = `${outcome} ${cause}`;
    return withMind({ ...place, decision, outcome, sentence, reasons: [] }, rings, mind);
  }
  const { decided } = judged;
  const { decision, reasons } = decided;
  const entry: LedgerEntry = {
    ...place,
    decision,
    outcome: acted.outcome,
    sentence: explain(decided),
    reasons,
    ...(acted.error === undefined ? {} : { error: acted.error }),
  };
  return withMind(entry, acted.state.rings, mindOf(entry));
}

/** Changes of the count are always news; of a hold the kinds of its reasons, not their numbers. */
function mindOf({ outcome, decision, reasons }: LedgerEntry): string {
  const said = reasons.map((reason) =>
    reason.kind === 'vote' ? `${reason.name} ${reason.vote} ${reason.why}` : reason.kind,
  );
  return `${outcome} ${decision.action} ${decision.to}: ${said.join(', ')}`;
}

function withMind(entry: LedgerEntry, rings: Rings | undefined, mind: string): Told {
  const kept = rings ?? EMPTY_STATE.rings;
  return { entry, rings: { ...kept, mind }, news: kept.mind !== mind || entry.outcome === 'changed' };
}

/** Rings in one write, then the ledger. A stale write of rings is harmless: a lost wish only delays a scale-in. */
async function remember(
  ports: Ports,
  shard: string,
  before: ShardRings,
  told: readonly Told[],
  abort: AbortSignal,
): Promise<void> {
  const rings: Record<string, Rings> = {};
  for (const { entry, rings: own } of told) rings[entry.arn] = own;
  const news = told.filter((one) => one.news).map(({ entry }) => entry);
  await Promise.all([
    ports.store.saveRings(shard, { rev: before.rev, rings }, abort),
    news.length === 0 ? undefined : ports.ledger.record(news, abort),
  ]);
}
