/** Application Auto Scaling of ECS services: what it may do with their counts, and what of that is suspended. */
import {
  type ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget,
  type ScalingPolicy,
  type ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling';
import type { OtherScalings } from '../../loop/other-scaling.ts';
import type { OtherPolicy, OtherScaling, SuspendedState } from '../../policy/headroom/other-scaling.ts';
import type { ServiceName } from '../../policy/policy.ts';
import { batchesOf, inParallel } from '../batches.ts';
import { limited, nameOf } from '../call.ts';

const SCOPE = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' } as const;
/** Of DescribeScalableTargets. */
const IDS_PER_CALL = 50;
const CALLS_AT_ONCE = 4;
/** Of each list; a target has at most 50 policies and 200 scheduled actions. */
const MOST_PAGES = 30;

export interface OtherScalingClients {
  readonly scaling: ApplicationAutoScalingClient;
  readonly limits: { readonly callMs: number };
}

export function awsOtherScalings({ scaling, limits }: OtherScalingClients): OtherScalings {
  const reader = new Reader(scaling, limits.callMs);
  return {
    async read(names, abort) {
      const batches = batchesOf(IDS_PER_CALL, [...new Set(names.map(idOf))]);
      const found = await inParallel(CALLS_AT_ONCE, batches, (ids) => reader.targets(ids, abort));
      const whole = await inParallel(CALLS_AT_ONCE, found.flat(), (target) => reader.whole(target, abort));
      const byId = new Map(whole);
      return names.map((name) => byId.get(idOf(name)));
    },
    suspend: (name, state, abort) => reader.suspend(idOf(name), state, abort),
  };
}

function idOf({ cluster, service }: ServiceName): string {
  return `service/${cluster}/${service}`;
}

class Reader {
  readonly #client: ApplicationAutoScalingClient;
  readonly #callMs: number;

  constructor(client: ApplicationAutoScalingClient, callMs: number) {
    this.#client = client;
    this.#callMs = callMs;
  }

  targets(ResourceIds: string[], abort: AbortSignal): Promise<readonly ScalableTarget[]> {
    return this.#pages(async (NextToken) => {
      const command = new DescribeScalableTargetsCommand({ ...SCOPE, ResourceIds, NextToken });
      const answer = await this.#ask(abort, (abortSignal) => this.#client.send(command, { abortSignal }));
      return [answer.ScalableTargets ?? [], answer.NextToken];
    });
  }

  async whole(target: ScalableTarget, abort: AbortSignal): Promise<readonly [string, OtherScaling]> {
    const ResourceId = target.ResourceId ?? '';
    const policies = await this.#pages<ScalingPolicy>(async (NextToken) => {
      const command = new DescribeScalingPoliciesCommand({ ...SCOPE, ResourceId, NextToken });
      const answer = await this.#ask(abort, (abortSignal) => this.#client.send(command, { abortSignal }));
      return [answer.ScalingPolicies ?? [], answer.NextToken];
    });
    const actions = await this.#pages<ScheduledAction>(async (NextToken) => {
      const command = new DescribeScheduledActionsCommand({ ...SCOPE, ResourceId, NextToken });
      const answer = await this.#ask(abort, (abortSignal) => this.#client.send(command, { abortSignal }));
      return [answer.ScheduledActions ?? [], answer.NextToken];
    });
    return [ResourceId, scalingOf(target, policies, actions)];
  }

  async suspend(ResourceId: string, state: SuspendedState, abort: AbortSignal): Promise<'done' | 'absent'> {
    // Without bounds a target that is gone is refused, and not made anew.
    if ((await this.targets([ResourceId], abort)).length === 0) return 'absent';
    const command = new RegisterScalableTargetCommand({
      ...SCOPE,
      ResourceId,
      SuspendedState: {
        DynamicScalingInSuspended: state.dynamicIn,
        DynamicScalingOutSuspended: state.dynamicOut,
        ScheduledScalingSuspended: state.scheduled,
      },
    });
    try {
      await this.#ask(abort, (abortSignal) => this.#client.send(command, { abortSignal }));
      return 'done';
    } catch (error) {
      if (nameOf(error) === 'ObjectNotFoundException') return 'absent';
      throw error;
    }
  }

  #ask<T>(abort: AbortSignal, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return limited(this.#callMs, abort, send);
  }

  async #pages<T>(ask: (token: string | undefined) => Promise<[readonly T[], string | undefined]>): Promise<T[]> {
    const found: T[] = [];
    let token: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const [items, next] = await ask(token);
      found.push(...items);
      if (next === undefined) return found;
      token = next;
    }
    throw new Error(`Application Auto Scaling lists more than ${MOST_PAGES} pages.`);
  }
}

function scalingOf(
  { MinCapacity: min = 0, MaxCapacity: max = 0, SuspendedState: suspended = {} }: ScalableTarget,
  policies: readonly ScalingPolicy[],
  actions: readonly ScheduledAction[],
): OtherScaling {
  return {
    ...{ min, max },
    suspended: {
      dynamicIn: suspended.DynamicScalingInSuspended === true,
      dynamicOut: suspended.DynamicScalingOutSuspended === true,
      scheduled: suspended.ScheduledScalingSuspended === true,
    },
    policies: policies.map(policyOf),
    schedules: actions.map(({ ScheduledActionName: name = 'without a name', ScalableTargetAction: action }) => ({
      name,
      setsMax: action?.MaxCapacity !== undefined,
    })),
  };
}

/** Predictive scaling only ever adds; a type that is not known may do anything. */
function policyOf(policy: ScalingPolicy): OtherPolicy {
  const { PolicyName: name = 'without a name', PolicyType: type } = policy;
  if (type === 'PredictiveScaling') return { name, canScaleIn: false };
  if (type === 'TargetTrackingScaling')
    return { name, canScaleIn: policy.TargetTrackingScalingPolicyConfiguration?.DisableScaleIn !== true };
  const steps = policy.StepScalingPolicyConfiguration;
  if (type !== 'StepScaling' || steps?.StepAdjustments === undefined) return { name, canScaleIn: true };
  const sets = steps.AdjustmentType === 'ExactCapacity';
  return { name, canScaleIn: sets || steps.StepAdjustments.some(({ ScalingAdjustment: by = 0 }) => by < 0) };
}
