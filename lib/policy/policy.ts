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
  readonly capacity: { readonly min: number; readonly max: number };
  readonly signals: Readonly<Record<string, SignalSpec>>;
  readonly scaleOut: readonly OutRule[];
  readonly scaleIn: readonly InRule[];
  readonly targets: readonly Target[];
  readonly pace: { readonly out: Pace; readonly in: Pace };
  readonly guard: Guard;
}

/** Where a signal's numbers come from. A closed union: one member a source. */
export type SignalSource =
  | { readonly kind: 'ecs'; readonly metric: 'CPUUtilization' | 'MemoryUtilization' }
  | {
      readonly kind: 'cloudwatch';
      readonly namespace: string;
      readonly metric: string;
      readonly dimensions: Readonly<Record<string, string>>;
    };

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
export type OutChange =
  | { readonly kind: 'add'; readonly tasks: number }
  | { readonly kind: 'addPercent'; readonly percent: number; readonly atLeastTasks: number }
  | { readonly kind: 'setTo'; readonly tasks: number };

export type InChange =
  | { readonly kind: 'remove'; readonly tasks: number }
  | { readonly kind: 'removePercent'; readonly percent: number; readonly atLeastTasks: number }
  | { readonly kind: 'setTo'; readonly tasks: number };

export interface OutRule extends Rule {
  readonly change: OutChange;
}
export interface InRule extends Rule {
  readonly change: InChange;
}

/** Proportional: as many tasks as keep the signal at `perTask` each. */
export interface Target {
  readonly name: string;
  readonly kind: 'perTask';
  readonly signal: string;
  readonly perTask: number;
  /** Fractions of the target; inside them the target abstains. The band is never narrower than one task. */
  readonly tolerance: { readonly out: number; readonly in: number };
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
}

/** Everything a tick needs, parsed and checked. `version` changes with any byte of it. */
export interface PolicySet {
  readonly version: string;
  readonly services: readonly ServicePolicy[];
}

/** A human's word above the policy, always with an owner, a reason and an end. */
export interface Override {
  readonly id: string;
  /** `cluster/service`, or `*` for everything. */
  readonly scope: string;
  readonly set:
    | { readonly kind: 'pause' }
    | { readonly kind: 'floor'; readonly tasks: number }
    | { readonly kind: 'ceiling'; readonly tasks: number }
    | { readonly kind: 'exact'; readonly tasks: number }
    | { readonly kind: 'mode'; readonly mode: Mode };
  readonly owner: string;
  readonly reason: string;
  readonly expiresAt: EpochMs;
}
