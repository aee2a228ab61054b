/** What stands around the services of the local cloud: subnets, quotas, task definitions, target groups, instances. Told, not simulated. */
import type { Answer, AwsService } from './aws-service.ts';
import { type JsonObject, list, text, texts } from './json-input.ts';
import type { Operation } from './operations.ts';

export interface LocalSurroundings {
  /** By `cluster/service`. */
  readonly services?: Readonly<Record<string, LocalServiceFacts>>;
  readonly subnets?: readonly LocalSubnet[];
  /** What `SERVICE_QUOTA` answers, by the `Class` of the metric; none: nothing. */
  readonly quotas?: Readonly<Record<string, number>>;
  /** By name, as `DescribeAccountLimits` has them. */
  readonly accountLimits?: Readonly<Record<string, number>>;
  /** By the target group's ARN, seconds; 300 by default. */
  readonly deregistrationSeconds?: Readonly<Record<string, number>>;
  /** By cluster, as `DescribeContainerInstances` writes them, each with its `containerInstanceArn`. */
  readonly instances?: Readonly<Record<string, readonly (object & { readonly containerInstanceArn: string })[]>>;
  /** As `DescribeCapacityProviders` writes them. */
  readonly capacityProviders?: readonly { readonly name: string; readonly autoScalingGroupProvider?: object }[];
}

export interface LocalServiceFacts {
  /** Laid over what `DescribeServices` answers. */
  readonly service?: object;
  /** Laid over the task definition that its plant names. */
  readonly task?: object;
}

export interface LocalSubnet {
  readonly id: string;
  readonly cidr: string;
  readonly free: number;
}

const TASK = {
  cpu: '256',
  memory: '512',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  containerDefinitions: [{ name: 'app', essential: true }],
};

/** The same services, with answers about what stands around them. */
export function surrounded(services: readonly AwsService[], around: LocalSurroundings): AwsService[] {
  return services.map((service) => {
    const more = new Map<Operation, Answer>();
    const before = (operation: Operation): Answer => service.operations.get(operation) ?? (() => ({}));
    if (service.signingName === 'ecs') ecs(around, before, more);
    if (service.signingName === 'monitoring') cloudwatch(around, before, more);
    if (service.signingName === 'elasticloadbalancing') elb(around, before, more);
    return more.size === 0 ? service : { ...service, operations: new Map([...service.operations, ...more]) };
  });
}

type Before = (operation: Operation) => Answer;

function ecs(
  { services = {}, instances = {}, capacityProviders = [] }: LocalSurroundings,
  before: Before,
  more: Map<Operation, Answer>,
): void {
  more.set('DescribeServices', (input) => {
    const answer = before('DescribeServices')(input) as { readonly services: readonly DescribedJson[] };
    const laidOver = answer.services.map((one) => ({ ...one, ...services[nameOf(one)]?.service }));
    return { ...answer, services: laidOver };
  });
  more.set('DescribeTaskDefinition', (input) => {
    const arn = text(input, 'taskDefinition') ?? '';
    const family = (arn.split('task-definition/')[1] ?? arn).split(':')[0];
    const found = Object.entries(services).find(([name]) => name.split('/')[1] === family);
    return { taskDefinition: { ...TASK, taskDefinitionArn: arn, family, ...found?.[1].task } };
  });
  more.set('ListContainerInstances', (input) => {
    const own = instances[text(input, 'cluster') ?? ''] ?? [];
    return { containerInstanceArns: own.map(({ containerInstanceArn }) => containerInstanceArn) };
  });
  more.set('DescribeContainerInstances', (input) => {
    const asked = texts(input, 'containerInstances');
    const own = instances[text(input, 'cluster') ?? ''] ?? [];
    return {
      containerInstances: own.filter(({ containerInstanceArn }) => asked.includes(containerInstanceArn)),
      failures: [],
    };
  });
  more.set('DescribeCapacityProviders', (input) => {
    const asked = texts(input, 'capacityProviders');
    return { capacityProviders: capacityProviders.filter(({ name }) => asked.includes(name)), failures: [] };
  });
}

interface DescribedJson {
  readonly serviceName: string;
  readonly clusterArn: string;
}

function nameOf({ clusterArn, serviceName }: DescribedJson): string {
  return `${clusterArn.split(':cluster/')[1]}/${serviceName}`;
}

interface MetricResult {
  readonly Id: string;
  readonly Values: readonly number[];
}

/** `SERVICE_QUOTA(id)` is as long a series as its metric's, of one number. */
function cloudwatch({ quotas = {} }: LocalSurroundings, before: Before, more: Map<Operation, Answer>): void {
  more.set('GetMetricData', (input) => {
    const queries = (list(input, 'MetricDataQueries') ?? []) as readonly JsonObject[];
    const isQuota = (query: JsonObject) => String(query.Expression ?? '').startsWith('SERVICE_QUOTA(');
    const answer = before('GetMetricData')({ ...input, MetricDataQueries: queries.filter((one) => !isQuota(one)) }) as {
      readonly MetricDataResults: readonly MetricResult[];
    };
    const added = queries.filter(isQuota).flatMap((query) => {
      const of = /\((\w+)\)/.exec(String(query.Expression))?.[1];
      const result = answer.MetricDataResults.find(({ Id }) => Id === of);
      const quota = quotas[classOf(queries.find(({ Id }) => Id === of)) ?? ''];
      const Values = quota === undefined ? [] : (result?.Values ?? []).map(() => quota);
      return result === undefined ? [] : [{ ...result, Id: String(query.Id), Values }];
    });
    return { ...answer, MetricDataResults: [...answer.MetricDataResults, ...added] };
  });
}

/** The metric's dimension `Class`. */
function classOf(query: JsonObject | undefined): string | undefined {
  const found = JSON.stringify(query ?? {}).match(/"Name":"Class","Value":"([^"]+)"/);
  return found?.[1];
}

function elb(
  { accountLimits = {}, deregistrationSeconds = {} }: LocalSurroundings,
  before: Before,
  more: Map<Operation, Answer>,
): void {
  more.set('DescribeAccountLimits', () => ({
    Limits: Object.entries(accountLimits).map(([Name, Max]) => ({ Name, Max: String(Max) })),
  }));
  more.set('DescribeTargetGroupAttributes', (input) => {
    const seconds = deregistrationSeconds[text(input, 'TargetGroupArn') ?? ''] ?? 300;
    return { Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: String(seconds) }] };
  });
  more.set('DescribeTargetGroups', (input) => {
    const answer = before('DescribeTargetGroups')(input) as { readonly TargetGroups: readonly GroupJson[] };
    const balancer = text(input, 'LoadBalancerArn');
    const found = answer.TargetGroups.filter(
      ({ LoadBalancerArns }) => balancer === undefined || LoadBalancerArns.includes(balancer),
    );
    return {
      ...answer,
      TargetGroups: found.map((one) => ({ HealthCheckIntervalSeconds: 30, UnhealthyThresholdCount: 2, ...one })),
    };
  });
}

interface GroupJson {
  readonly LoadBalancerArns: readonly string[];
}
