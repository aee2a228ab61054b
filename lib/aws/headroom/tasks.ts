/** What services and their tasks are made of: `DescribeServices`, and each task definition once. */
import {
  type ContainerDefinition,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type Service,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { ServiceName } from '../../policy/policy.ts';
import { nameText } from '../../policy/service-name.ts';
import { batchesOf, inParallel } from '../batches.ts';
import { limited } from '../call.ts';
import { groupedBy } from '../grouped.ts';
import { type Asked, asking, unknown } from './asked.ts';
import type { HeadroomClients } from './clients.ts';

const SERVICES_PER_CALL = 10;
const CALLS_AT_ONCE = 4;

/** In the order asked. */
export async function readServices(
  { ecs, limits }: Pick<HeadroomClients, 'ecs' | 'limits'>,
  names: readonly ServiceName[],
  abort: AbortSignal,
): Promise<readonly Asked<Service>[]> {
  const calls = [...groupedBy(names, ({ cluster }) => cluster)].flatMap(([cluster, members]) =>
    batchesOf(SERVICES_PER_CALL, [...new Set(members.map(({ service }) => service))]).map((services) => ({
      cluster,
      services,
    })),
  );
  const found = new Map<string, Asked<Service>>();
  await inParallel(CALLS_AT_ONCE, calls, async ({ cluster, services }) => {
    const command = new DescribeServicesCommand({ cluster, services });
    const answer = await asking(abort, () =>
      limited(limits.callMs, abort, (abortSignal) => ecs.send(command, { abortSignal })),
    );
    for (const service of services) found.set(`${cluster}/${service}`, ofAnswer(answer, service));
  });
  return names.map((name) => found.get(nameText(name)) ?? unknown('ECS was not asked'));
}

type Answer = Asked<{ readonly services?: Service[] | undefined }>;

function ofAnswer(answer: Answer, name: string): Asked<Service> {
  if (answer.kind === 'unknown') return answer;
  const service = answer.value.services?.find(({ serviceName }) => serviceName === name);
  return service === undefined ? unknown('ECS knows no such service') : { kind: 'known', value: service };
}

/** By ARN; each is asked for once. */
export async function readTaskDefinitions(
  { ecs, limits }: Pick<HeadroomClients, 'ecs' | 'limits'>,
  arns: readonly string[],
  abort: AbortSignal,
): Promise<ReadonlyMap<string, Asked<TaskDefinition>>> {
  const each = [...new Set(arns)];
  const answers = await inParallel(CALLS_AT_ONCE, each, (taskDefinition) =>
    asking(abort, async () => {
      const command = new DescribeTaskDefinitionCommand({ taskDefinition });
      const answer = await limited(limits.callMs, abort, (abortSignal) => ecs.send(command, { abortSignal }));
      if (answer.taskDefinition === undefined) throw new Error(`ECS answered without ${taskDefinition}`);
      return answer.taskDefinition;
    }),
  );
  return new Map(each.map((arn, index) => [arn, answers[index] ?? unknown('ECS was not asked')]));
}

/** CODE_DEPLOY and EXTERNAL say in task sets what others say of the service. */
export function taskDefinitionOf({ taskDefinition, taskSets = [] }: Service): string | undefined {
  return taskDefinition ?? taskSets.find(({ status }) => status === 'PRIMARY')?.taskDefinition;
}

/** Shares of capacity providers, which sum to 1; a launch type is a provider of its name. */
export function providersOf({
  capacityProviderStrategy = [],
  launchType,
  taskSets = [],
}: Service): ReadonlyMap<string, number> {
  const primary = taskSets.find(({ status }) => status === 'PRIMARY');
  const strategy =
    capacityProviderStrategy.length > 0 ? capacityProviderStrategy : (primary?.capacityProviderStrategy ?? []);
  if (strategy.length === 0) return new Map([[launchType ?? primary?.launchType ?? 'EC2', 1]]);
  const weights = strategy.map(({ weight = 0 }) => weight);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return new Map(
    strategy.flatMap(({ capacityProvider = '', base = 0 }, index) => {
      // Without any weight everything goes to the base.
      const share = sum > 0 ? (weights[index] ?? 0) / sum : base > 0 ? 1 : 0;
      return share > 0 ? [[capacityProvider, share] as const] : [];
    }),
  );
}

export function subnetsOf({ networkConfiguration, taskSets = [] }: Service): readonly string[] {
  const own = networkConfiguration ?? taskSets.find(({ status }) => status === 'PRIMARY')?.networkConfiguration;
  return [...(own?.awsvpcConfiguration?.subnets ?? [])].sort();
}

/** Of ECS, where a container says nothing. */
const DEFAULT_STOP_SECONDS = 30;

export function essentialsOf({ containerDefinitions = [] }: TaskDefinition): readonly ContainerDefinition[] {
  return containerDefinitions.filter(({ essential }) => essential !== false);
}

export function stopTimeoutOf(task: TaskDefinition): number {
  return Math.min(...essentialsOf(task).map(({ stopTimeout }) => stopTimeout ?? DEFAULT_STOP_SECONDS), 86_400);
}
