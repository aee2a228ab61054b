/** The service's events, worded as ECS words them, and its deployments. */
import type { EpochMs, ServiceName } from '../policy/policy.ts';
import type { PlantDeployment } from './types.ts';

const KEPT_EVENTS = 100;

export interface ServiceEvent {
  readonly at: EpochMs;
  readonly message: string;
}

export class ServiceEvents {
  private readonly events: ServiceEvent[] = [];
  private shown: readonly ServiceEvent[] | undefined;
  private readonly service: string;

  constructor(service: string) {
    this.service = service;
  }

  add(at: EpochMs, what: string): void {
    this.events.push({ at, message: `(service ${this.service}) ${what}` });
    if (this.events.length > KEPT_EVENTS) this.events.shift();
    this.shown = undefined;
  }

  newestFirst(): readonly ServiceEvent[] {
    this.shown ??= this.events.toReversed();
    return this.shown;
  }
}

export interface Deployment {
  readonly revision: number;
  readonly createdAt: EpochMs;
  completed: boolean;
  failedTasks: number;
  /** Its circuit breaker ended it: no task of it is launched any more. */
  failed?: boolean;
  readonly circuitBreaker?: boolean;
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
