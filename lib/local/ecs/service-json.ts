/** A service as ECS writes it. Times are epoch seconds; what the plant does not model has the value a plain Fargate service has. */
import type { EpochMs } from '../../policy/policy.ts';
import type { PlantDeployment, PlantView } from '../../sim/types.ts';
import type { EcsService } from './services.ts';

/** `DescribeServices` shows no more. */
const EVENTS_SHOWN = 100;

const LAUNCH = { launchType: 'FARGATE', platformVersion: '1.4.0', platformFamily: 'Linux' } as const;

/** `desired` replaces the plant's own count where a read is behind. */
export function serviceJson(service: EcsService, arnPrefix: string, desired?: number): object {
  const view = service.plant.view();
  const created = Math.min(...view.deployments.map(({ createdAt }) => createdAt), service.plant.now);
  const primary = view.deployments.find(({ status }) => status === 'PRIMARY');
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: `${arnPrefix}:cluster/${service.cluster}`,
    loadBalancers: service.targetGroupArns.map(loadBalancerJson),
    serviceRegistries: [],
    status: view.status,
    desiredCount: desired ?? view.desired,
    runningCount: view.running,
    pendingCount: view.pending,
    ...LAUNCH,
    taskDefinition: primary === undefined ? undefined : taskDefinitionArn(primary, arnPrefix),
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: false, rollback: false },
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      strategy: 'ROLLING',
    },
    deployments: view.deployments.map((one) => deploymentJson(one, arnPrefix, desired)),
    events: eventsJson(view),
    createdAt: created / 1000,
    placementConstraints: [],
    placementStrategy: [],
    schedulingStrategy: view.schedulingStrategy,
    deploymentController: { type: 'ECS' },
    enableECSManagedTags: false,
    propagateTags: 'NONE',
    enableExecuteCommand: false,
    availabilityZoneRebalancing: 'ENABLED',
  };
}

function loadBalancerJson(targetGroupArn: string): object {
  return { targetGroupArn, containerName: 'app', containerPort: 8080 };
}

const ROLLOUT_REASONS: Readonly<Record<PlantDeployment['rolloutState'], string>> = {
  IN_PROGRESS: 'in progress',
  COMPLETED: 'completed',
  FAILED: 'failed: tasks failed to start',
};

function deploymentJson(deployment: PlantDeployment, arnPrefix: string, desired: number | undefined): object {
  const { id, status, rolloutState, createdAt } = deployment;
  return {
    id: id.startsWith('ecs-svc/') ? id : `ecs-svc/${id}`,
    status,
    taskDefinition: taskDefinitionArn(deployment, arnPrefix),
    desiredCount: status === 'PRIMARY' ? (desired ?? deployment.desired) : deployment.desired,
    pendingCount: deployment.pending,
    runningCount: deployment.running,
    failedTasks: deployment.failedTasks ?? 0,
    createdAt: createdAt / 1000,
    updatedAt: createdAt / 1000,
    ...LAUNCH,
    rolloutState,
    rolloutStateReason: `ECS deployment ${id} ${ROLLOUT_REASONS[rolloutState]}.`,
  };
}

function taskDefinitionArn({ taskDefinition }: PlantDeployment, arnPrefix: string): string {
  return taskDefinition.startsWith('arn:') ? taskDefinition : `${arnPrefix}:task-definition/${taskDefinition}`;
}

function eventsJson(view: PlantView): readonly object[] {
  return view.events
    .slice(0, EVENTS_SHOWN)
    .map(({ at, message }) => ({ id: eventId(at), createdAt: at / 1000, message }));
}

/** The same event keeps its id over all reads. */
function eventId(at: EpochMs): string {
  return `00000000-0000-4000-8000-${Math.floor(at).toString(16).padStart(12, '0')}`;
}
