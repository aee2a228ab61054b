/**
 * What a policy would have done over a recorded history, against what really happened. First a model of what really scaled the service is
 * replayed in the same way; unless it comes to the counts that really were, nothing is compared.
 */
import type { Side, Tally } from '../../counterfactual/tally.ts';
import type { ServicePolicy } from '../../policy/policy.ts';
import { doubtOf, type Fidelity, fidelityOf } from './fidelity.ts';
import type { History } from './history.ts';
import { policyMind } from './policy-mind.ts';
import { type Replay, type ReplayRow, replay } from './replay.ts';
import { type Scaling, scaledBy } from './scaled-by.ts';
import { modelPolicy, trackingMind } from './tracking-mind.ts';

/** One side of the comparison. */
export interface SideFigures {
  readonly taskHours: number;
  readonly overloadedMinutes: number;
  readonly changes: number;
}

export interface Comparison {
  readonly policy: SideFigures;
  readonly real: SideFigures;
  /** The model of what scaled it, in the world of the replay: its distance to `real` is what the method itself gets wrong. */
  readonly model: SideFigures;
  /** Days whose counts were known. */
  readonly days: number;
  /** What an overloaded minute is, as a clause; absent: the policy reads nothing that tells. */
  readonly overloaded?: string;
  /** Minutes in which the real tasks were full, so that demand is a lower bound and so is our overload. */
  readonly cappedMinutes: number;
  /** Of the days, those whose load was known. */
  readonly knownDays: number;
  /** Signal to how its number came about, where it is not simply shared by other tasks. */
  readonly modelled: Readonly<Record<string, string>>;
  readonly rows: readonly ReplayRow[];
}

export type Backtest = {
  /** What scaled the service, or why that cannot be replayed. */
  readonly scaledBy: string;
  readonly fidelity: Fidelity | null;
} & ({ readonly kind: 'ranked'; readonly comparison: Comparison } | { readonly kind: 'refused'; readonly why: string });

export function backtest(history: History, policy: ServicePolicy, scaling: Scaling): Backtest {
  const by = scaledBy(scaling);
  if (by.kind === 'unmodelled') return { kind: 'refused', scaledBy: 'not known', fidelity: null, why: by.why };
  const model = replay(history, modelPolicy(history, by), trackingMind(history, by));
  const fidelity = fidelityOf(history, model);
  const why = doubtOf(fidelity);
  if (why !== undefined) return { kind: 'refused', scaledBy: by.words, fidelity, why };
  const ours = replay(history, { ...policy, mode: 'act' }, policyMind(policy));
  const { tally } = ours;
  if (tally === undefined) return { kind: 'refused', scaledBy: by.words, fidelity, why: 'there is nothing to replay' };
  return { kind: 'ranked', scaledBy: by.words, fidelity, comparison: comparisonOf(ours, tally, model) };
}

function comparisonOf(ours: Replay, tally: Tally, model: Replay): Comparison {
  const side = ({ taskSeconds, overloadedSeconds, changes }: Side): SideFigures => ({
    taskHours: taskSeconds / 3600,
    overloadedMinutes: overloadedSeconds / 60,
    changes,
  });
  return {
    policy: side(tally.ours),
    real: side(tally.theirs),
    model: side((model.tally ?? tally).ours),
    days: tally.watchedSeconds / 86_400,
    ...(tally.overloaded === undefined ? {} : { overloaded: tally.overloaded.words }),
    cappedMinutes: tally.saturatedSeconds / 60,
    knownDays: tally.judgedSeconds / 86_400,
    modelled: tally.modelled,
    rows: ours.rows,
  };
}
