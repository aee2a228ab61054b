/** What Application Auto Scaling is told: `RegisterScalableTarget`, with what of a target rests, and `PutScalingPolicy`. */
import type { LocalScaling } from './autoscaling.ts';
import { AwsError } from './aws-error.ts';
import type { Answer } from './aws-service.ts';
import { flag, integer, type JsonObject, object, text } from './json-input.ts';
import type { AutoScalingOperation } from './operations.ts';

/** As `SuspendedState` has it. */
export interface LocalSuspension {
  readonly DynamicScalingInSuspended: boolean;
  readonly DynamicScalingOutSuspended: boolean;
  readonly ScheduledScalingSuspended: boolean;
}

export const NOTHING_SUSPENDED: LocalSuspension = {
  DynamicScalingInSuspended: false,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: false,
};

const TYPES = ['TargetTrackingScaling', 'StepScaling', 'PredictiveScaling'] as const;
const ARN = 'arn:aws:application-autoscaling:us-east-1:123456789012';

export class ScalingChanges {
  readonly #registered: Map<string, LocalScaling>;
  readonly registered = (): readonly LocalScaling[] => [...this.#registered.values()];
  readonly changes: readonly (readonly [AutoScalingOperation, Answer])[] = [
    ['RegisterScalableTarget', (input) => this.#register(input)],
    ['PutScalingPolicy', (input) => this.#putPolicy(input)],
  ];

  constructor(given: readonly LocalScaling[]) {
    this.#registered = new Map(given.map((one) => [`service/${one.cluster}/${one.service}`, one]));
  }

  /** What is not said of a target stays as it is; a new one needs both bounds. */
  #register(input: JsonObject): object {
    const id = idOf(input);
    const [min, max] = [integer(input, 'MinCapacity'), integer(input, 'MaxCapacity')];
    const known = this.#registered.get(id);
    if (known === undefined && (min === undefined || max === undefined))
      throw invalid('MinCapacity and MaxCapacity are required for a new scalable target.');
    const [, cluster = '', service = ''] = id.split('/');
    const before = known ?? { cluster, service, min: 0, max: 0, policies: [] };
    const state = object(input, 'SuspendedState');
    this.#registered.set(id, {
      ...before,
      min: min ?? before.min,
      max: max ?? before.max,
      ...(state === undefined ? {} : { suspended: suspensionOf(state) }),
    });
    return { ScalableTargetARN: `${ARN}:scalable-target/${id}` };
  }

  #putPolicy(input: JsonObject): object {
    const id = idOf(input);
    const target = this.#registered.get(id);
    if (target === undefined)
      throw new AwsError(400, 'ObjectNotFoundException', `No scalable target registered for ${id}.`);
    const name = text(input, 'PolicyName') ?? '';
    const type = TYPES.find((known) => known === text(input, 'PolicyType'));
    if (name === '' || type === undefined) throw invalid('PolicyName and PolicyType are required.');
    const field = `${type}PolicyConfiguration`;
    const configuration = { [field]: object(input, field) ?? {} };
    const others = target.policies.filter((policy) => policy.name !== name);
    this.#registered.set(id, { ...target, policies: [...others, { name, type, configuration }] });
    return { PolicyARN: `${ARN}:scalingPolicy:${id}:policyName/${name}`, Alarms: [] };
  }
}

/** A part that is not said is not suspended. */
function suspensionOf(state: JsonObject): LocalSuspension {
  return {
    DynamicScalingInSuspended: flag(state, 'DynamicScalingInSuspended') ?? false,
    DynamicScalingOutSuspended: flag(state, 'DynamicScalingOutSuspended') ?? false,
    ScheduledScalingSuspended: flag(state, 'ScheduledScalingSuspended') ?? false,
  };
}

function idOf(input: JsonObject): string {
  const id = text(input, 'ResourceId') ?? '';
  const isService = /^service\/[^/]+\/[^/]+$/.test(id) && text(input, 'ServiceNamespace') === 'ecs';
  if (isService && text(input, 'ScalableDimension') === 'ecs:service:DesiredCount') return id;
  throw invalid(`Unsupported service namespace, resource type or scalable dimension: ${id}`);
}

function invalid(message: string): AwsError {
  return new AwsError(400, 'ValidationException', message);
}
