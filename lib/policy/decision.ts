/** What `decide` answers: the count, and every reason as data. `explain.ts` turns reasons into the one sentence everybody reads. */
import type { EpochMs } from './policy.ts';

export type Action = 'out' | 'in' | 'hold';

export interface Decision {
  readonly action: Action;
  readonly from: number;
  readonly to: number;
}

export type Vote = 'out' | 'in' | 'hold' | 'abstain';

/** Of one period: true, false, unknown. */
export type Truth = 'T' | 'F' | '?';

/** Why a rule or a target votes as it does. */
export type VoteWhy =
  | 'true'
  | 'false'
  | 'unknown'
  | 'blindTooLong'
  | 'sameEvidence'
  | 'waitingForFreshEvidence'
  | 'thenWait'
  | 'aboveTarget'
  | 'belowTarget'
  | 'insideTolerance';

/** A signal as the decision saw it. `value` null: unknown, and `cause` says why. */
export interface SignalSeen {
  readonly signal: string;
  readonly value: number | null;
  /** Seconds from the end of its period to now; null where there is no value. */
  readonly ageSeconds: number | null;
  readonly cause?: string;
}

export interface RuleVote {
  readonly kind: 'vote';
  readonly list: 'scaleOut' | 'scaleIn' | 'targets';
  readonly name: string;
  readonly vote: Vote;
  readonly why: VoteWhy;
  /** The count it asks for, where it asks. */
  readonly wish?: number;
  /** The count that a relative step started from. */
  readonly base?: number;
  /** The condition, for rules. */
  readonly when?: string;
  /** Newest period first, n of them, for rules. */
  readonly truth?: string;
  readonly trueFor?: { readonly m: number; readonly n: number };
  /** End of the newest period used: the evidence's key. */
  readonly evidenceAt?: EpochMs;
  /** Demand in tasks, for targets. */
  readonly demand?: number;
  readonly signals: readonly SignalSeen[];
  readonly secondsLeft?: number;
}

/** A step of the order that changed or stopped the wish; each names the count before and after. */
export type Damping =
  | {
      readonly kind: 'guard';
      readonly guard: 'condition' | 'deployment' | 'unhealthy' | 'unsteady';
      readonly detail: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'stabilized'; readonly windowSeconds: number; readonly from: number; readonly to: number }
  | {
      readonly kind: 'cooldown';
      readonly direction: 'out' | 'in';
      readonly secondsLeft: number | null;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'coming'; readonly coming: number; readonly from: number; readonly to: number }
  | {
      readonly kind: 'unplaceable';
      readonly missing: number;
      readonly sinceSeconds: number;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: 'stepLimit';
      readonly direction: 'out' | 'in';
      readonly limit: number;
      readonly periodSeconds: number;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: 'override';
      readonly owner: string;
      readonly reason: string;
      readonly expiresAt: EpochMs;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'bound'; readonly bound: 'min' | 'max'; readonly from: number; readonly to: number };

/** Something that happened to the service since the last decision. */
export type Noticed =
  | { readonly kind: 'foreignChange'; readonly from: number; readonly to: number }
  | { readonly kind: 'verified'; readonly to: number; readonly afterSeconds: number };

export type Reason = RuleVote | Damping | Noticed;
