/** What a picture of a run is made of: numbers already worked out, and the words beside them. */
import type { Action } from '../policy/decision.ts';
import type { EpochMs, ServicePolicy } from '../policy/policy.ts';
import type { Scores } from '../sim/scores.ts';
import type { PlantRow } from '../sim/types.ts';

/** One decision as it stands in the picture. `failed`: it asked for a change and did not get it. */
export interface DecisionShown {
  readonly at: EpochMs;
  readonly action: Action;
  readonly from: number;
  readonly to: number;
  readonly outcome: 'changed' | 'held' | 'failed';
  readonly sentence: string;
}

export interface RunScores extends Scores {
  readonly ticks: number;
}

/** What the picture draws of a policy. */
export type PolicyShown = Pick<
  ServicePolicy,
  'cluster' | 'service' | 'capacity' | 'signals' | 'scaleOut' | 'scaleIn' | 'targets'
>;

/** Everything the page shows of one run. */
export interface Run {
  /** The trace's name, as the person who started the run knows it. */
  readonly trace: string;
  readonly policy: PolicyShown;
  /** The file as the operator wrote it. */
  readonly policyFile: string;
  readonly policyText: string;
  /** One row a minute, oldest first. */
  readonly rows: readonly PlantRow[];
  /** Requests per second one task can take. */
  readonly capacityPerTask: number;
  /** One for each tick, oldest first. */
  readonly decisions: readonly DecisionShown[];
  readonly scores: RunScores;
  /** What was assumed, as term and words: seed, versions, start-up class. */
  readonly assumptions: readonly (readonly [term: string, words: string])[];
}
