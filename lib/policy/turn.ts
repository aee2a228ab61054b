/** One pass of the order over one service: what each step reads and what it hands on. */
import type { CompiledPolicy } from './compiled.ts';
import type { Reason } from './decision.ts';
import type { Observation } from './observation.ts';
import type { EpochMs, Override, ServicePolicy } from './policy.ts';
import type { Window } from './series.ts';
import type { StartSeconds } from './start-time.ts';
import type { ServiceState } from './state.ts';

/** What the steps so far ask for. `hold` always carries the present count. */
export interface Proposal {
  readonly direction: 'out' | 'in' | 'hold';
  readonly count: number;
  /** The rule or target that speaks, where one does. */
  readonly by?: string;
}

export interface Turn {
  readonly policy: ServicePolicy;
  readonly conditions: CompiledPolicy;
  readonly observation: Observation;
  readonly overrides: readonly Override[];
  readonly window: Window;
  readonly now: EpochMs;
  readonly start: StartSeconds;
  /** The count in force as far as we know: our own write counts also where ECS does not show it yet. */
  readonly desired: number;
  /** Running and healthy, as far as it is known. */
  readonly inService: number;
  readonly proposal: Proposal;
  readonly reasons: readonly Reason[];
  readonly state: ServiceState;
}

export type Step = (turn: Turn) => Turn;

/** The turn with more reasons. */
export function because(turn: Turn, ...reasons: readonly Reason[]): Turn {
  return reasons.length === 0 ? turn : { ...turn, reasons: [...turn.reasons, ...reasons] };
}

/** Another count than the one that was asked for. Whoever asked is still named while it is his direction. */
export function propose(turn: Turn, count: number, reason?: Reason): Turn {
  const direction = count > turn.desired ? 'out' : count < turn.desired ? 'in' : 'hold';
  const { by } = turn.proposal;
  const asker = by === undefined || direction !== turn.proposal.direction ? {} : { by };
  const next: Turn = { ...turn, proposal: { direction, count, ...asker } };
  return reason === undefined ? next : because(next, reason);
}

export function hold(turn: Turn, ...reasons: readonly Reason[]): Turn {
  const proposal: Proposal = { direction: 'hold', count: turn.desired };
  return because({ ...turn, proposal }, ...reasons);
}

/** Two decisions further apart than one and a half turns have lost one between them. */
export function gapMs(cadenceSeconds: number): number {
  return 1500 * cadenceSeconds;
}
