/** One ECS service in virtual time. The physics and their sources are in `docs/`; every number an operator knows has a unit in its name. */
import type { ServiceName } from '../policy/policy.ts';
import type { Load, Plant } from './types.ts';

/** `cpu`: CPU follows load. `io`: a full task shows little CPU. `queue`: tasks pull jobs from one queue, there is no load balancer. */
export type PlantKind = 'cpu' | 'io' | 'queue';
/** Image up to 150 MB; about 500 MB; 1 GB and more or a JVM. */
export type StartClass = 'fast' | 'medium' | 'heavy';
export type LaunchType = 'FARGATE' | 'EC2';

export interface PlantOptions {
  readonly load: Load;
  readonly seed: number;
  /** Default `{ cluster: 'prod', service: 'checkout' }`. */
  readonly name?: ServiceName;
  readonly kind?: PlantKind;
  /** Tasks in service when time begins. Default 2. */
  readonly desired?: number;
  /** Requests (or jobs) per second one task serves at 100 %. Default 100. */
  readonly capacityPerTask?: number;
  readonly startClass?: StartClass;
  readonly launchType?: LaunchType;
  /** Period of the ECS metrics; those of the load balancer and of the queue are always 60 s. Default 60. */
  readonly metricPeriodSeconds?: 60 | 20;
  /** Default 30, as AWS has it. */
  readonly healthCheckIntervalSeconds?: number;
  /** Default 300, as AWS has it. */
  readonly deregistrationDelaySeconds?: number;
  /** Default true. Without one a running task is in service and stops without draining. */
  readonly withLoadBalancer?: boolean;
  /** Hours of datapoints kept; `all` keeps every one. Default 3. */
  readonly metricHours?: number | 'all';
}

export function createPlant(_options: PlantOptions): Plant {
  throw new Error('not built yet');
}
