/** Which deployment a service is in and how far it is, from `DescribeServices` alone. */
import type { Deployment as EcsDeployment, Service } from '@aws-sdk/client-ecs';
import type { DescribedService } from '../loop/ports.ts';
import type { Deployment } from '../policy/observation.ts';
import { isDeploying } from './service-facts.ts';

const STRATEGIES: Readonly<Record<string, Deployment['strategy']>> = {
  ROLLING: 'rolling',
  BLUE_GREEN: 'blueGreen',
  LINEAR: 'linear',
  CANARY: 'canary',
};

/** As many as the least threshold of ECS's own circuit breaker. */
const FAILED_TASKS = 3;
const LONGEST_REASON = 160;

export function deploymentOf(service: Service): Pick<DescribedService, 'deployment'> {
  const { deployments = [], deploymentController, deploymentConfiguration } = service;
  if (deploymentController?.type === 'EXTERNAL') return {};
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  const failing = failingOf(primary);
  if (!isDeploying(service) && failing === undefined) return {};
  const isCodeDeploy = deploymentController?.type === 'CODE_DEPLOY';
  return {
    deployment: {
      controller: isCodeDeploy ? 'CODE_DEPLOY' : 'ECS',
      strategy: isCodeDeploy ? 'blueGreen' : (STRATEGIES[deploymentConfiguration?.strategy ?? 'ROLLING'] ?? 'rolling'),
      phase: phaseOf(primary, service),
      ...(failing === undefined ? {} : { failing }),
    },
  };
}

/** A completed deployment beside older ones only stops those; one in progress whose tasks all run is watched. */
function phaseOf(primary: EcsDeployment | undefined, { desiredCount = 0 }: Service): Deployment['phase'] {
  if (primary?.rolloutState === 'COMPLETED') return 'terminating';
  return (primary?.runningCount ?? 0) < desiredCount || (primary?.pendingCount ?? 0) > 0 ? 'shifting' : 'baking';
}

function failingOf(primary: EcsDeployment | undefined): string | undefined {
  const { rolloutState, rolloutStateReason = 'ECS gives no reason', failedTasks = 0 } = primary ?? {};
  if (rolloutState === 'FAILED') return rolloutStateReason.slice(0, LONGEST_REASON);
  return rolloutState === 'IN_PROGRESS' && failedTasks >= FAILED_TASKS
    ? `${failedTasks} of its tasks failed`
    : undefined;
}

/** Each task set runs its share of the desired count, so fewer than desired may be all there is to run. */
export function externalOf(service: Service): Pick<DescribedService, 'inService'> {
  const { deploymentController, taskSets = [], desiredCount = 0, runningCount = 0 } = service;
  if (deploymentController?.type !== 'EXTERNAL' || taskSets.length === 0) return {};
  const asked = taskSets.reduce((sum, { computedDesiredCount = 0 }) => sum + computedDesiredCount, 0);
  return { inService: Math.max(0, desiredCount - Math.max(0, asked - runningCount)) };
}
