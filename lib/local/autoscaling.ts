/** Application Auto Scaling over its JSON 1.1 protocol: what it was told of ECS services. It remembers, and never scales anything itself. */
import { AwsError } from './aws-error.ts';
import type { Answer, AwsService } from './aws-service.ts';
import { integer, type JsonObject, text, texts } from './json-input.ts';
import type { AutoScalingOperation } from './operations.ts';
import { type LocalSuspension, NOTHING_SUSPENDED, ScalingChanges } from './scaling-changes.ts';

/** One service as somebody registered it, with its policies as `DescribeScalingPolicies` writes them. */
export interface LocalScaling {
  readonly cluster: string;
  readonly service: string;
  readonly min: number;
  readonly max: number;
  readonly policies: readonly LocalScalingPolicy[];
  /** Nothing by default. */
  readonly suspended?: LocalSuspension;
  /** As `DescribeScheduledActions` writes them, without what names the service. */
  readonly scheduled?: readonly object[];
  /** The alarms of its step scaling policies, as CloudWatch's `DescribeAlarms` writes them. */
  readonly alarms?: readonly (object & { readonly AlarmName: string })[];
}

export interface LocalScalingPolicy {
  readonly name: string;
  readonly type: 'TargetTrackingScaling' | 'StepScaling' | 'PredictiveScaling';
  /** `TargetTrackingScalingPolicyConfiguration` or its like, under that name. */
  readonly configuration: Readonly<Record<string, object>>;
  /** `[epoch seconds of the hour, tasks]`, for predictive scaling. */
  readonly forecast?: readonly (readonly [hour: number, tasks: number])[];
}

const DIMENSION = 'ecs:service:DesiredCount';
const PAGE = 50;

export function createAutoScaling(given: readonly LocalScaling[]): AwsService {
  const { registered, changes } = new ScalingChanges(given);
  const operations = new Map<AutoScalingOperation, Answer>([
    ...changes,
    ['DescribeScalableTargets', (input) => describeTargets(registered(), input)],
    ['DescribeScalingPolicies', (input) => describePolicies(registered(), input)],
    ['DescribeScheduledActions', (input) => describeScheduled(registered(), input)],
    ['GetPredictiveScalingForecast', (input) => forecastOf(registered(), input)],
  ]);
  return {
    protocol: 'json',
    targetPrefix: 'AnyScaleFrontendService',
    signingName: 'application-autoscaling',
    contentType: 'application/x-amz-json-1.1',
    operations,
    refusals: {
      throttle: () => new AwsError(400, 'ThrottlingException', 'Rate exceeded'),
      serverError: () => new AwsError(500, 'InternalServiceException', 'Internal service error'),
      accessDenied: (operation) =>
        new AwsError(
          400,
          'AccessDeniedException',
          `User is not authorized to perform: application-autoscaling:${operation}`,
        ),
    },
  };
}

function describeTargets(registered: readonly LocalScaling[], input: JsonObject): object {
  const asked = texts(input, 'ResourceIds');
  const found = registered.filter((one) => asked.length === 0 || asked.includes(resourceOf(one)));
  return paged(namespaced(input, found), 'ScalableTargets', input, (one) => ({
    ...identity(one),
    MinCapacity: one.min,
    MaxCapacity: one.max,
    SuspendedState: one.suspended ?? NOTHING_SUSPENDED,
  }));
}

function describePolicies(registered: readonly LocalScaling[], input: JsonObject): object {
  const asked = text(input, 'ResourceId');
  const found = registered
    .filter((one) => asked === undefined || asked === resourceOf(one))
    .flatMap((one) => one.policies.map((policy) => ({ one, policy })));
  return paged(namespaced(input, found), 'ScalingPolicies', input, ({ one, policy }) => ({
    ...identity(one),
    PolicyName: policy.name,
    PolicyType: policy.type,
    ...policy.configuration,
  }));
}

function describeScheduled(registered: readonly LocalScaling[], input: JsonObject): object {
  const asked = text(input, 'ResourceId');
  const found = registered
    .filter((one) => asked === undefined || asked === resourceOf(one))
    .flatMap((one) => (one.scheduled ?? []).map((action) => ({ one, action })));
  return paged(namespaced(input, found), 'ScheduledActions', input, ({ one, action }) => ({
    ...identity(one),
    ...action,
  }));
}

/** From `StartTime` to `EndTime`, in epoch seconds as the protocol has them. */
function forecastOf(registered: readonly LocalScaling[], input: JsonObject): object {
  const [from, to] = [Number(input.StartTime), Number(input.EndTime)];
  const one = registered.find((service) => resourceOf(service) === text(input, 'ResourceId'));
  const policy = one?.policies.find(({ name }) => name === text(input, 'PolicyName'));
  if (policy?.forecast === undefined) throw new AwsError(400, 'ValidationException', 'There is no such forecast.');
  const hours = policy.forecast.filter(([hour]) => hour >= from && hour < to);
  return {
    LoadForecast: [],
    CapacityForecast: { Timestamps: hours.map(([hour]) => hour), Values: hours.map(([, tasks]) => tasks) },
    UpdateTime: to,
  };
}

function namespaced<T>(input: JsonObject, found: readonly T[]): readonly T[] {
  const namespace = text(input, 'ServiceNamespace');
  if (namespace === undefined) throw new AwsError(400, 'ValidationException', 'ServiceNamespace is required.');
  return namespace === 'ecs' ? found : [];
}

function identity(one: LocalScaling): object {
  return { ServiceNamespace: 'ecs', ResourceId: resourceOf(one), ScalableDimension: DIMENSION };
}

function resourceOf({ cluster, service }: LocalScaling): string {
  return `service/${cluster}/${service}`;
}

function paged<T>(found: readonly T[], field: string, input: JsonObject, shown: (one: T) => object): object {
  const from = Number(text(input, 'NextToken') ?? '0');
  if (!Number.isInteger(from) || from < 0) {
    throw new AwsError(400, 'InvalidNextTokenException', 'The next token is not valid.');
  }
  const end = from + Math.min(PAGE, integer(input, 'MaxResults') ?? PAGE);
  return {
    [field]: found.slice(from, end).map(shown),
    ...(end < found.length ? { NextToken: String(end) } : {}),
  };
}
