/** The port to the services themselves: what ECS and the load balancers say of them, and the one change. */
import type { Deployment, StoppedTask, Trouble } from '../../policy/observation.ts';
import type { ServiceName } from '../../policy/policy.ts';

export interface DescribedService {
  readonly kind: 'found';
  readonly arn: string;
  readonly status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly deploying: boolean;
  /** Which deployment it is, where one is under way or has failed. */
  readonly deployment?: Deployment;
  /** Set where counts alone mislead: EXTERNAL task sets run a share of the desired count. */
  readonly inService?: number;
  /** ECS scales an Express service itself. */
  readonly isExpress?: boolean;
  /** ARNs of the target groups its tasks are in or that a deployment moves them to. Absent: it has none, or nobody looked. */
  readonly targetGroups?: readonly string[];
  /** The newest event of the service that tells of tasks that do not start or do not get healthy, without the service's name. */
  readonly trouble?: Trouble;
}

/** A service's targets, each once: in service where all its target groups find it healthy. `unknown`: `cause` is one clause. */
export type TargetHealth =
  | {
      readonly kind: 'known';
      readonly inService: number;
      readonly unhealthy: number;
      /** What most of the unhealthy ones fail by: one clause. */
      readonly because?: string;
    }
  | { readonly kind: 'unknown'; readonly cause: string };

/** Tasks of a service that stopped lately and not because fewer were wanted. `unknown`: `cause` is one clause. */
export type StoppedTasks =
  | { readonly kind: 'known'; readonly tasks: readonly StoppedTask[] }
  | { readonly kind: 'unknown'; readonly cause: string };

/** `missing`: ECS knows no such service. `unreadable`: ECS answered otherwise; `cause` is one clause for the operator. */
export type ServiceDescription = DescribedService | { readonly kind: 'missing' | 'unreadable'; readonly cause: string };

/** `refused`: ECS said no and will say no again. `retryable`: throttled, a server fault, or the answer was lost (`unknown: true`). */
export type SetOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly error: string; readonly message: string }
  | { readonly kind: 'retryable'; readonly error: string; readonly message: string; readonly unknown: boolean };

export interface Services {
  /** In the order asked. */
  describe(services: readonly ServiceName[], abort: AbortSignal): Promise<readonly ServiceDescription[]>;
  /** By the target groups of each service, in the order asked. Absent: that a task runs is all that is known of it. */
  health?(targetGroups: readonly (readonly string[])[], abort: AbortSignal): Promise<readonly TargetHealth[]>;
  /** In the order asked. Absent: nobody can say why tasks stop. */
  stopped?(services: readonly ServiceName[], abort: AbortSignal): Promise<readonly StoppedTasks[]>;
  /** One attempt, absolute count, time limit `UPDATE_TIME_LIMIT_MS`. Sends cluster, service and desiredCount only. */
  setDesiredCount(service: ServiceName, desiredCount: number, abort: AbortSignal): Promise<SetOutcome>;
}

export const UPDATE_TIME_LIMIT_MS = 3_000;
