/**
 * How far a native blue/green, linear or canary deployment is, in ECS's own words: the counts do not tell traffic that shifts from traffic
 * that is watched. Asked only of services that are in one, and where it cannot be had, what the counts say stands.
 */
import { DescribeServiceDeploymentsCommand, type Service, type ServiceDeployment } from '@aws-sdk/client-ecs';
import type { DescribedService, ServiceDescription } from '../loop/ports.ts';
import type { Deployment } from '../policy/observation.ts';
import { batchesOf, inParallel } from './batches.ts';
import { limited } from './call.ts';
import type { Clients } from './clients.ts';

/** Of DescribeServiceDeployments. */
const DEPLOYMENTS_PER_CALL = 20;
const CALLS_AT_ONCE = 2;
const LONGEST_REASON = 160;

/** A description, and the deployment that would have more to say. */
export interface Staged {
  readonly description: ServiceDescription;
  readonly serviceDeployment?: string;
}

export function staged(description: ServiceDescription, { currentServiceDeployment }: Service): Staged {
  const deployment = description.kind === 'found' ? description.deployment : undefined;
  const isNative = deployment?.controller === 'ECS' && deployment.strategy !== 'rolling';
  return isNative && currentServiceDeployment !== undefined
    ? { description, serviceDeployment: currentServiceDeployment }
    : { description };
}

/** By the keys given. */
export async function withStages(
  { ecs, limits }: Pick<Clients, 'ecs' | 'limits'>,
  all: ReadonlyMap<string, Staged>,
  abort: AbortSignal,
): Promise<ReadonlyMap<string, ServiceDescription>> {
  const arns = [...new Set([...all.values()].flatMap(({ serviceDeployment }) => serviceDeployment ?? []))];
  const answers = await inParallel(
    CALLS_AT_ONCE,
    batchesOf(DEPLOYMENTS_PER_CALL, arns),
    async (serviceDeploymentArns) => {
      const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns });
      try {
        const answer = await limited(limits.callMs, abort, (abortSignal) => ecs.send(command, { abortSignal }));
        return answer.serviceDeployments ?? [];
      } catch (error) {
        if (abort.aborted) throw error;
        return [];
      }
    },
  );
  const found = new Map(answers.flat().map((one) => [one.serviceDeploymentArn, one]));
  return new Map(
    [...all].map(([key, { description, serviceDeployment }]) => [key, told(description, found.get(serviceDeployment))]),
  );
}

function told(description: ServiceDescription, stage: ServiceDeployment | undefined): ServiceDescription {
  if (stage === undefined || description.kind !== 'found' || description.deployment === undefined) return description;
  return { ...description, deployment: atStage(description.deployment, stage) } satisfies DescribedService;
}

const LAST_STAGES: Readonly<Record<string, Deployment['phase']>> = { BAKE_TIME: 'baking', CLEAN_UP: 'terminating' };

function atStage(deployment: Deployment, { lifecycleStage, status, statusReason }: ServiceDeployment): Deployment {
  const isGoingBack = status !== undefined && /^(ROLLBACK|STOP)/.test(status);
  const says = statusReason ?? `its deployment is ${status}`;
  return {
    ...deployment,
    ...(lifecycleStage === undefined
      ? {}
      : { stage: lifecycleStage, phase: LAST_STAGES[lifecycleStage] ?? 'shifting' }),
    ...(isGoingBack ? { failing: says.slice(0, LONGEST_REASON) } : {}),
  };
}
