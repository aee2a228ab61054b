/** What a tick is asked and what it answers. */
import type { EpochMs } from '../policy/policy.ts';
import type { Account } from './account.ts';
import type { LedgerEntry, ShardEvent } from './ports.ts';

export interface TickRequest {
  readonly shard: string;
  /** How many shards the services are spread over; then `shard` is a number below it. Absent: one. */
  readonly shards?: number;
  readonly account: Account;
  /** Unique to this invocation: the lease's owner. */
  readonly owner: string;
  /** When the schedule meant this tick to happen, or the minute's first tick was where this is another of the minute. */
  readonly scheduledAt?: EpochMs;
  /** When this tick should happen: services whose cadence falls on it, counted from `scheduledAt`, are due. Absent: all are. */
  readonly dueAt?: EpochMs;
  /** What brought this tick: the services that it happened to are evaluated. Absent: the schedule did. */
  readonly events?: readonly ShardEvent[];
  /**
   * Which entries get their sentence, for who plays months: `news`: only those that the ledger is given; `none`: the others of an entry's
   * fields are all that is read. Without one it is empty. Default `all`.
   */
  readonly sentences?: 'all' | 'news' | 'none';
  /** Milliseconds until the runtime stops us. */
  remainingMs(): number;
  readonly abort: AbortSignal;
}

/** An event that was not taken, and why, as a clause. */
export interface RefusedEvent {
  readonly event: ShardEvent;
  readonly cause: string;
}

/** `busy`: another tick holds the lease, which is normal; events that brought this one lie in the inbox for it. */
export type TickReport =
  | { readonly kind: 'busy'; readonly owner: string; readonly until: EpochMs }
  | {
      readonly kind: 'ticked';
      readonly now: EpochMs;
      readonly policyVersion: string;
      /** Seconds between the schedule's time and the clock; absent without a scheduled time. */
      readonly lateSeconds?: number;
      /** One for each service that was evaluated, in the order of the policy; one that events came for meanwhile, again. */
      readonly entries: readonly LedgerEntry[];
      readonly signalsRead: number;
      readonly signalsFailed: number;
      /** Seconds since the newest change that ECS took of us, over the whole shard. Absent: none is known, or only some were evaluated. */
      readonly lastScaleAgeSeconds?: number;
      /** Breakers that are open or half open: of services, and one more where it is the shard's own. */
      readonly breakersOpen: number;
      /** How many were taken out of the inbox, and those that were refused. Absent: it was empty. */
      readonly events?: { readonly taken: number; readonly refused: readonly RefusedEvent[] };
    };
