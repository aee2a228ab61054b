/** The hourly check of a shard's services: every fact is asked for once, and what cannot be found out is said and stops nothing. */
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Checker } from '../../loop/headroom-checks.ts';
import type { Findings, Pool, ServiceFinding } from '../../policy/headroom/findings.ts';
import { type OtherScaling, scalesIn } from '../../policy/headroom/other-scaling.ts';
import type { EpochMs, ServicePolicy } from '../../policy/policy.ts';
import { nameText } from '../../policy/service-name.ts';
import { targetGroupsOf } from '../service-facts.ts';
import { type Asked, asking, unknown } from './asked.ts';
import type { HeadroomClients } from './clients.ts';
import { FARGATE, FARGATE_SPOT, LAUNCHES_A_MINUTE, launchesOfService, readFargate } from './fargate.ts';
import { InstanceReader, sizeOf } from './instances.ts';
import { awsOtherScalings } from './other-scalings.ts';
import { addressesOf, readSubnets } from './subnets.ts';
import { type GroupFacts, TargetReader } from './targets.ts';
import { providersOf, readServices, readTaskDefinitions, subnetsOf, taskDefinitionOf } from './tasks.ts';
import { warningsOf } from './warnings.ts';

export type CheckerClients = Pick<HeadroomClients, 'ecs' | 'ec2' | 'elb' | 'cloudwatch' | 'scaling' | 'limits'>;

export function awsChecker(clients: CheckerClients, region: string): Checker {
  return { check: (policies, now, abort) => new Check(clients, region, now, abort).of(policies) };
}

/** A service as far as it was described. */
interface Seen {
  readonly policy: ServicePolicy;
  readonly service: Asked<Service>;
  readonly task: Asked<TaskDefinition>;
  readonly scaling: Asked<OtherScaling | undefined>;
}

const FARGATE_PROVIDERS = { FARGATE, FARGATE_SPOT } as const;

class Check {
  readonly #clients: CheckerClients;
  readonly #region: string;
  readonly #now: EpochMs;
  readonly #abort: AbortSignal;
  readonly #targets: TargetReader;
  readonly #instances: InstanceReader;
  readonly #pools = new Map<string, Asked<Pool>>();

  constructor(clients: CheckerClients, region: string, now: EpochMs, abort: AbortSignal) {
    const { callMs } = clients.limits;
    this.#clients = clients;
    this.#region = region;
    this.#now = now;
    this.#abort = abort;
    this.#targets = new TargetReader(clients.elb, callMs, abort);
    this.#instances = new InstanceReader(clients.ecs, callMs, abort);
  }

  async of(policies: readonly ServicePolicy[]): Promise<Findings> {
    const seen = await this.#see(policies);
    const known = seen.flatMap(({ service }) => (service.kind === 'known' ? [service.value] : []));
    const groups = await this.#targets.groups(known.flatMap(targetGroupsOf));
    const balancers = [...groups.values()].flatMap((one) => (one.kind === 'known' ? one.value.loadBalancers : []));
    for (const [arn, pool] of await this.#targets.pools(balancers)) this.#pools.set(`targets:${arn}`, pool);
    await this.#findAddresses(known);
    const services: Record<string, ServiceFinding> = {};
    for (const one of seen) {
      const { cluster, service } = one.policy;
      services[nameText({ cluster, service })] = await this.#finding(one, groups);
    }
    const pools = [...this.#pools].flatMap(([id, pool]) => (pool.kind === 'known' ? [[id, pool.value] as const] : []));
    return { checkedAt: this.#now, pools: Object.fromEntries(pools), services };
  }

  async #see(policies: readonly ServicePolicy[]): Promise<readonly Seen[]> {
    const scalings = await asking(this.#abort, () => awsOtherScalings(this.#clients).read(policies, this.#abort));
    const services = await readServices(this.#clients, policies, this.#abort);
    const arnOf = (service: Asked<Service> | undefined) =>
      service?.kind === 'known' ? taskDefinitionOf(service.value) : undefined;
    const arns = services.flatMap((service) => arnOf(service) ?? []);
    const tasks = await readTaskDefinitions(this.#clients, arns, this.#abort);
    return policies.map((policy, index) => {
      const service = services[index] ?? unknown('ECS was not asked');
      const scaling: Seen['scaling'] =
        scalings.kind === 'known' ? { kind: 'known', value: scalings.value[index] } : scalings;
      return {
        policy,
        service,
        scaling,
        task: tasks.get(arnOf(service) ?? '') ?? unknown('it has no task definition'),
      };
    });
  }

  async #findAddresses(services: readonly Service[]): Promise<void> {
    const sets = services.map(subnetsOf).filter((ids) => ids.length > 0);
    if (sets.length === 0) return;
    const subnets = await readSubnets(this.#clients, sets.flat(), this.#abort);
    for (const ids of sets) {
      const pool = subnets.kind === 'known' ? addressesOf(ids, subnets.value) : undefined;
      if (subnets.kind === 'unknown') this.#pools.set(`subnets:${ids}`, subnets);
      else if (pool !== undefined) this.#pools.set(`subnets:${ids}`, { kind: 'known', value: pool });
    }
  }

  async #finding(seen: Seen, groups: ReadonlyMap<string, Asked<GroupFacts>>): Promise<ServiceFinding> {
    const { policy, service, task, scaling } = seen;
    const doubts: string[] = [];
    const scaledBy =
      scaling.kind === 'known' ? { scaledBy: scaling.value === undefined ? [] : scalesIn(scaling.value) } : {};
    if (scaling.kind === 'unknown') doubts.push(`what else scales it: ${scaling.cause}`);
    if (service.kind === 'unknown' || task.kind === 'unknown') {
      const cause = service.kind === 'unknown' ? service.cause : task.kind === 'unknown' ? task.cause : '';
      return {
        counted: 0,
        needs: {},
        ...scaledBy,
        warnings: [],
        unknown: [...doubts, `what its tasks need: ${cause}`],
      };
    }
    const needs = await this.#needs(service.value, task.value, groups, doubts);
    const isFargate = 'launches' in needs || 'launches-spot' in needs;
    return {
      counted: service.value.runningCount ?? 0,
      needs,
      ...(isFargate ? { atOnce: launchesOfService(this.#region) } : {}),
      ...scaledBy,
      warnings: warningsOf(policy, service.value, task.value, groups),
      unknown: doubts,
    };
  }

  /** What one task uses up of each pool; adds to `doubts` what is not known of them. */
  async #needs(
    service: Service,
    task: TaskDefinition,
    groups: ReadonlyMap<string, Asked<GroupFacts>>,
    doubts: string[],
  ): Promise<Record<string, number>> {
    const needs: Record<string, number> = {};
    const take = (id: string, perTask: number, what: string) => {
      const pool = this.#pools.get(id);
      if (pool?.kind === 'known') needs[id] = (needs[id] ?? 0) + perTask;
      else if (pool !== undefined) doubts.push(`${what}: ${pool.cause}`);
    };
    await this.#takeCompute(service, task, take, doubts);
    take(`subnets:${subnetsOf(service)}`, 1, 'free addresses of its subnets');
    for (const arn of targetGroupsOf(service)) {
      const group = groups.get(arn);
      if (group?.kind === 'unknown') doubts.push(`target group ${arn.split(':targetgroup/')[1]}: ${group.cause}`);
      if (group?.kind !== 'known') continue;
      for (const balancer of group.value.loadBalancers) take(`targets:${balancer}`, 1, 'targets of its load balancer');
    }
    return needs;
  }

  async #takeCompute(
    service: Service,
    task: TaskDefinition,
    take: (id: string, perTask: number, what: string) => void,
    doubts: string[],
  ): Promise<void> {
    const providers = providersOf(service);
    const size = sizeOf(task);
    for (const [name, of] of Object.entries(FARGATE_PROVIDERS)) {
      const share = providers.get(name);
      if (share === undefined) continue;
      if (!this.#pools.has(of.id)) this.#pools.set(of.id, await readFargate(this.#clients, of, this.#now, this.#abort));
      const launches = of === FARGATE ? 'launches' : 'launches-spot';
      this.#pools.set(launches, { kind: 'known', value: { kind: 'launches', name: '', free: LAUNCHES_A_MINUTE } });
      take(of.id, (share * size.cpu) / 1024, 'the vCPU quota');
      take(launches, share, 'how fast tasks start');
    }
    const own = [...providers.keys()].filter((name) => !(name in FARGATE_PROVIDERS));
    const fixed = own.length === 0 ? undefined : await this.#instances.fixed(own);
    if (fixed?.kind === 'unknown') doubts.push(`room on its instances: ${fixed.cause}`);
    // Tasks that Fargate or growing instances may take as well are not bounded by the others.
    if (fixed?.kind !== 'known' || fixed.value.length < providers.size) return;
    const cluster = service.clusterArn?.split('/').at(-1) ?? '';
    const id = `instances:${cluster}:${size.cpu}:${size.memory}`;
    if (!this.#pools.has(id)) this.#pools.set(id, await this.#instances.room(cluster, size));
    take(id, 1, 'room on its instances');
  }
}
