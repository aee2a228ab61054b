/** What a service's tasks are: their size and what they run on, by its description and its task definition. */
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import type { ServiceName } from '../policy/policy.ts';
import type { Clients } from './clients.ts';
import { type Asked, unknown } from './headroom/asked.ts';
import { sizeOf } from './headroom/instances.ts';
import { providersOf, readServices, readTaskDefinitions, taskDefinitionOf } from './headroom/tasks.ts';

export interface TaskFacts {
  readonly vcpus: number;
  readonly gb: number;
  readonly architecture: 'X86_64' | 'ARM64';
  readonly isWindows: boolean;
  /** Capacity providers, or the launch type. */
  readonly providers: readonly string[];
}

export async function readTaskFacts(
  clients: Pick<Clients, 'ecs' | 'limits'>,
  name: ServiceName,
  abort: AbortSignal,
): Promise<Asked<TaskFacts>> {
  const [service = unknown('ECS was not asked')] = await readServices(clients, [name], abort);
  if (service.kind === 'unknown') return service;
  const arn = taskDefinitionOf(service.value);
  if (arn === undefined) return unknown('the service names none');
  const task = (await readTaskDefinitions(clients, [arn], abort)).get(arn) ?? unknown('ECS was not asked');
  return task.kind === 'unknown' ? task : taskFactsOf(service.value, task.value);
}

/** Unknown: neither the task nor its containers have a size. */
export function taskFactsOf(service: Service, task: TaskDefinition): Asked<TaskFacts> {
  const { cpu, memory } = sizeOf(task);
  if (!(cpu > 0 && memory > 0)) return unknown('it names no size');
  const { cpuArchitecture, operatingSystemFamily } = task.runtimePlatform ?? {};
  const value: TaskFacts = {
    vcpus: cpu / 1024,
    gb: memory / 1024,
    architecture: cpuArchitecture === 'ARM64' ? 'ARM64' : 'X86_64',
    isWindows: operatingSystemFamily?.startsWith('WINDOWS') ?? false,
    providers: [...providersOf(service).keys()],
  };
  return { kind: 'known', value };
}
