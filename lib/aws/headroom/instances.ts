/** Room on a cluster's own instances, where nothing adds instances by itself. */
import {
  type ContainerInstance,
  DescribeCapacityProvidersCommand,
  DescribeContainerInstancesCommand,
  type ECSClient,
  ListContainerInstancesCommand,
  type Resource,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { Pool } from '../../policy/headroom/findings.ts';
import { limited } from '../call.ts';
import { type Asked, asking } from './asked.ts';

/** Instances a page, and instances that one call describes. */
const PAGE = 100;
const MOST_PAGES = 10;

/** Units of CPU (1,024 a vCPU) and MiB. */
export interface TaskSize {
  readonly cpu: number;
  readonly memory: number;
}

export class InstanceReader {
  readonly #ecs: ECSClient;
  readonly #callMs: number;
  readonly #abort: AbortSignal;
  readonly #instances = new Map<string, Promise<Asked<readonly ContainerInstance[]>>>();

  constructor(ecs: ECSClient, callMs: number, abort: AbortSignal) {
    this.#ecs = ecs;
    this.#callMs = callMs;
    this.#abort = abort;
  }

  /** Those of the providers whose instances do not grow in number by themselves; a launch type never grows. */
  async fixed(providers: readonly string[]): Promise<Asked<readonly string[]>> {
    const launchTypes: readonly string[] = providers.filter((name) => name === 'EC2' || name === 'EXTERNAL');
    const named = providers.filter((name) => !launchTypes.includes(name));
    if (named.length === 0) return { kind: 'known', value: launchTypes };
    return asking(this.#abort, async () => {
      const command = new DescribeCapacityProvidersCommand({ capacityProviders: [...named] });
      const answer = await this.#ask((abortSignal) => this.#ecs.send(command, { abortSignal }));
      const isFixed = (name: string) => {
        const found = answer.capacityProviders?.find((provider) => provider.name === name);
        if (found === undefined) throw new Error(`ECS knows no capacity provider ${name}`);
        const { autoScalingGroupProvider: group } = found;
        return group !== undefined && group.managedScaling?.status !== 'ENABLED';
      };
      return [...launchTypes, ...named.filter(isFixed)];
    });
  }

  /** How many tasks of this size fit on the cluster, in tasks. */
  async room(cluster: string, size: TaskSize): Promise<Asked<Pool>> {
    const known = this.#instances.get(cluster) ?? asking(this.#abort, () => this.#list(cluster));
    this.#instances.set(cluster, known);
    const instances = await known;
    if (instances.kind === 'unknown') return instances;
    const sum = (which: 'remainingResources' | 'registeredResources') =>
      instances.value.reduce((total, instance) => total + fitting(instance[which] ?? [], size), 0);
    const pool = { kind: 'instances', name: cluster, free: sum('remainingResources') } as const;
    return { kind: 'known', value: { ...pool, limit: sum('registeredResources') } };
  }

  async #list(cluster: string): Promise<readonly ContainerInstance[]> {
    const found: ContainerInstance[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const list = new ListContainerInstancesCommand({ cluster, maxResults: PAGE, status: 'ACTIVE', nextToken });
      const listed = await this.#ask((abortSignal) => this.#ecs.send(list, { abortSignal }));
      const containerInstances = listed.containerInstanceArns ?? [];
      if (containerInstances.length > 0) {
        const describe = new DescribeContainerInstancesCommand({ cluster, containerInstances });
        const answer = await this.#ask((abortSignal) => this.#ecs.send(describe, { abortSignal }));
        found.push(...(answer.containerInstances ?? []));
      }
      nextToken = listed.nextToken;
      if (nextToken === undefined) return found.filter(({ agentConnected }) => agentConnected !== false);
    }
    throw new Error(`cluster ${cluster} has more than ${MOST_PAGES * PAGE} instances`);
  }

  #ask<T>(send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return limited(this.#callMs, this.#abort, send);
  }
}

function fitting(resources: readonly Resource[], { cpu, memory }: TaskSize): number {
  const of = (name: string) => resources.find((resource) => resource.name === name)?.integerValue ?? 0;
  const times = (units: number, perTask: number) =>
    perTask > 0 ? Math.floor(units / perTask) : Number.MAX_SAFE_INTEGER;
  const most = Math.min(times(of('CPU'), cpu), times(of('MEMORY'), memory));
  return most === Number.MAX_SAFE_INTEGER ? 0 : Math.max(0, most);
}

/** Of the task, or of its containers together. */
export function sizeOf({ cpu, memory, containerDefinitions = [] }: TaskDefinition): TaskSize {
  const sum = (of: (container: (typeof containerDefinitions)[number]) => number) =>
    containerDefinitions.reduce((total, container) => total + of(container), 0);
  return {
    cpu: Number(cpu ?? sum((container) => container.cpu ?? 0)),
    memory: Number(memory ?? sum(({ memory: hard, memoryReservation = 0 }) => hard ?? memoryReservation)),
  };
}
