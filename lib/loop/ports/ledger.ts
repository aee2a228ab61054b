/** The port to the ledger: what was decided and what became of it. */
import type { Decision, Reason } from '../../policy/decision.ts';
import type { EpochMs, ServiceName } from '../../policy/policy.ts';

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
