/** Each comparison of a rule with its two sides, at the newest period the rule looked at. */
import { compiled } from '../compiled.ts';
import { type Comparison, type Condition, type Frame, frameOf } from '../condition.ts';
import { HOLDS } from '../condition-operators.ts';
import type { RuleVote, Truth } from '../decision.ts';
import { gridOf } from '../grid.ts';
import type { Observation } from '../observation.ts';
import type { EpochMs, ServicePolicy } from '../policy.ts';
import { type Window, windowOf } from '../series.ts';

/** What the decision looked at; with it the functions over windows have values too. */
export interface Moment {
  readonly observation: Observation;
  readonly now: EpochMs;
}

/** One comparison: `cpu > 70` with 63.8 on the left. Null: unknown. */
export interface Compared {
  readonly source: string;
  readonly operator: Comparison['operator'];
  readonly left: number | null;
  readonly right: number | null;
  readonly truth: Truth;
}

export function conditionOf(policy: ServicePolicy, vote: RuleVote): Condition | undefined {
  if (vote.list === 'targets') return undefined;
  const index = policy[vote.list].findIndex(({ name }) => name === vote.name);
  return compiled(policy)[vote.list][index];
}

export function comparedIn(policy: ServicePolicy, vote: RuleVote, moment?: Moment): readonly Compared[] {
  const condition = conditionOf(policy, vote);
  if (condition === undefined) return [];
  const frame = moment === undefined ? frameOfSeen(vote) : frameAt(policy, condition, moment);
  return condition.comparisons.map((comparison) => comparedAt(comparison, frame));
}

function comparedAt(comparison: Comparison, frame: Frame): Compared {
  const { source, operator } = comparison;
  const left = known(comparison.left(frame));
  const right = known(comparison.right(frame));
  const truth = left === null || right === null ? '?' : HOLDS[operator](left, right) ? 'T' : 'F';
  return { source, operator, left, right, truth };
}

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** The frame of the values that the vote itself remembers; `changed` replaces some of them. */
export function frameOfSeen(vote: RuleVote, changed: Readonly<Record<string, number>> = {}): Frame {
  const seen = vote.signals.map(({ signal, value }) => [signal, value ?? Number.NaN] as const);
  const window: Window = { now: 0, series: {}, witness: () => false };
  return { window, cell: 0, cellMs: 60_000, values: { ...Object.fromEntries(seen), ...changed } };
}

function frameAt(policy: ServicePolicy, condition: Condition, { observation, now }: Moment): Frame {
  const window = windowOf(policy, observation, now);
  const { newestCell, cellMs } = gridOf(window, condition.signals);
  return frameOf(window, condition.signals, newestCell, cellMs);
}
