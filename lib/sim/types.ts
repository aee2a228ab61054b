/** The words of virtual time: what a plant is, what it shows, and what it keeps count of. */
import type { EpochMs, ServiceName } from '../policy/policy.ts';

/** Load over time, in requests per second of the whole service. `rate` null: the trace has a gap there, nobody knows. */
export interface Load {
  readonly name: string;
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
  /** Piecewise constant on this grid. */
  readonly stepSeconds: number;
  rateAt(at: EpochMs): number | null;
}

/** One CloudWatch datapoint of the plant. `visibleAt`: the moment GetMetricData starts to show it. */
export interface PlantDatapoint {
  readonly startedAt: EpochMs;
  readonly visibleAt: EpochMs;
  readonly sum: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** For percentiles: the values behind it, where the metric has them. */
  readonly values?: readonly number[];
}

export interface PlantMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly periodSeconds: number;
  /** Oldest first; only those with `visibleAt` <= the plant's now, and only of the last `hours` hours the plant keeps (3 by default). */
  datapoints(from: EpochMs, to: EpochMs): readonly PlantDatapoint[];
}

export interface PlantDeployment {
  readonly id: string;
  readonly status: 'PRIMARY' | 'ACTIVE';
  readonly rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly taskDefinition: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly createdAt: EpochMs;
  /** Of its tasks those that failed so far; 0 where absent. */
  readonly failedTasks?: number;
}

/** What ails tasks: their image cannot be pulled, they exit while they boot, or they run and fail their health checks. */
export type Illness = 'image' | 'crash' | 'unhealthy';

export interface PlantStoppedTask {
  readonly id: number;
  readonly at: EpochMs;
  readonly stopCode: string;
  readonly reason: string;
  readonly exitCode?: number;
}

export interface PlantView extends ServiceName {
  readonly status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Running and past their health check. */
  readonly inService: number;
  readonly draining: number;
  /** Running and failing their health check; 0 where absent. */
  readonly unhealthy?: number;
  /** Tasks that failed, newest first; none where absent. */
  readonly stopped?: readonly PlantStoppedTask[];
  readonly deployments: readonly PlantDeployment[];
  /** Of a queue worker: what SQS itself answers at this moment. */
  readonly queue?: { readonly name?: string; readonly visible: number; readonly inFlight: number };
  /** Newest first, as ECS has them. */
  readonly events: readonly { readonly at: EpochMs; readonly message: string }[];
}

/** One row a step of accounting (60 s, on the minute): the picture and the scores are made of these. Counts are those at its end. */
export interface PlantRow {
  readonly at: EpochMs;
  /** Mean requests per second, null in a gap of the trace. */
  readonly load: number | null;
  readonly desired: number;
  readonly running: number;
  readonly inService: number;
  /** Mean CPU percent over tasks in service; null without tasks or in a gap. */
  readonly cpu: number | null;
  /** Requests that came, and those above what the tasks in service could take. */
  readonly requests: number;
  readonly requestsAboveCapacity: number;
  /** Task-seconds that AWS bills within this row. */
  readonly billedTaskSeconds: number;
  /** Requests given up after the time-out, or for want of any task in service. */
  readonly timedOut?: number;
  /** Requests that waited longer than the service level allows, those given up too. */
  readonly requestsOverSlo?: number;
  /** Requests or jobs waiting at the end of the row. */
  readonly backlog?: number;
}

/** Hears what happens in a plant as it happens: for scores and pictures of runs too long to keep. Must not change the plant. */
export interface PlantWatcher {
  /** Between two events nothing changes: so much load (null: nobody knows) met so many tasks in service. */
  stretch?(from: EpochMs, seconds: number, rate: number | null, inService: number): void;
  row?(row: PlantRow): void;
}

/** Every request since the beginning: arrived = served + timed out + in queue. */
export interface PlantTotals {
  readonly arrived: number;
  readonly served: number;
  readonly timedOut: number;
  readonly inQueue: number;
  readonly billedTaskSeconds: number;
}

/** A plant in virtual time: one ECS service under a load. Deterministic for a seed. */
export interface Plant {
  readonly now: EpochMs;
  /** Requests per second one task can take at 100 %. */
  readonly capacityPerTask: number;
  advanceTo(at: EpochMs): void;
  /** What `UpdateService` does; takes effect from now on. */
  setDesiredCount(count: number): void;
  /** A rolling deployment of a new revision, from now on. With a circuit breaker it fails for good when too many of its tasks do. */
  deploy(options?: { readonly circuitBreaker?: boolean }): void;
  /** From now on every task that is launched suffers from this; null: from nothing. */
  sicken(illness: Illness | null): void;
  /** Tasks that zone rebalancing starts above desired for a while. */
  rebalance(extraTasks: number, forSeconds: number): void;
  view(): PlantView;
  metrics(): readonly PlantMetric[];
  /** All rows so far, oldest first. */
  rows(): readonly PlantRow[];
  totals(): PlantTotals;
}
