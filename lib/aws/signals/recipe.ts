/** How a reading is put together from the answers: plain data, one kind a way of reading. Ids are those of the planned queries. */
import type { ReadingStatus } from '../../policy/observation.ts';
import type { EpochMs, SignalSpec, SqsAttribute } from '../../policy/policy.ts';
import type { QueueAnswer } from './sqs.ts';
import type { Window } from './window.ts';

export type Recipe = MetricRecipe | TargetGroupsRecipe | ShareRecipe | QueueRecipe | SeriesRecipe | UnreadRecipe;

interface WindowedRecipe extends Window {
  readonly periodSeconds: number;
  readonly scale: number;
}

/** One series of CloudWatch. */
export interface MetricRecipe extends WindowedRecipe {
  readonly kind: 'metric';
  readonly id: string;
  /** The query whose values count the tasks behind each datapoint. */
  readonly tasksId?: string;
  /** The query whose values count the samples behind each datapoint of a percentile. */
  readonly samplesId?: string;
  /** Queries that `id` is computed from: it is worth no more than the worst of them. */
  readonly madeOf?: readonly string[];
}

/** The same metric of every target group of a service. */
export interface TargetGroupsRecipe extends WindowedRecipe {
  readonly kind: 'targetGroups';
  /** `sum`: counts and hosts. `most`, `least`: the worst of percentiles, averages and extremes. `perTarget`: weighed by healthy hosts. */
  readonly combine: 'sum' | 'most' | 'least' | 'perTarget';
  readonly groups: readonly { readonly id: string; readonly hostsId?: string; readonly samplesId?: string }[];
  /** Of a percentile: how many samples it needs to be heard beside those of other groups. */
  readonly samplesNeeded?: number;
}

/** In percent of another signal's reading, period by period. */
export interface ShareRecipe {
  readonly kind: 'share';
  readonly periodSeconds: number;
  readonly part: Recipe;
  readonly of: Recipe;
  /** The other signal's name, for causes. */
  readonly ofName: string;
  /** The part's source sends nothing for zero, by its own documentation; then the whole proves that it would have sent something. */
  readonly silentPartIsZero: boolean;
}

/** A queue as it is now. */
export interface QueueRecipe {
  readonly kind: 'queue';
  readonly id: string;
  readonly attribute: SqsAttribute;
  readonly readAt: EpochMs;
  readonly periodSeconds: number;
  readonly scale: number;
}

/** One series of a Prometheus, with the times of the samples behind its values. */
export interface SeriesRecipe extends WindowedRecipe {
  readonly kind: 'series';
  readonly id: string;
  readonly ageIds: readonly string[];
}

/** Nothing is asked for it, and why. */
export interface UnreadRecipe {
  readonly kind: 'unread';
  readonly status: Exclude<ReadingStatus, 'complete'>;
  readonly periodSeconds: number;
  readonly cause: string;
}

export function unread(
  { periodSeconds }: Pick<SignalSpec, 'periodSeconds'>,
  cause: string,
  status: UnreadRecipe['status'] = 'failed',
): UnreadRecipe {
  return { kind: 'unread', status, periodSeconds, cause };
}

/** What a source said to one query. */
export interface Answer {
  readonly status: ReadingStatus;
  readonly cause?: string;
  /** Period start to value, not scaled. */
  readonly points: ReadonlyMap<EpochMs, number>;
}

/** By the ids of the plan. */
export interface Answers {
  readonly series: ReadonlyMap<string, Answer>;
  readonly queues: ReadonlyMap<string, QueueAnswer>;
}
