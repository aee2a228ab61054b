/** The port to what is remembered: leases, a service's state, a shard's rings. */
import type { Tally } from '../../counterfactual/tally.ts';
import type { VirtualService } from '../../counterfactual/virtual-service.ts';
import type { EpochMs } from '../../policy/policy.ts';
import type { Rings, ServiceState } from '../../policy/state.ts';
import type { Budget } from '../budget.ts';
import type { ShardBreaker } from '../shard-breaker.ts';
import type { Inboxes, Lease, LeaseOutcome } from './leases.ts';

/** Written before `UpdateService`, cleared by the write after it: whoever finds one asks ECS what became of it. */
export interface Intent {
  readonly fence: number;
  readonly from: number;
  readonly to: number;
  readonly at: EpochMs;
  /** Not sent after this moment. Until `sendBy` + time limit + skew margin nobody else acts on the service. */
  readonly sendBy: EpochMs;
  /** The state to adopt if ECS took the change. */
  readonly after: ServiceCore;
}

/** A service's state without its rings, which lie in the shard's one item. */
export type ServiceCore = Omit<ServiceState, 'rings'>;

export interface StoredService {
  readonly core: ServiceCore;
  readonly intent?: Intent;
  /** In shadow: the service that `core` is about, beside the real one. */
  readonly shadow?: VirtualService;
}

/** `corrupt`: the item is there and is not of a format we read; the service is left alone and said so. */
export type LoadedService =
  | { readonly kind: 'stored'; readonly rev: number; readonly value: StoredService }
  | { readonly kind: 'absent' }
  | { readonly kind: 'corrupt'; readonly cause: string };

export interface ShardRings {
  /** 0 where nothing is stored yet. */
  readonly rev: number;
  /** By service ARN. */
  readonly rings: Readonly<Record<string, Rings>>;
  /** What the shard as a whole remembers. */
  readonly shard?: ShardMemory;
  /** Scores of services in shadow, by ARN. */
  readonly tallies?: Readonly<Record<string, Tally>>;
  /** Why nothing is remembered although something is stored. */
  readonly cause?: string;
}

export interface ShardMemory {
  /** What is left of our share of UpdateService. */
  readonly updates?: Budget;
  /** Absent where nothing failed since the last success. */
  readonly breaker?: ShardBreaker;
}

/** `stale`: somebody wrote since `rev` was read; nothing was written. */
export type SaveOutcome = { readonly kind: 'saved'; readonly rev: number } | { readonly kind: 'stale' };

export interface Store {
  /** Absent: nobody sends events. */
  readonly inboxes?: Inboxes;
  /** Takes the lease if it is free or expired by more than the skew margin. `owner` is unique to this invocation. */
  acquire(shard: string, owner: string, now: EpochMs, abort: AbortSignal): Promise<LeaseOutcome>;
  /** Gives it back and leaves the inbox to the next holder; a lease that was lost meanwhile is left alone. */
  release(lease: Lease, abort: AbortSignal): Promise<void>;
  /** In the order asked; consistent reads. Keys are service ARNs. */
  load(arns: readonly string[], abort: AbortSignal): Promise<readonly LoadedService[]>;
  /** Conditional on `rev` (null: no item yet). */
  save(arn: string, value: StoredService, rev: number | null, abort: AbortSignal): Promise<SaveOutcome>;
  loadRings(shard: string, abort: AbortSignal): Promise<ShardRings>;
  saveRings(shard: string, rings: ShardRings, abort: AbortSignal): Promise<SaveOutcome>;
}
