/** What is known of a service at one moment: the input of `decide`. Plain JSON, the same shape as a line of `schmitt decide --stream`. */
import type { EpochMs } from './policy.ts';

/** `[period start, value, tasks that made it]`; the third is absent where the source does not say. Values in any order of time. */
export type Datapoint = readonly [startedAt: EpochMs, value: number, tasks?: number];

/** Did the source answer? `complete` with no values is an honest silence; the others are faults and mean unknown. */
export type ReadingStatus = 'complete' | 'partial' | 'forbidden' | 'failed';

export interface Reading {
  readonly status: ReadingStatus;
  readonly periodSeconds: number;
  /** Raw values are already scaled to the unit the policy sees. */
  readonly values: readonly Datapoint[];
  /** Why the status is not `complete`: one clause for the operator. */
  readonly cause?: string;
  /** `[period start, samples]` behind the datapoints of a percentile. Absent: the source does not say. */
  readonly samples?: readonly (readonly [startedAt: EpochMs, samples: number])[];
  /** Another source spoke before: periods that began earlier prove nothing. */
  readonly countsFrom?: EpochMs;
}

/** What ECS last said of tasks that do not start or do not get healthy. */
export interface Trouble {
  readonly at: EpochMs;
  readonly says: string;
}

/** A task of the service that stopped. */
export interface StoppedTask {
  readonly at: EpochMs;
  /** Why, as ECS and its containers have it: one clause. */
  readonly says: string;
}

/** Somebody else's `UpdateService`, as CloudTrail tells of it. */
export interface ForeignUpdate {
  readonly at: EpochMs;
  readonly desired: number;
  /** Who called: an ARN. */
  readonly principal: string;
}

/** A rollout under way, or one that failed. */
export interface Deployment {
  readonly controller: 'ECS' | 'CODE_DEPLOY';
  readonly strategy: 'rolling' | 'blueGreen' | 'linear' | 'canary';
  /** Tasks of the new revision are started; all run and are watched; those of the old one are stopped. */
  readonly phase: 'shifting' | 'baking' | 'terminating';
  /** The lifecycle stage in ECS's own word, where one was asked for. */
  readonly stage?: string;
  /** What ECS says of new tasks that fail: one clause. Absent: they do not. */
  readonly failing?: string;
}

export interface ServiceObservation {
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Running and healthy in its target groups. Absent: not known, `running` is used. */
  readonly inService?: number;
  readonly unhealthy?: number;
  /** What most of the unhealthy ones fail by: one clause. */
  readonly unhealthyBecause?: string;
  /** Why it was asked and is not known how many are healthy: one clause. */
  readonly healthUnknown?: string;
  readonly trouble?: Trouble;
  /** Those that stopped lately. Absent: nobody asked. */
  readonly stopped?: readonly StoppedTask[];
  /** Why it was asked and is not known which stopped: one clause. */
  readonly stoppedUnknown?: string;
  /** The newest that was heard of since the last decision. */
  readonly update?: ForeignUpdate;
  /** True while tasks of two revisions run or a rollout is in progress. */
  readonly deploying?: boolean;
  /** Which deployment it is. Absent: none, or nobody looked; `deploying` counts. */
  readonly deployment?: Deployment;
  /** Seconds from `UpdateService` to the last new task in service, where somebody measured them; else the state's own learning counts. */
  readonly startSeconds?: { readonly p50: number; readonly p95: number };
}

export interface Observation {
  readonly service: ServiceObservation;
  readonly signals: Readonly<Record<string, Reading>>;
}
