/**
 * The policy of a service after parsing: plain JSON, defaults filled in, durations in seconds, one spelling for everything.
 * An operator writes the shorter form (see `document.ts`); `parse.ts` turns one into the other.
 */

/** Epoch milliseconds. */
export type EpochMs = number;

/** An ECS service by the two names an operator uses. Written `cluster/service`. */
export interface ServiceName {
  readonly cluster: string;
  readonly service: string;
}

/** `act` changes counts, `shadow` decides and records only, `off` does neither. */
export type Mode = 'act' | 'shadow' | 'off';

export interface ServicePolicy extends ServiceName {
  readonly mode: Mode;
  /** Seconds between two decisions; what the schedule of the tick delivers. */
  readonly cadenceSeconds: number;
  readonly capacity: { readonly min: number; readonly max: number };
  readonly signals: Readonly<Record<string, SignalSpec>>;
  readonly scaleOut: readonly OutRule[];
  readonly scaleIn: readonly InRule[];
  readonly targets: readonly Target[];
  readonly pace: { readonly out: Pace; readonly in: Pace };
  readonly schedule: readonly ScheduledBounds[];
  readonly freeze: readonly Freeze[];
  readonly guard: Guard;
}

/** Where a signal's numbers come from. A closed union: one member a source. */
export type SignalSource =
  | { readonly kind: 'ecs'; readonly metric: 'CPUUtilization' | 'MemoryUtilization' }
  | { readonly kind: 'alb'; readonly metric: string }
  | {
      readonly kind: 'cloudwatch';
      readonly namespace: string;
      readonly metric: string;
      readonly dimensions: Readonly<Record<string, string>>;
    }
  /** CloudWatch metric math over other signals of the service, by their names. */
  | { readonly kind: 'math'; readonly expression: string }
  | { readonly kind: 'sqs'; readonly queue: string; readonly attribute: SqsAttribute }
  | { readonly kind: 'promql'; readonly query: string; readonly from: string }
  | { readonly kind: 'pushed' }
  /** Percent of another signal: this one divided by it, times 100. */
  | { readonly kind: 'share'; readonly part: SignalSource; readonly of: string };

export type SqsAttribute = 'backlog' | 'visible' | 'inFlight' | 'delayed';

export interface SignalSpec {
  readonly source: SignalSource;
  /** CloudWatch statistic: `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, `p95`, … */
  readonly stat: string;
  readonly periodSeconds: number;
  /** How long after the end of a period its datapoint may still be missing or change. */
  readonly publicationDelaySeconds: number;
  /** The number the policy sees is the number read times this (per second: 1/60; seconds to milliseconds: 1000). */
  readonly scale: number;
  /** True where the number is an average over tasks, so that demand is the number times the tasks that made it. */
  readonly averagedOverTasks: boolean;
  readonly whenMissing: WhenMissing;
}

/** What a datapoint that does not come means. */
export type WhenMissing =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'zero' }
  | { readonly kind: 'use'; readonly signal: string };

/** m true periods of the last n settled ones. */
export interface TrueFor {
  readonly m: number;
  readonly n: number;
}

interface Rule {
  readonly name: string;
  /** CEL over the signals' names. */
  readonly when: string;
  readonly trueFor: TrueFor;
  /** After this rule has acted it stays silent for so long. 0: no wait of its own. */
  readonly thenWaitSeconds: number;
}

/** How a rule that is true changes the count; a relative step starts from the count in force when its evidence was measured. */
export type Change =
  /** Sizes are positive in both lists: out adds them, in removes them. */
  | { readonly kind: 'tasks'; readonly tasks: number }
  | { readonly kind: 'percent'; readonly percent: number; readonly atLeastTasks: number }
  | { readonly kind: 'setTo'; readonly tasks: number }
  /** The band the signal lies in says the change: lower bound inclusive for out, upper bound inclusive for in. */
  | { readonly kind: 'bands'; readonly signal: string; readonly bands: readonly Band[] };

export interface Band {
  readonly from: number | null;
  readonly to: number | null;
  readonly change: Exclude<Change, { kind: 'bands' }>;
}

export interface OutRule extends Rule {
  readonly change: Change;
}
export interface InRule extends Rule {
  readonly change: Change;
}

/** A number of tasks computed from a signal. */
export type Target = PerTaskTarget | BacklogTarget;

interface TargetBase {
  readonly name: string;
  readonly signal: string;
  /** Fractions of the count; inside them the target abstains. Towards in the band is never narrower than one task. */
  readonly tolerance: { readonly out: number; readonly in: number };
}

/** Proportional: as many tasks as keep the signal at `perTask` each. */
export interface PerTaskTarget extends TargetBase {
  readonly kind: 'perTask';
  readonly perTask: number;
}

/** As many tasks as work off the queue within a time. */
export interface BacklogTarget extends TargetBase {
  readonly kind: 'backlog';
  readonly finishWithinSeconds: number;
  readonly secondsPerMessage: number;
  readonly parallelPerTask: number;
}

/** The damping of one direction. `pace` presets stand for all of these numbers. */
export interface Pace {
  /** From the moment AWS said yes. `verified`: until the capacity is in service and one settled period has passed. */
  readonly cooldown: { readonly kind: 'verified' } | { readonly kind: 'seconds'; readonly seconds: number };
  /** In: the largest wish of this window counts. Out: the smallest. 0: no window. */
  readonly stabilizationSeconds: number;
  /** At most so much change within `periodSeconds`; the larger of the two unless `pick` says otherwise. */
  readonly upTo: {
    readonly percent: number;
    readonly tasks: number;
    readonly pick: 'larger' | 'smaller';
    readonly periodSeconds: number;
  };
}

export interface Guard {
  /** CEL conditions; while one is true or unknown, nothing scales in. */
  readonly holdInWhile: readonly string[];
  /** An out-rule that stays unknown holds the service for so long, then abstains. */
  readonly unknownAbstainsAfterSeconds: number;
  /** When no signal of the service is known for so long, the count is raised to this floor. Shortest first. */
  readonly whenBlindFor: readonly { readonly seconds: number; readonly atLeastTasks: number }[];
}

/** A window of time: from each start, for so long. Start inclusive, end exclusive. */
export interface TimeWindow {
  /** Five-field cron in `timezone`, or the instant of a single window. */
  readonly starts: { readonly kind: 'cron'; readonly cron: string } | { readonly kind: 'at'; readonly at: EpochMs };
  readonly lastsSeconds: number;
  /** It ends when the clock of `timezone` shows this minute of the day; `lastsSeconds` is then its length on a day of 24 hours. */
  readonly untilMinute?: number;
  /** IANA zone; daylight saving is its business. */
  readonly timezone: string;
  /** Dates `YYYY-MM-DD` in `timezone`, from a calendar. `only`: windows that start on them; `except`: windows that do not. */
  readonly dates?: { readonly use: 'only' | 'except'; readonly calendar: string; readonly dates: readonly string[] };
}

/** Bounds that hold while the window is open. A floor is ready by the window's start: it begins one start time earlier. */
export interface ScheduledBounds extends TimeWindow {
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  /** Raised to at the window's start, once; the rules go on from there. */
  readonly desired?: number;
}

export interface Freeze extends TimeWindow {
  readonly name: string;
  readonly forbid: 'scaleIn' | 'scaleOut' | 'both';
}

/** A ceiling that several services share: what the database behind them can bear. */
export interface Group {
  readonly name: string;
  /** `cluster/service` each. */
  readonly services: readonly string[];
  readonly maxTasks: number;
}

/** Everything a tick needs, parsed and checked. `version` changes with any byte of it. */
export interface PolicySet {
  readonly version: string;
  readonly services: readonly ServicePolicy[];
  /** Policies for services that carry all these tags; who that is, is asked at run time. */
  readonly tagged: readonly TaggedPolicy[];
  readonly groups: readonly Group[];
  /** Patterns of `cluster/service`; a service is served if it matches `allow` (or that is empty) and matches no `deny`. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

export interface TaggedPolicy {
  readonly tags: Readonly<Record<string, string>>;
  readonly policy: Omit<ServicePolicy, keyof ServiceName>;
}

/** A human's word above the policy, always with an owner, a reason and an end. */
export interface Override {
  readonly id: string;
  /** `cluster/service`, `tag:KEY=VALUE` for the services that carry the tag, or `*` for everything. */
  readonly scope: string;
  /** `cluster/service` of those that carry the tag; asked at run time, never kept. */
  readonly carriers?: readonly string[];
  readonly set:
    | { readonly kind: 'pause' }
    | { readonly kind: 'floor'; readonly tasks: number }
    | { readonly kind: 'ceiling'; readonly tasks: number }
    | { readonly kind: 'exact'; readonly tasks: number }
    | { readonly kind: 'mode'; readonly mode: Mode };
  readonly owner: string;
  readonly reason: string;
  /** Of several words on the mode the last one counts; those that do not say when come first. */
  readonly saidAt?: EpochMs;
  readonly expiresAt: EpochMs;
}
