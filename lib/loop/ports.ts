/**
 * The ports of one tick. Lambda, simulator and local run differ in nothing else.
 * Each is small, has an in-memory version beside this file, and a contract suite under `test/contracts` that every version passes.
 * Expected outcomes are values; what nobody expects is thrown with its `cause` and reaches Lambda, so that alarms fire.
 */
import type { Tally } from '../counterfactual/tally.ts';
import type { VirtualService } from '../counterfactual/virtual-service.ts';
import type { Decision, Reason } from '../policy/decision.ts';
import type { Deployment, Reading, StoppedTask, Trouble } from '../policy/observation.ts';
import type { EpochMs, Override, PolicySet, ServiceName, SignalSpec } from '../policy/policy.ts';
import type { Rings, ServiceState } from '../policy/state.ts';
import type { Budget } from './budget.ts';
import type { Headroom } from './headroom.ts';
import type { ShardBreaker } from './shard-breaker.ts';

export interface Clock {
  now(): EpochMs;
}

export interface Policies {
  /** The set in force. Cheap to call on every tick. */
  load(abort: AbortSignal): Promise<PolicySet>;
}

export interface Overrides {
  /** Those that have not expired at `now`. */
  list(now: EpochMs, abort: AbortSignal): Promise<readonly Override[]>;
}

/** One signal of one service, over the last `periods` settled periods before `now`. */
export interface SignalQuery extends ServiceName {
  readonly name: string;
  readonly spec: SignalSpec;
  readonly periods: number;
  /** ARNs of the service's target groups, as its description has them; only sources that are read by target group look at them. */
  readonly targetGroups?: readonly string[];
}

export interface Signals {
  /**
   * Answers in the order of the queries, one reading each, in as few calls as the source allows; the same question is asked once.
   * A source that fails for one query answers `failed`, `forbidden` or `partial` for that query and still serves the others.
   * Values are settled (period end + publication delay <= now) and scaled to the unit the policy sees.
   */
  read(queries: readonly SignalQuery[], now: EpochMs, abort: AbortSignal): Promise<readonly Reading[]>;
}

export interface DescribedService {
  readonly kind: 'found';
  readonly arn: string;
  readonly status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly deploying: boolean;
  /** Which deployment it is, where one is under way or has failed. */
  readonly deployment?: Deployment;
  /** Set where counts alone mislead: EXTERNAL task sets run a share of the desired count. */
  readonly inService?: number;
  /** ECS scales an Express service itself. */
  readonly isExpress?: boolean;
  /** ARNs of the target groups its tasks are in or that a deployment moves them to. Absent: it has none, or nobody looked. */
  readonly targetGroups?: readonly string[];
  /** The newest event of the service that tells of tasks that do not start or do not get healthy, without the service's name. */
  readonly trouble?: Trouble;
}

/** A service's targets, each once: in service where all its target groups find it healthy. `unknown`: `cause` is one clause. */
export type TargetHealth =
  | {
      readonly kind: 'known';
      readonly inService: number;
      readonly unhealthy: number;
      /** What most of the unhealthy ones fail by: one clause. */
      readonly because?: string;
    }
  | { readonly kind: 'unknown'; readonly cause: string };

/** Tasks of a service that stopped lately and not because fewer were wanted. `unknown`: `cause` is one clause. */
export type StoppedTasks =
  | { readonly kind: 'known'; readonly tasks: readonly StoppedTask[] }
  | { readonly kind: 'unknown'; readonly cause: string };

/** `missing`: ECS knows no such service. `unreadable`: ECS answered otherwise; `cause` is one clause for the operator. */
export type ServiceDescription = DescribedService | { readonly kind: 'missing' | 'unreadable'; readonly cause: string };

/** `refused`: ECS said no and will say no again. `retryable`: throttled, a server fault, or the answer was lost (`unknown: true`). */
export type SetOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly error: string; readonly message: string }
  | { readonly kind: 'retryable'; readonly error: string; readonly message: string; readonly unknown: boolean };

export interface Services {
  /** In the order asked. */
  describe(services: readonly ServiceName[], abort: AbortSignal): Promise<readonly ServiceDescription[]>;
  /** By the target groups of each service, in the order asked. Absent: that a task runs is all that is known of it. */
  health?(targetGroups: readonly (readonly string[])[], abort: AbortSignal): Promise<readonly TargetHealth[]>;
  /** In the order asked. Absent: nobody can say why tasks stop. */
  stopped?(services: readonly ServiceName[], abort: AbortSignal): Promise<readonly StoppedTasks[]>;
  /** One attempt, absolute count, time limit `UPDATE_TIME_LIMIT_MS`. Sends cluster, service and desiredCount only. */
  setDesiredCount(service: ServiceName, desiredCount: number, abort: AbortSignal): Promise<SetOutcome>;
}

export const UPDATE_TIME_LIMIT_MS = 3_000;
export const LEASE_MS = 45_000;
export const SKEW_MARGIN_MS = 10_000;

/** `fence` only grows, is compared within one shard only, and its item is never deleted. */
export interface Lease {
  readonly shard: string;
  readonly owner: string;
  readonly fence: number;
  readonly until: EpochMs;
}

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

export type LeaseOutcome =
  /** `inbox`: what had arrived by then; absent: nothing. */
  | { readonly kind: 'held'; readonly lease: Lease; readonly inbox?: Inbox }
  | { readonly kind: 'busy'; readonly owner: string; readonly until: EpochMs };

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

/** What became of one service in one tick. A closed union: counted as `DecisionsTotal{action,outcome}`. */
export type Outcome =
  | 'held'
  | 'changed'
  | 'shadowed'
  | 'refused'
  | 'retryable'
  | 'settling'
  | 'settled'
  | 'stale'
  | 'missing'
  | 'unreadable'
  | 'unsupported'
  | 'corrupt'
  | 'outOfTime'
  | 'overBudget';

export interface LedgerEntry extends ServiceName {
  readonly v: 1;
  readonly arn: string;
  readonly at: EpochMs;
  readonly policyVersion: string;
  readonly decision: Decision;
  readonly outcome: Outcome;
  readonly sentence: string;
  readonly reasons: readonly Reason[];
  /** In shadow: what the service has; the decision is about the virtual one beside it. */
  readonly real?: { readonly desired: number; readonly running: number };
  /** The error's name and message where ECS said no. */
  readonly error?: string;
}

export interface Ledger {
  /** Keeps what it is given; the tick gives it changes of mind and acts, not every minute. */
  record(entries: readonly LedgerEntry[], abort: AbortSignal): Promise<void>;
}

export interface Ports {
  readonly clock: Clock;
  readonly policies: Policies;
  readonly overrides: Overrides;
  readonly signals: Signals;
  readonly services: Services;
  readonly store: Store;
  readonly ledger: Ledger;
  /** Absent: nobody checks what AWS has room for. */
  readonly headroom?: Headroom;
}

/** Where the services live: what a service's ARN is made of. */
export interface Account {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

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

/** The ARN of a service, without asking AWS. */
export function arnOf(account: Account, name: ServiceName): string {
  return `arn:${account.partition}:ecs:${account.region}:${account.accountId}:service/${name.cluster}/${name.service}`;
}
