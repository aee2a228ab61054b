/** What `decide` answers: the count, and every reason as data. `explain.ts` turns reasons into the one sentence everybody reads. */
import type { Pool } from './headroom/findings.ts';
import type { EpochMs } from './policy.ts';
import type { ServiceState } from './state.ts';

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
  | 'tooFewSamples'
  | 'sameEvidence'
  | 'waitingForFreshEvidence'
  | 'thenWait'
  | 'doesNotHelp'
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

/** `list` says where the voter stands. A rule carries its truth, a target its demand. */
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
export type Damping = {
  readonly from: number;
  readonly to: number;
} & (
  | { readonly kind: 'guard'; readonly guard: GuardKind; readonly detail: string }
  | { readonly kind: 'coming'; readonly coming: number }
  /** A target that asks for nothing itself still needs so many. */
  | { readonly kind: 'needed'; readonly target: string }
  | { readonly kind: 'unplaceable'; readonly missing: number; readonly sinceSeconds: number }
  | {
      readonly kind: 'stabilized';
      readonly direction: 'out' | 'in';
      readonly windowSeconds: number;
      readonly secondsLeft: number | null;
    }
  | { readonly kind: 'cooldown'; readonly direction: 'out' | 'in'; readonly secondsLeft: number }
  | { readonly kind: 'stepLimit'; readonly direction: 'out' | 'in'; readonly periodSeconds: number }
  | { readonly kind: 'freeze'; readonly name: string; readonly endsAt: EpochMs }
  | { readonly kind: 'schedule'; readonly name: string; readonly startsAt: EpochMs }
  | { readonly kind: 'blind'; readonly sinceSeconds: number }
  | {
      readonly kind: 'override';
      readonly set: string;
      readonly owner: string;
      readonly reason: string;
      readonly expiresAt: EpochMs;
    }
  | { readonly kind: 'bound'; readonly bound: 'min' | 'max'; readonly by: string }
  | { readonly kind: 'foreignStands'; readonly until: EpochMs | null }
  | { readonly kind: 'deployment'; readonly why: DeploymentHold }
  | {
      readonly kind: 'breaker';
      readonly standing: 'open' | 'halfOpen';
      /** Absent: of the service. */
      readonly scope?: 'shard';
      readonly failures: number;
      readonly what: string;
      readonly secondsLeft: number;
    }
  | { readonly kind: 'group'; readonly name: string; readonly maxTasks: number }
  /** AWS has room for so many more tasks. */
  | { readonly kind: 'headroom'; readonly pool: Pick<Pool, 'kind' | 'name'>; readonly room: number }
  | { readonly kind: 'headroomUnknown'; readonly why: HeadroomDoubt }
  /** Application Auto Scaling may scale the service in; `by` says what of it, a clause each. */
  | { readonly kind: 'otherScaling'; readonly service: string; readonly by: readonly string[] }
);

/** Why it is not known whether there is room. `unchecked`: the service is new since the last check. */
export type HeadroomDoubt =
  | { readonly kind: 'stale'; readonly ageSeconds: number }
  | { readonly kind: 'unreadable'; readonly cause: string }
  | { readonly kind: 'unchecked' };

/** What of a deployment stands in the way. */
export type DeploymentHold =
  | { readonly kind: 'codeDeploy' }
  | { readonly kind: 'failing'; readonly says: string }
  | { readonly kind: 'surplus'; readonly percent: number; readonly base: number };

export type GuardKind = 'condition' | 'deployment' | 'unhealthy' | 'unsteady' | 'implausible' | 'unknown';

/** Something that happened to the service since the last decision. */
export type Noticed =
  /** `principal`: who called, where it is known. */
  | { readonly kind: 'foreignChange'; readonly from: number; readonly to: number; readonly principal?: string }
  /** The name of who made a foreign change that was told of before. */
  | { readonly kind: 'foreignNamed'; readonly from: number; readonly to: number; readonly principal: string }
  | { readonly kind: 'verified'; readonly to: number; readonly afterSeconds: number }
  /** Twice the time that starting takes has passed, and tasks are still missing: a failure, counted once. */
  | {
      readonly kind: 'unverified';
      readonly from: number;
      readonly to: number;
      readonly missing: number;
      readonly afterSeconds: number;
      /** What is known of the missing ones, a clause each. */
      readonly causes: readonly string[];
    }
  | { readonly kind: 'breakerClosed'; readonly failures: number };

export type Reason = RuleVote | Damping | Noticed;

const NOTICED: ReadonlySet<Reason['kind']> = new Set<Noticed['kind']>([
  'foreignChange',
  'foreignNamed',
  'verified',
  'unverified',
  'breakerClosed',
]);

export function isNoticed(reason: Reason): reason is Noticed {
  return NOTICED.has(reason.kind);
}

export function isDamping(reason: Reason): reason is Damping {
  return reason.kind !== 'vote' && !isNoticed(reason);
}

/** Everything `decide` answers. `state` is what was learned by looking; `acknowledge` adds what follows from acting. */
export interface Decided {
  readonly decision: Decision;
  readonly reasons: readonly Reason[];
  readonly state: ServiceState;
  /** The rule or target whose wish it is, where one spoke. */
  readonly by?: string;
}
