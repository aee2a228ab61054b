/** ECS services: described in batches of ten a cluster, changed one at a time. */
import { DescribeServicesCommand, type Failure, type Service } from '@aws-sdk/client-ecs';
import type { ServiceDescription, Services } from '../loop/ports.ts';
import type { ServiceName } from '../policy/policy.ts';
import { nameText } from '../policy/service-name.ts';
import { batchesOf, inParallel } from './batches.ts';
import { clauseOf, limited, nameOf } from './call.ts';
import type { Clients } from './clients.ts';
import { deploymentOf, externalOf } from './deployment-facts.ts';
import { type Staged, staged, withStages } from './deployment-stage.ts';
import { type Pace, unpaced } from './describe-pace.ts';
import { isDeploying, targetGroupsOf, troubleOf } from './service-facts.ts';
import { setDesiredCount } from './set-desired-count.ts';
import { stoppedTasks } from './stopped-tasks.ts';
import { targetHealth } from './target-health.ts';

/** Of DescribeServices. */
const SERVICES_PER_CALL = 10;
const CALLS_AT_ONCE = 4;

type ServiceClients = Pick<Clients, 'ecs' | 'ecsOnce' | 'elb' | 'limits'>;

/** `pace` holds a sweep back to its share of the account's calls; a command that asks about one service needs none. */
export function awsServices(clients: ServiceClients, pace: Pace = unpaced): Services {
  return {
    async describe(names, abort) {
      const calls = [...byCluster(names)].flatMap(([cluster, services]) =>
        batchesOf(SERVICES_PER_CALL, [...services]).map((batch) => ({ cluster, services: batch })),
      );
      const answers = await inParallel(CALLS_AT_ONCE, calls, (call) => describeBatch(clients, call, pace, abort));
      const described = await withStages(clients, new Map(answers.flatMap((answer) => [...answer])), abort);
      return names.map((name) => described.get(nameText(name)) ?? unmentioned(name));
    },
    health: targetHealth(clients),
    stopped: stoppedTasks(clients),
    setDesiredCount: (name, desiredCount, abort) => setDesiredCount(clients.ecsOnce, name, desiredCount, abort),
  };
}

interface Batch {
  readonly cluster: string;
  readonly services: readonly string[];
}

/** A batch that fails says so of its own services; the others are served. Only the caller's abort is thrown. */
async function describeBatch(
  clients: Pick<Clients, 'ecs' | 'limits'>,
  { cluster, services }: Batch,
  pace: Pace,
  abort: AbortSignal,
): Promise<Map<string, Staged>> {
  const { ecs, limits } = clients;
  const command = new DescribeServicesCommand({ cluster, services: [...services] });
  try {
    await pace(abort);
    const answer = await limited(limits.callMs, abort, (abortSignal) => ecs.send(command, { abortSignal }));
    return new Map([
      ...(answer.failures ?? []).map(
        (failure) => [`${cluster}/${lastOf(failure.arn)}`, { description: failed(failure) }] as const,
      ),
      ...(answer.services ?? []).map(
        (service) => [`${cluster}/${service.serviceName}`, staged(described(service), service)] as const,
      ),
    ]);
  } catch (error) {
    if (abort.aborted) throw error;
    // One service that we may not see has the whole call refused: asked alone, each answers for itself.
    if (nameOf(error) === 'AccessDeniedException' && services.length > 1) {
      const alone = services.map((service) => ({ cluster, services: [service] }));
      const answers = await inParallel(CALLS_AT_ONCE, alone, (one) => describeBatch(clients, one, pace, abort));
      return new Map(answers.flatMap((answer) => [...answer]));
    }
    const kind = nameOf(error) === 'ClusterNotFoundException' ? 'missing' : 'unreadable';
    const description = { kind, cause: clauseOf(error) } as const;
    return new Map(services.map((service) => [`${cluster}/${service}`, { description }]));
  }
}

function byCluster(names: readonly ServiceName[]): Map<string, Set<string>> {
  const clusters = new Map<string, Set<string>>();
  for (const { cluster, service } of names) {
    clusters.set(cluster, (clusters.get(cluster) ?? new Set()).add(service));
  }
  return clusters;
}

const STATUSES = ['ACTIVE', 'DRAINING', 'INACTIVE'] as const;

function described(service: Service): ServiceDescription {
  const { serviceArn: arn, desiredCount: desired, runningCount: running, pendingCount: pending } = service;
  const status = STATUSES.find((known) => known === service.status);
  if (arn === undefined || desired === undefined || running === undefined || pending === undefined) {
    return { kind: 'unreadable', cause: 'ECS answered without the ARN or the counts' };
  }
  if (status === undefined) return { kind: 'unreadable', cause: `ECS answered with the status ${service.status}` };
  const schedulingStrategy = service.schedulingStrategy === 'DAEMON' ? 'DAEMON' : 'REPLICA';
  const targetGroups = targetGroupsOf(service);
  return {
    ...{ kind: 'found', arn, status, schedulingStrategy, desired, running, pending, deploying: isDeploying(service) },
    ...(targetGroups.length === 0 ? {} : { targetGroups }),
    ...troubleOf(service),
    ...deploymentOf(service),
    ...externalOf(service),
    ...(service.resourceManagementType === 'ECS' ? { isExpress: true } : {}),
  };
}

function failed({ arn, reason, detail }: Failure): ServiceDescription {
  if (reason === 'MISSING') return { kind: 'missing', cause: `ECS knows no service ${arn}` };
  return { kind: 'unreadable', cause: `ECS failed for it: ${reason ?? 'no reason'}${detail ? `, ${detail}` : ''}` };
}

/** HTTP 200 that names the service nowhere. */
function unmentioned(name: ServiceName): ServiceDescription {
  return { kind: 'unreadable', cause: `ECS answered without a word about ${nameText(name)}` };
}

/** Of an ARN, with the cluster's name in it or without. */
function lastOf(arn: string | undefined): string | undefined {
  return arn?.slice(arn.lastIndexOf('/') + 1);
}
