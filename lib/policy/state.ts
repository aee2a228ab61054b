/** What a service remembers between two decisions. Plain JSON; every stored form carries its format `v`. */
import type { Breaker } from './breaker.ts';
import type { Datapoint, ForeignUpdate } from './observation.ts';
import type { EpochMs } from './policy.ts';

export const STATE_FORMAT = 1;

export interface ServiceState {
  readonly v: typeof STATE_FORMAT;
  /** The last change of the desired count, ours or foreign; absent until one was seen. */
  readonly lastChange?: PastChange;
  /** Last change in each direction by us: cooldowns and step limits count from these. */
  readonly lastOutAt?: EpochMs;
  readonly lastInAt?: EpochMs;
  /** Rule name to the end of the newest period it has acted on: one piece of evidence acts once. */
  readonly actedOn: Readonly<Record<string, EpochMs>>;
  /** Rule name to the moment until which it waits. */
  readonly waitUntil: Readonly<Record<string, EpochMs>>;
  /** Rule name to the first moment of its present spell of unknown. */
  readonly unknownSince: Readonly<Record<string, EpochMs>>;
  /** Since when fewer tasks are in service than desired; absent while none is missing. */
  readonly shortSince?: EpochMs;
  /** A count outside the bounds that somebody else set stands until then. */
  readonly foreignUntil?: EpochMs;
  /** Since when no signal at all is known; absent while one is. */
  readonly blindSince?: EpochMs;
  /** Absent where nothing failed since the last success. */
  readonly breaker?: Breaker;
  /** By rule: what it saw when it first asked for more, and how many of its increases came into service since. */
  readonly efforts?: Readonly<Record<string, Effort>>;
  /** When somebody else undid a change of ours; those of the last half hour. */
  readonly reversals?: readonly EpochMs[];
  /** The rollout under way: when it was first seen, and the count before it. */
  readonly rollout?: Rollout;
  /** The last call of somebody else that was heard of. */
  readonly foreignUpdate?: ForeignUpdate;
  /** How long the last rollouts took; the newest last, at most 5. */
  readonly rolloutSeconds?: readonly number[];
  /** Measured seconds from `UpdateService` to the last new task in service; the newest last, at most 20. */
  readonly startSeconds: readonly number[];
  readonly rings: Rings;
}

export interface Effort {
  /** By signal; load per task. */
  readonly seen: Readonly<Record<string, number>>;
  readonly inService: number;
}

export interface Rollout {
  readonly since: EpochMs;
  readonly base: number;
}

export interface PastChange {
  readonly at: EpochMs;
  readonly from: number;
  readonly to: number;
  readonly by: 'us' | 'foreign';
  /** The rule or target that asked, for ours. */
  readonly rule?: string;
  /** Who called `UpdateService`, for a foreign one, where it became known. */
  readonly principal?: string;
  /** When all its tasks were seen in service; absent while they are not. */
  readonly verifiedAt?: EpochMs;
  /** When it was given up waiting for them, once. */
  readonly unverifiedAt?: EpochMs;
}

/** What changes at every tick and is kept for all services of a shard in one compact item. */
export interface Rings {
  /**
   * `[at, desired, inForceAt]` for each change of the desired count, oldest first. A decrease is in force at once; an increase when its
   * tasks were seen in service, null until then.
   */
  readonly counts: readonly CountEntry[];
  /** `[at, wish]`, oldest first, for stabilization. */
  readonly wishes: readonly (readonly [EpochMs, number])[];
  /** What was last written to the ledger, so that it records changes of mind and not minutes. */
  readonly mind?: string;
  /** Signals whose source keeps no history: `[start, value]`, oldest first. */
  readonly signals?: Readonly<Record<string, readonly Datapoint[]>>;
  /** By signal: who spoke for it last, itself or another. */
  readonly spokenBy?: Readonly<Record<string, SpokenBy>>;
}

/** The fingerprint of a source, and the start of the first period that counts since it speaks; 0: every one. */
export type SpokenBy = readonly [key: string, countsFrom: EpochMs];

export type CountEntry = readonly [at: EpochMs, desired: number, inForceAt: EpochMs | null];

export const EMPTY_STATE: ServiceState = Object.freeze({
  v: STATE_FORMAT,
  actedOn: {},
  waitUntil: {},
  unknownSince: {},
  startSeconds: [],
  rings: { counts: [], wishes: [] },
});
