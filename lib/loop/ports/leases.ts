/** A shard's lease, and the inbox of events that lies in the same item. */
import type { EpochMs, ServiceName } from '../../policy/policy.ts';

export const LEASE_MS = 45_000;
export const SKEW_MARGIN_MS = 10_000;

/** `fence` only grows, is compared within one shard only, and its item is never deleted. */
export interface Lease {
  readonly shard: string;
  readonly owner: string;
  readonly fence: number;
  readonly until: EpochMs;
}

export type LeaseOutcome =
  /** `inbox`: what had arrived by then; absent: nothing. */
  | { readonly kind: 'held'; readonly lease: Lease; readonly inbox?: Inbox }
  | { readonly kind: 'busy'; readonly owner: string; readonly until: EpochMs };

/** Something that happened to a service, for whoever holds its shard. Plain JSON. */
export type ShardEvent = ServiceName & {
  /** The event's own: delivered twice, it happened once. */
  readonly id: string;
  readonly at: EpochMs;
} & (
    | { readonly kind: 'wake'; readonly why: string }
    /** A number that the application says itself, in the unit of the source. */
    | { readonly kind: 'pushed'; readonly signal: string; readonly value: number }
    /** Somebody else called `UpdateService`. */
    | { readonly kind: 'updated'; readonly desired: number; readonly principal: string }
  );

/** Events that nobody has taken yet, oldest first. `seq` only grows; 0: there was never one. */
export interface Inbox {
  readonly seq: number;
  readonly events: readonly ShardEvent[];
}

/** The shard's inbox, in the item of its lease, so that an event neither waits for a sweep nor races it. */
export interface Inboxes {
  /** Adds events, whoever holds the lease or nobody. `full`: nothing was added; the next sweep finds out by itself. */
  post(shard: string, events: readonly ShardEvent[], abort: AbortSignal): Promise<{ readonly kind: 'posted' | 'full' }>;
  /**
   * Gives the lease back and forgets the inbox up to `drained`, unless more arrived since: then nothing changes and the holder is told.
   * A lease that was lost meanwhile is left alone.
   */
  release(lease: Lease, drained: number, abort: AbortSignal): Promise<ReleaseOutcome>;
}

export type ReleaseOutcome = { readonly kind: 'released' } | { readonly kind: 'moreArrived'; readonly inbox: Inbox };

/** Events of one shard at once. A service is evaluated once for all of its own, so more would only be noise. */
export const INBOX_MOST = 500;
