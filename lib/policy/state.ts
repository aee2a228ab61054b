/** What a service remembers between two decisions. Plain JSON; every stored form carries its format `v`. */
import type { EpochMs } from './policy.ts';

export const STATE_FORMAT = 1;

export interface ServiceState {
  readonly v: typeof STATE_FORMAT;
  /** The last change of the desired count, ours or foreign; absent until one was seen. */
  readonly lastChange?: Change;
  /** Last change in each direction by us: cooldowns and step limits count from these. */
  readonly lastOutAt?: EpochMs;
  readonly lastInAt?: EpochMs;
  /** Rule name to the end of the newest period it has acted on: one piece of evidence acts once. */
  readonly actedOn: Readonly<Record<string, EpochMs>>;
  /** Rule name to the moment until which it waits. */
  readonly waitUntil: Readonly<Record<string, EpochMs>>;
  /** Rule name to the first moment of its present spell of unknown. */
  readonly unknownSince: Readonly<Record<string, EpochMs>>;
  /** Measured seconds from `UpdateService` to the last new task in service; the newest last, at most 20. */
  readonly startSeconds: readonly number[];
  readonly rings: Rings;
}

export interface Change {
  readonly at: EpochMs;
  readonly from: number;
  readonly to: number;
  readonly by: 'us' | 'foreign';
  /** The rule or target that asked, for ours. */
  readonly rule?: string;
  /** When all its tasks were seen in service; absent while they are not. */
  readonly verifiedAt?: EpochMs;
}

/** What changes at every tick and is kept for all services of a shard in one compact item. */
export interface Rings {
  /** `[at, desired]` for each change of the desired count, oldest first: the count in force at a moment of the past. */
  readonly counts: readonly (readonly [EpochMs, number])[];
  /** `[at, wish]`, oldest first, for stabilization. */
  readonly wishes: readonly (readonly [EpochMs, number])[];
}

export const EMPTY_STATE: ServiceState = Object.freeze({
  v: STATE_FORMAT,
  actedOn: {},
  waitUntil: {},
  unknownSince: {},
  startSeconds: [],
  rings: { counts: [], wishes: [] },
});
