/** `ListTasks` and `DescribeTasks` of tasks that stopped, which ECS remembers for an hour. Those that run are not modelled one by one. */
import type { PlantStoppedTask } from '../../sim/types.ts';
import { AwsError } from '../aws-error.ts';
import { integer, type JsonObject, text, texts } from '../json-input.ts';
import { type EcsRegistry, type EcsService, invalid } from './services.ts';

const MOST = 100;
const KEPT_MS = 3_600_000;

export function listTasks(registry: EcsRegistry, input: JsonObject): object {
  const { name: cluster, services } = registry.cluster(text(input, 'cluster'));
  if (text(input, 'desiredStatus') !== 'STOPPED')
    throw new AwsError(400, 'UnsupportedFeatureException', 'The local cloud lists stopped tasks only.');
  const named = text(input, 'serviceName');
  const service = named === undefined ? undefined : services.get(registry.serviceName(named, cluster));
  if (service === undefined) throw new AwsError(400, 'ServiceNotFoundException', 'Service not found.');
  const most = integer(input, 'maxResults') ?? MOST;
  if (most < 1 || most > MOST) throw invalid(`maxResults must be between 1 and ${MOST}, and is ${most}.`);
  return {
    taskArns: stoppedOf(service)
      .slice(0, most)
      .map((task) => taskArn(registry, service, task)),
  };
}

export function describeTasks(registry: EcsRegistry, input: JsonObject): object {
  const { services } = registry.cluster(text(input, 'cluster'));
  const asked = texts(input, 'tasks');
  if (asked.length === 0) throw invalid('Tasks cannot be empty.');
  if (asked.length > MOST) throw invalid(`tasks can have at most ${MOST} items.`);
  const known = new Map(
    [...services.values()].flatMap((service) =>
      stoppedOf(service).map((task) => [taskArn(registry, service, task), taskJson(registry, service, task)] as const),
    ),
  );
  return {
    tasks: asked.flatMap((arn) => known.get(arn) ?? []),
    failures: asked.flatMap((arn) => (known.has(arn) ? [] : [{ arn, reason: 'MISSING' }])),
  };
}

function stoppedOf({ plant }: EcsService): readonly PlantStoppedTask[] {
  return (plant.view().stopped ?? []).filter(({ at }) => at > plant.now - KEPT_MS);
}

/** The same task keeps its ARN over all reads; one that was tried again is another. */
function taskArn({ arnPrefix }: EcsRegistry, { cluster, name }: EcsService, { id, at }: PlantStoppedTask): string {
  const hex = Buffer.from(`${name} ${id} ${at}`).toString('hex').slice(-32).padStart(32, '0');
  return `${arnPrefix}:task/${cluster}/${hex}`;
}

function taskJson(registry: EcsRegistry, service: EcsService, task: PlantStoppedTask): object {
  const { at, stopCode, reason, exitCode } = task;
  return {
    taskArn: taskArn(registry, service, task),
    clusterArn: `${registry.arnPrefix}:cluster/${service.cluster}`,
    group: `service:${service.name}`,
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    stoppedAt: at / 1000,
    stopCode,
    stoppedReason: reason,
    containers: [{ name: 'app', lastStatus: 'STOPPED', ...(exitCode === undefined ? {} : { exitCode }) }],
  };
}
