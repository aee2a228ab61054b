/**
 * The ports of one tick. Lambda, simulator and local run differ in nothing else.
 * Each is small, has an in-memory version in this folder, and a contract suite under `test/contracts` that every version passes.
 * Expected outcomes are values; what nobody expects is thrown with its `cause` and reaches Lambda, so that alarms fire.
 */
import type { EpochMs, Override, PolicySet } from '../policy/policy.ts';
import type { Headroom } from './headroom.ts';
import type { Ledger } from './ports/ledger.ts';
import type { Services } from './ports/services.ts';
import type { Signals } from './ports/signals.ts';
import type { Store } from './ports/store.ts';

export * from './ports/leases.ts';
export type * from './ports/ledger.ts';
export * from './ports/services.ts';
export type * from './ports/signals.ts';
export type * from './ports/store.ts';

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
