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
  /** Another source spoke before: periods that began earlier prove nothing. */
  readonly countsFrom?: EpochMs;
}

/** What ECS last said of tasks that do not start or do not get healthy. */
export interface Trouble {
  readonly at: EpochMs;
  readonly says: string;
}

/** A rollout under way, or one that failed. */
export interface Deployment {
  readonly controller: 'ECS' | 'CODE_DEPLOY';
  readonly strategy: 'rolling' | 'blueGreen' | 'linear' | 'canary';
  /** Tasks of the new revision are started; all run and are watched; those of the old one are stopped. */
  readonly phase: 'shifting' | 'baking' | 'terminating';
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
  /** Why it was asked and is not known how many are healthy: one clause. */
  readonly healthUnknown?: string;
  readonly trouble?: Trouble;
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
