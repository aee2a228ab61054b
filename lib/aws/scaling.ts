/** What Application Auto Scaling does with a service: the bounds it was registered with and its policies. Reads only. */
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  type ScalableTarget,
  type ScalingPolicy,
} from '@aws-sdk/client-application-auto-scaling';
import type { ServiceName } from '../policy/policy.ts';
import { limited } from './call.ts';
import { CALL_LIMITS, type ClientOptions, configOf } from './clients.ts';

export interface ServiceScaling {
  /** Absent: the service is not registered, so nothing of Application Auto Scaling moves it. */
  readonly capacity?: { readonly min: number; readonly max: number };
  readonly policies: readonly ServiceScalingPolicy[];
}

export type ServiceScalingPolicy =
  | {
      readonly kind: 'targetTracking';
      readonly name: string;
      /** A predefined metric by its name; null: a metric of the operator's own. */
      readonly metric: string | null;
      readonly target: number;
      /** Seconds; absent: the service's default. */
      readonly outCooldownSeconds?: number;
      readonly inCooldownSeconds?: number;
      readonly scaleInDisabled: boolean;
    }
  /** Of another type: `StepScaling`, `PredictiveScaling`. */
  | { readonly kind: 'other'; readonly name: string; readonly type: string };

/** Of each list; a service has at most 50 policies. */
const MOST_PAGES = 5;

/** Throws what AWS answers when it does not answer with a list. */
export async function readScaling(
  name: ServiceName,
  options: ClientOptions,
  abort: AbortSignal,
): Promise<ServiceScaling> {
  const limits = { ...CALL_LIMITS, ...options.limits };
  const client = new ApplicationAutoScalingClient(configOf(options, limits, undefined));
  const resource = `service/${name.cluster}/${name.service}`;
  const scope = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' } as const;
  const ask = <T>(send: (abortSignal: AbortSignal) => Promise<T>) => limited(limits.callMs, abort, send);
  try {
    const targets = await allPages(async (NextToken) => {
      const command = new DescribeScalableTargetsCommand({ ...scope, ResourceIds: [resource], NextToken });
      const answer = await ask((abortSignal) => client.send(command, { abortSignal }));
      return { items: answer.ScalableTargets ?? [], next: answer.NextToken };
    });
    const policies = await allPages(async (NextToken) => {
      const command = new DescribeScalingPoliciesCommand({ ...scope, ResourceId: resource, NextToken });
      const answer = await ask((abortSignal) => client.send(command, { abortSignal }));
      return { items: answer.ScalingPolicies ?? [], next: answer.NextToken };
    });
    return { ...capacityOf(targets[0]), policies: policies.map(policyOf) };
  } finally {
    client.destroy();
  }
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

async function allPages<T>(ask: (token: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const found: T[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { items, next } = await ask(token);
    found.push(...items);
    if (next === undefined) break;
    token = next;
  }
  return found;
}

function capacityOf(target: ScalableTarget | undefined): Pick<ServiceScaling, 'capacity'> {
  const { MinCapacity: min, MaxCapacity: max } = target ?? {};
  return min === undefined || max === undefined ? {} : { capacity: { min, max } };
}

function policyOf(policy: ScalingPolicy): ServiceScalingPolicy {
  const name = policy.PolicyName ?? 'without a name';
  const tracking = policy.TargetTrackingScalingPolicyConfiguration;
  if (policy.PolicyType !== 'TargetTrackingScaling' || tracking?.TargetValue === undefined) {
    return { kind: 'other', name, type: policy.PolicyType ?? 'of no type' };
  }
  const { ScaleOutCooldown: out, ScaleInCooldown: into } = tracking;
  return {
    kind: 'targetTracking',
    name,
    metric: tracking.PredefinedMetricSpecification?.PredefinedMetricType ?? null,
    target: tracking.TargetValue,
    ...(out === undefined ? {} : { outCooldownSeconds: out }),
    ...(into === undefined ? {} : { inCooldownSeconds: into }),
    scaleInDisabled: tracking.DisableScaleIn === true,
  };
}
