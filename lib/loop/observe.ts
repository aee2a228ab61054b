/** Reads everything that a shard's decisions need, in as few calls as the ports allow. */
import type { ForeignUpdate, Observation, Reading, ServiceObservation } from '../policy/observation.ts';
import type { EpochMs, ServicePolicy, SignalSource, SignalSpec } from '../policy/policy.ts';
import { periodsNeeded } from '../policy/requirements.ts';
import type { Ports, ServiceDescription, ShardEvent, SignalQuery } from './ports.ts';
import { pushedTo, readPushed } from './pushed.ts';
import { together } from './together.ts';

export type Observed =
  | { readonly kind: 'seen'; readonly observation: Observation; readonly targetGroups: readonly string[] }
  | { readonly kind: 'unseen'; readonly outcome: 'missing' | 'unreadable' | 'unsupported'; readonly cause: string };

export interface ObservedShard {
  /** In the order of the policies. */
  readonly services: readonly Observed[];
  readonly signalsRead: number;
  readonly signalsFailed: number;
}

export async function observe(
  ports: Pick<Ports, 'services' | 'signals'>,
  policies: readonly ServicePolicy[],
  now: EpochMs,
  abort: AbortSignal,
  events: readonly ShardEvent[] = [],
): Promise<ObservedShard> {
  const [described, readings] = await readBoth(ports, policies, now, abort);
  let next = 0;
  const services = policies.map((policy, index) => {
    const signals: Record<string, Reading> = {};
    const pushed = pushedTo(policy, events);
    for (const name of Object.keys(policy.signals)) {
      const spec = policy.signals[name] as SignalSpec;
      signals[name] = isAsked(spec) ? (readings[next++] as Reading) : readPushed(name, spec, pushed, now);
    }
    return observedOf(described[index] as ServiceDescription, signals, updateOf(policy, events));
  });
  let signalsFailed = 0;
  for (const { status } of readings) if (status !== 'complete') signalsFailed++;
  return { services, signalsRead: readings.length - signalsFailed, signalsFailed };
}

/** Both at once, unless a signal can only be asked for with what the description says: then one after the other. */
function readBoth(
  { services, signals }: Pick<Ports, 'services' | 'signals'>,
  policies: readonly ServicePolicy[],
  now: EpochMs,
  abort: AbortSignal,
): Promise<readonly [readonly ServiceDescription[], readonly Reading[]]> {
  const describing = policies.length === 0 ? [] : services.describe(policies, abort);
  const read = (facts: readonly ServiceDescription[]) => {
    const queries: SignalQuery[] = [];
    for (const [index, policy] of policies.entries()) queries.push(...queriesOf(policy, facts[index]));
    return together(describing, queries.length === 0 ? [] : signals.read(queries, now, abort));
  };
  const factsFirst = policies.some((policy) => Object.values(policy.signals).some(({ source }) => needsFacts(source)));
  return factsFirst ? Promise.resolve(describing).then(read) : read([]);
}

/** Read by target group, and those are the service's. */
function needsFacts(source: SignalSource): boolean {
  return source.kind === 'alb' || (source.kind === 'share' && needsFacts(source.part));
}

/** Nobody is asked for a number that is pushed. */
const isAsked = ({ source }: SignalSpec) => source.kind !== 'pushed';

/** Of services about which nothing needs to be found first: the same at every tick. */
const QUERIES = new WeakMap<ServicePolicy, readonly SignalQuery[]>();

function queriesOf(policy: ServicePolicy, facts: ServiceDescription | undefined): readonly SignalQuery[] {
  if (facts !== undefined) return queriesWith(policy, facts);
  const known = QUERIES.get(policy);
  if (known !== undefined) return known;
  const queries = queriesWith(policy, undefined);
  QUERIES.set(policy, queries);
  return queries;
}

/** In the order of the policy's signals. */
function queriesWith(policy: ServicePolicy, facts: ServiceDescription | undefined): readonly SignalQuery[] {
  const periods = periodsNeeded(policy);
  const { cluster, service } = policy;
  const found = facts?.kind === 'found' ? { targetGroups: facts.targetGroups ?? [] } : {};
  const asked = Object.entries(policy.signals).filter(([, spec]) => isAsked(spec));
  return asked.map(([name, spec]) => ({
    cluster,
    service,
    name,
    spec,
    periods: periods[name] ?? 1,
    ...found,
  }));
}

/** The newest call of somebody else that events tell of. */
function updateOf({ cluster, service }: ServicePolicy, events: readonly ShardEvent[]): ForeignUpdate | undefined {
  const last = events.findLast((one) => one.kind === 'updated' && one.cluster === cluster && one.service === service);
  return last?.kind === 'updated' ? { at: last.at, desired: last.desired, principal: last.principal } : undefined;
}

function observedOf(
  described: ServiceDescription,
  signals: Readonly<Record<string, Reading>>,
  update: ForeignUpdate | undefined,
): Observed {
  if (described.kind !== 'found') return { kind: 'unseen', outcome: described.kind, cause: described.cause };
  if (described.status !== 'ACTIVE') {
    return { kind: 'unseen', outcome: 'unsupported', cause: `the service is ${described.status}` };
  }
  if (described.schedulingStrategy === 'DAEMON') {
    return { kind: 'unseen', outcome: 'unsupported', cause: 'a DAEMON service has no desired count' };
  }
  if (described.isExpress === true) {
    return { kind: 'unseen', outcome: 'unsupported', cause: 'an Express service is scaled by ECS itself' };
  }
  const { desired, running, pending, deploying, trouble, deployment, inService, targetGroups = [] } = described;
  // Of task sets that run a share of the desired count, all that were asked for run.
  let service: ServiceObservation = { desired, running: Math.max(running, inService ?? 0), pending, deploying };
  if (inService !== undefined) service = { ...service, inService };
  if (deployment !== undefined) service = { ...service, deployment };
  if (trouble !== undefined) service = { ...service, trouble };
  if (update !== undefined) service = { ...service, update };
  // Where the counts were set right already, targets of several task sets say nothing more.
  return { kind: 'seen', observation: { service, signals }, targetGroups: inService === undefined ? targetGroups : [] };
}
