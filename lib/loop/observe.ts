/** Reads everything that a shard's decisions need, in as few calls as the ports allow. */
import type { Observation, Reading } from '../policy/observation.ts';
import type { EpochMs, ServicePolicy } from '../policy/policy.ts';
import { periodsNeeded } from '../policy/requirements.ts';
import type { Ports, ServiceDescription, SignalQuery } from './ports.ts';

export type Observed =
  | { readonly kind: 'seen'; readonly observation: Observation }
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
): Promise<ObservedShard> {
  const queries = policies.flatMap(queriesOf);
  const [described, readings] = await Promise.all([
    policies.length === 0 ? [] : ports.services.describe(policies, abort),
    queries.length === 0 ? [] : ports.signals.read(queries, now, abort),
  ]);
  let next = 0;
  const services = policies.map((policy, index) => {
    const signals: Record<string, Reading> = {};
    for (const name of Object.keys(policy.signals)) signals[name] = readings[next++] as Reading;
    return observedOf(described[index] as ServiceDescription, signals);
  });
  const signalsFailed = readings.filter(({ status }) => status !== 'complete').length;
  return { services, signalsRead: readings.length - signalsFailed, signalsFailed };
}

/** In the order of the policy's signals. */
function queriesOf(policy: ServicePolicy): readonly SignalQuery[] {
  const periods = periodsNeeded(policy);
  const { cluster, service } = policy;
  return Object.entries(policy.signals).map(([name, spec]) => ({
    cluster,
    service,
    name,
    spec,
    periods: periods[name] ?? 1,
  }));
}

function observedOf(described: ServiceDescription, signals: Readonly<Record<string, Reading>>): Observed {
  if (described.kind !== 'found') return { kind: 'unseen', outcome: described.kind, cause: described.cause };
  if (described.status !== 'ACTIVE') {
    return { kind: 'unseen', outcome: 'unsupported', cause: `the service is ${described.status}` };
  }
  if (described.schedulingStrategy === 'DAEMON') {
    return { kind: 'unseen', outcome: 'unsupported', cause: 'a DAEMON service has no desired count' };
  }
  const { desired, running, pending, deploying } = described;
  return { kind: 'seen', observation: { service: { desired, running, pending, deploying }, signals } };
}
