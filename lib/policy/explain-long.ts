/** The long form of an explanation: every rule at each period, every signal, every comparison, what damped, and what would have changed it. */
import { type Damping, type Decided, isDamping, type Reason, type RuleVote, type SignalSeen } from './decision.ts';
import { explain } from './explain.ts';
import { type Compared, comparedIn, type Moment } from './explain-long/compared.ts';
import { type Nearest, nearestChange } from './explain-long/nearest.ts';
import { tableText } from './explain-long/table.ts';
import type { ServicePolicy } from './policy.ts';

export type { Nearest } from './explain-long/nearest.ts';

export interface VoteRow extends RuleVote {
  readonly compared: readonly Compared[];
}

export interface LongExplanation {
  /** The short form. */
  readonly sentence: string;
  readonly votes: readonly VoteRow[];
  /** Each once, as the decision saw it. */
  readonly signals: readonly SignalSeen[];
  readonly dampings: readonly Damping[];
  /** Absent where no single thing would have changed the answer. */
  readonly nearest?: Nearest;
}

/** @param moment what was looked at; without it comparisons over windows, as `avg(cpu, '5m') > 70`, are shown as unknown */
export function explainLong(policy: ServicePolicy, decided: Decided, moment?: Moment): LongExplanation {
  const votes = decided.reasons.filter((reason) => reason.kind === 'vote');
  const nearest = nearestChange(policy, decided);
  return {
    sentence: explain(decided),
    votes: votes.map((vote) => ({ ...vote, compared: comparedIn(policy, vote, moment) })),
    signals: signalsOf(votes),
    dampings: decided.reasons.filter(isDamping),
    ...(nearest === undefined ? {} : { nearest }),
  };
}

/** The same as text, for a terminal. */
export function explainLongText(policy: ServicePolicy, decided: Decided, moment?: Moment): string {
  return tableText(explainLong(policy, decided, moment));
}

/** For machines: the reasons themselves, and what would have changed the answer. */
export function explainJson(
  policy: ServicePolicy,
  decided: Decided,
): { reasons: readonly Reason[]; nearest?: Nearest } {
  const nearest = nearestChange(policy, decided);
  return { reasons: decided.reasons, ...(nearest === undefined ? {} : { nearest }) };
}

/** Rules may have looked at different periods; the newest look counts. */
function signalsOf(votes: readonly RuleVote[]): readonly SignalSeen[] {
  const found = new Map<string, SignalSeen>();
  for (const seen of votes.flatMap(({ signals }) => signals)) {
    const known = found.get(seen.signal);
    if (
      known === undefined ||
      (seen.ageSeconds ?? Number.POSITIVE_INFINITY) < (known.ageSeconds ?? Number.POSITIVE_INFINITY)
    )
      found.set(seen.signal, seen);
  }
  return [...found.values()];
}
