/**
 * What a policy would have done over a recorded history, against what really happened. First a model of what really scaled the service is
 * replayed in the same way; unless it comes to the counts that really were, nothing is compared.
 */
import type { Side, Tally } from '../../counterfactual/tally.ts';
import type { ServiceScaling } from '../../policy/application-auto-scaling.ts';
import type { ServicePolicy } from '../../policy/policy.ts';
import type { Said } from '../play/recorder.ts';
import { doubtOf, type Fidelity, fidelityOf } from './fidelity.ts';
import type { History } from './history.ts';
import { judgeable } from './judgeable.ts';
import { judgedAlike, overloadedSeconds } from './judged.ts';
import { modelMind } from './model-mind.ts';
import { modelHistory, modelPolicy } from './model-signals.ts';
import { policyMind } from './policy-mind.ts';
import { type Replay, replay } from './replay.ts';
import { type Modelled, scaledBy } from './scaled-by.ts';

/** One side of the comparison. */
export interface SideFigures {
  readonly taskHours: number;
  readonly overloadedMinutes: number;
  readonly changes: number;
}

/** A replay and the words of the one that decided in it, for those who look closer. */
export interface Played {
  readonly replay: Replay;
  readonly said: readonly Said[];
}

export interface Comparison {
  readonly policy: SideFigures;
  readonly real: SideFigures;
  /** The model of what scaled it, in the world of the replay: its distance to `real` is what the method itself gets wrong. */
  readonly model: SideFigures;
  /** The policy's overloaded minutes if the load on its tasks were a little less, and a little more, than what is inferred. */
  readonly policyMinutesBetween: { readonly least: number; readonly most: number };
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
  readonly played: Played;
}

export type Backtest = {
  /** What scaled the service, or why that cannot be replayed. */
  readonly scaledBy: string;
  readonly fidelity: Fidelity | null;
  /** The model of what scaled it; null where there is none. */
  readonly model: Played | null;
} & ({ readonly kind: 'ranked'; readonly comparison: Comparison } | { readonly kind: 'refused'; readonly why: string });

export function backtest(history: History, policy: ServicePolicy, scaling: ServiceScaling): Backtest {
  const by = scaledBy(history, scaling);
  if (by.kind === 'unmodelled') {
    return { kind: 'refused', scaledBy: 'not known', fidelity: null, model: null, why: by.why };
  }
  const replayed = replay(modelHistory(history, by), modelPolicy(history, by), modelMind(history, by));
  const model = { replay: replayed, said: wordsOf(replayed, by) };
  const fidelity = fidelityOf(history, replayed);
  const known = { scaledBy: by.words, fidelity, model };
  const why = doubtOf(fidelity);
  if (why !== undefined) return { kind: 'refused', ...known, why };
  const mind = policyMind(policy);
  const judged = judgeable({ ...policy, mode: 'act' }, history);
  const reads = { ...mind.reads, ...judged.reads };
  const played = { replay: replay(judged.history, judged.policy, { ...mind, reads }), said: mind.said };
  const { tally } = played.replay;
  if (tally === undefined) return { kind: 'refused', ...known, why: 'there is nothing to replay' };
  const alike = { ...model, replay: tally.overloaded?.byCpu === true ? replayed : measuredAs(played.replay, replayed) };
  return { kind: 'ranked', ...known, model: alike, comparison: comparisonOf(played, tally, alike.replay) };
}

/** The model judged by what the policy is judged by, where that is not the CPU. */
function measuredAs({ judged }: Replay, model: Replay): Replay {
  const { rows, changes, desiredIsKnown, tally } = model;
  const alike = judgedAlike(judged, model);
  const ours = tally === undefined ? undefined : { ...tally.ours, overloadedSeconds: overloadedSeconds(alike) };
  return {
    ...{ rows, changes, desiredIsKnown, judged: alike },
    tally: tally === undefined || ours === undefined ? undefined : { ...tally, ours },
  };
}

function wordsOf({ changes }: Replay, { words }: Modelled): readonly Said[] {
  return changes.map((change) => ({
    ...change,
    outcome: 'changed',
    sentence: `${change.from} → ${change.to}: model of ${words}`,
  }));
}

function comparisonOf(played: Played, tally: Tally, model: Replay): Comparison {
  const side = ({ taskSeconds, overloadedSeconds, changes }: Side): SideFigures => ({
    taskHours: taskSeconds / 3600,
    overloadedMinutes: overloadedSeconds / 60,
    changes,
  });
  return {
    policy: side(tally.ours),
    real: side(tally.theirs),
    model: side((model.tally ?? tally).ours),
    policyMinutesBetween: { least: tally.oursBetween.least / 60, most: tally.oursBetween.most / 60 },
    days: tally.watchedSeconds / 86_400,
    ...(tally.overloaded === undefined ? {} : { overloaded: tally.overloaded.words }),
    cappedMinutes: tally.saturatedSeconds / 60,
    knownDays: tally.judgedSeconds / 86_400,
    modelled: tally.modelled,
    played,
  };
}
