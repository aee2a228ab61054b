/** What is remembered of a service when a tick begins: its item, its rings, and what became of a change that nobody saw end. */
import type { VirtualService } from '../counterfactual/virtual-service.ts';
import { afterFailure } from '../policy/breaker.ts';
import { WRITE_VISIBLE_MS } from '../policy/foreign.ts';
import type { EpochMs } from '../policy/policy.ts';
import { EMPTY_STATE, type Rings, type ServiceState } from '../policy/state.ts';
import { type Intent, type LoadedService, type ServiceCore, SKEW_MARGIN_MS, UPDATE_TIME_LIMIT_MS } from './ports.ts';

export interface Memory {
  readonly kind: 'ready';
  /** Null: nothing is stored yet. */
  readonly rev: number | null;
  readonly state: ServiceState;
  /** As it lies in the store; what differs from it must be written. */
  readonly stored: ServiceCore;
  /** The virtual service that the state is about; absent: the real one. */
  readonly shadow?: VirtualService;
  /** A change whose end nobody saw, and what became of it. */
  readonly settled?: { readonly intent: Intent; readonly tookEffect: boolean };
}

export type Recalled =
  | Memory
  | { readonly kind: 'corrupt'; readonly cause: string }
  /** A change may still be on the wire: nobody acts. */
  | { readonly kind: 'settling'; readonly intent: Intent; readonly until: EpochMs };

export function coreOf(state: ServiceState): ServiceCore {
  const { rings: _, ...core } = state;
  return core;
}

/**
 * An open intent is settled by looking: until `sendBy` + time limit + skew margin the call may still land, after that the desired count
 * says whether it did. A yes is believed at once, a no when a read cannot be from before the call any more. After a yes the state that
 * goes with it is adopted, so that the same evidence does not act again; it does not either where somebody else set a third count, since
 * ours may have stood before.
 */
export function recall(loaded: LoadedService, rings: Rings | undefined, desired: number, now: EpochMs): Recalled {
  if (loaded.kind === 'corrupt') return loaded;
  const remembered = rings ?? EMPTY_STATE.rings;
  if (loaded.kind === 'absent') {
    return { kind: 'ready', rev: null, state: { ...EMPTY_STATE, rings: remembered }, stored: coreOf(EMPTY_STATE) };
  }
  const { rev, value } = loaded;
  const { core, intent, shadow } = value;
  if (intent === undefined) {
    const ready = { kind: 'ready', rev, state: { ...core, rings: remembered }, stored: core } as const;
    return shadow === undefined ? ready : { ...ready, shadow };
  }
  const landed = intent.sendBy + UPDATE_TIME_LIMIT_MS + SKEW_MARGIN_MS;
  const tookEffect = desired === intent.to;
  const until = tookEffect ? landed : landed + WRITE_VISIBLE_MS;
  if (now < until) return { kind: 'settling', intent, until };
  const state = { ...coreAfter(core, intent, desired, now), rings: remembered };
  return { kind: 'ready', rev, state, stored: core, settled: { intent, tookEffect } };
}

function coreAfter(core: ServiceCore, intent: Intent, desired: number, now: EpochMs): ServiceCore {
  const { from, to, after } = intent;
  if (desired === to) return after;
  if (desired === from) return afterFailure(core, now, `no answer to ${from} → ${to}, and it was not taken`);
  return { ...core, actedOn: after.actedOn };
}
