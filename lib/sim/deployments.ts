/** The service's deployments: which revision is rolled out, whose tasks fail, and when one is over. */
import type { EpochMs, ServiceName } from '../policy/policy.ts';
import { isRolloutBroken } from './failures.ts';
import type { PlantDeployment } from './types.ts';

export interface Deployment {
  readonly revision: number;
  readonly createdAt: EpochMs;
  completed: boolean;
  failedTasks: number;
  /** Its circuit breaker ended it: no task of it is launched any more. */
  failed?: boolean;
  readonly circuitBreaker?: boolean;
}

export class Deployments {
  /** Newest first; the first is PRIMARY. */
  list: readonly [Deployment, ...Deployment[]];

  constructor(now: EpochMs) {
    this.list = [{ revision: 1, createdAt: now, completed: true, failedTasks: 0 }];
  }

  get primary(): Deployment {
    return this.list[0];
  }

  begin(now: EpochMs, circuitBreaker: boolean): void {
    const revision = this.primary.revision + 1;
    this.list = [{ revision, createdAt: now, completed: false, failedTasks: 0, circuitBreaker }, ...this.list];
  }

  of(revision: number): Deployment | undefined {
    return this.list.find((deployment) => deployment.revision === revision);
  }

  /** A task of this revision did not come into service, or did not stay there. */
  countFailure(revision: number, desired: number): void {
    const deployment = this.of(revision);
    if (deployment === undefined || deployment.completed) return;
    deployment.failedTasks += 1;
    if (deployment.circuitBreaker === true) deployment.failed = isRolloutBroken(deployment.failedTasks, desired);
  }

  /** Old revisions leave the list. */
  complete(): void {
    this.primary.completed = true;
    this.list = [this.primary];
  }
}

export function deploymentId(revision: number): string {
  return `ecs-svc/${String(revision).padStart(19, '0')}`;
}

export function describeDeployment(
  name: ServiceName,
  deployment: Deployment,
  primary: boolean,
  counts: { readonly desired: number; readonly running: number; readonly pending: number },
): PlantDeployment {
  return {
    id: deploymentId(deployment.revision),
    status: primary ? 'PRIMARY' : 'ACTIVE',
    rolloutState: deployment.failed === true ? 'FAILED' : deployment.completed ? 'COMPLETED' : 'IN_PROGRESS',
    failedTasks: deployment.failedTasks,
    taskDefinition: `${name.service}:${deployment.revision}`,
    createdAt: deployment.createdAt,
    ...counts,
  };
}
