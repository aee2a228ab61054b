/**
 * One turn of the loop over a shard of services: lease → recall → observe → decide → act → remember. Lambda, simulator and local run all
 * call this; only the ports differ.
 */
import type { Tally } from '../counterfactual/tally.ts';
import type { EpochMs } from '../policy/policy.ts';
import type { Rings } from '../policy/state.ts';
import { actOn } from './act.ts';
import { type Decidable, judge, servedOf, shareAmong } from './judge.ts';
import { type Observed, observe } from './observe.ts';
import type { Lease, LoadedService, Ports, ShardRings, TickReport, TickRequest } from './ports.ts';
import { servicesOfShard } from './shards.ts';
import { type Told, tell } from './tell.ts';
import { together } from './together.ts';

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
  await ports.store.release(leased.lease, NEVER_ABORTED);
  return report;
}

/** The lease goes back also where the tick was aborted. */
const NEVER_ABORTED = new AbortController().signal;

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

async function turn(ports: Ports, request: TickRequest, lease: Lease, now: EpochMs): Promise<TickReport> {
  const { abort } = request;
  const [set, overrides] = await together(ports.policies.load(abort), ports.overrides.list(now, abort));
  const served = servicesOfShard(set, request.shard, request.shards ?? 1)
    .map((policy) => servedOf(policy, overrides, request))
    .filter(({ policy }) => policy.mode !== 'off');
  const [stored, shardRings, observed] = await together(
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
  );
  const judged = served.map((one, index) => {
    const [rings, tally] = [shardRings.rings[one.arn], shardRings.tallies?.[one.arn]];
    return judge(one, stored[index] as LoadedService, rings, tally, observed.services[index] as Observed, now);
  });
  const shared = shareAmong(judged, set.groups);
  const deciding = shared.filter((one): one is Decidable => one.kind === 'deciding');
  const { acted, updates } = await actOn({ ports, request, lease, now }, deciding, shardRings.shard?.updates);
  const told = shared.map((one) => tell(one, acted[deciding.indexOf(one as Decidable)], set.version, now));
  await remember(ports, lease.shard, { rev: shardRings.rev, rings: {}, shard: { updates } }, told, abort);
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

/** Rings in one write, and the ledger. A stale write of rings is harmless: a lost wish only delays a scale-in. */
function remember(
  ports: Ports,
  shard: string,
  memory: ShardRings,
  told: readonly Told[],
  abort: AbortSignal,
): Promise<unknown> {
  const rings: Record<string, Rings> = {};
  const tallies: Record<string, Tally> = {};
  for (const { entry, rings: own, tally } of told) {
    rings[entry.arn] = own;
    if (tally !== undefined) tallies[entry.arn] = tally;
  }
  const saving = ports.store.saveRings(shard, { ...memory, rings, tallies }, abort);
  const news = told.filter((one) => one.news).map(({ entry }) => entry);
  return news.length === 0 ? saving : together(saving, ports.ledger.record(news, abort));
}
