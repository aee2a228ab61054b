/**
 * The nearest thing that would have changed an answer, from its reasons alone: the end of what stopped a wish, one more period of what is
 * true already, or the smallest change of a signal. "Nearest" is in this order, and among signals by the relative size of the change.
 */
import { type Decided, isDamping, type RuleVote } from '../decision.ts';
import { durationWords } from '../duration.ts';
import { missingPeriods, number } from '../explain.ts';
import type { ServicePolicy } from '../policy.ts';
import { conditionOf } from './compared.ts';
import { endOf } from './end-of-damping.ts';
import { changesText, sizeOf, smallestChange } from './levels.ts';
import { changesOfTarget, changeToEdge } from './target-edges.ts';

export interface Nearest {
  /** `time`: it comes by itself. `event`: something outside must happen. `policy`: only another policy would do. */
  readonly kind: 'time' | 'event' | 'periods' | 'signal' | 'policy';
  /** `cpu 71 for one more minute`, `cpu 6.2 higher`, `in 2 min, when the cooldown ends`. */
  readonly sentence: string;
  /** The rule or target that would then speak, or be silent. */
  readonly voter?: string;
}

/** Undefined where no single thing would have. */
export function nearestChange(policy: ServicePolicy, decided: Decided): Nearest | undefined {
  const { action } = decided.decision;
  const votes = decided.reasons.filter((reason) => reason.kind === 'vote');
  if (action !== 'hold') return whatWouldHaveKept(policy, decided, votes);
  const stopped = decided.reasons.filter(isDamping).filter(({ to }) => to === decided.decision.to);
  if (stopped.length > 0) return endOf(stopped);
  const { min, max } = policy.capacity;
  const count = decided.decision.to;
  const mayMatter = votes.filter(({ list }) => list === 'targets' || (list === 'scaleOut' ? count < max : count > min));
  return firstToSpeakAgain(mayMatter) ?? nearestVoter(policy, count, mayMatter);
}

/** A rule that is true and may not act yet, or one that holds because it does not know. */
function firstToSpeakAgain(votes: readonly RuleVote[]): Nearest | undefined {
  const waiting = votes.find(({ why }) => why === 'thenWait');
  if (waiting !== undefined)
    return {
      kind: 'time',
      sentence: `in ${durationWords(waiting.secondsLeft ?? 0)}, when '${waiting.name}' may act again`,
      voter: waiting.name,
    };
  const spent = votes.find(({ why }) => why === 'sameEvidence' || why === 'waitingForFreshEvidence');
  if (spent !== undefined) {
    const fresh =
      spent.why === 'sameEvidence' ? 'one more period' : 'a period that begins after the last change is in service';
    return { kind: 'periods', sentence: `${levelsOf(spent)} for ${fresh}`, voter: spent.name };
  }
  for (const { vote, signals, name } of votes) {
    const unknown = signals.find(({ value }) => value === null);
    if (vote === 'hold' && unknown !== undefined)
      return { kind: 'event', sentence: `a datapoint of ${unknown.signal}`, voter: name };
  }
  return undefined;
}

const levelsOf = ({ signals }: RuleVote): string =>
  signals.map(({ signal, value }) => (value === null ? signal : `${signal} ${number(value)}`)).join(', ');

/** Of the rules and targets that abstain, the one that lacks least. */
function nearestVoter(policy: ServicePolicy, count: number, votes: readonly RuleVote[]): Nearest | undefined {
  const soon = votes
    .flatMap((vote) => {
      // Where older periods are unknown, as at the beginning, more of what is true now settles it too.
      const begins = vote.why === 'unknown' && vote.truth?.startsWith('T') === true;
      const periods = begins ? periodsUntilTrue(vote) : missingPeriods(vote);
      return periods === undefined ? [] : [{ vote, periods }];
    })
    .sort((a, b) => a.periods - b.periods)[0];
  if (soon !== undefined) {
    const { vote, periods } = soon;
    const sentence = `${levelsOf(vote)} for ${moreTime(periods * periodSeconds(policy, vote))}`;
    return { kind: 'periods', sentence, voter: vote.name };
  }
  const wanted = votes.flatMap((vote) => changesWanted(policy, vote, count));
  return wanted.sort((a, b) => a.size - b.size)[0]?.nearest;
}

interface Wanted {
  readonly nearest: Nearest;
  readonly size: number;
}

function changesWanted(policy: ServicePolicy, vote: RuleVote, count: number): readonly Wanted[] {
  if (vote.list === 'targets') {
    const changes = changesOfTarget(policy, vote, count);
    return changes.map((change) => wantedOf(vote, changesText([change]), sizeOf([change])));
  }
  const condition = conditionOf(policy, vote);
  const changes = condition === undefined ? undefined : smallestChange(condition, vote, true);
  if (changes === undefined) return [];
  const periods = periodsUntilTrue(vote);
  const lasting = periods < 2 ? '' : ` for ${durationWords(periods * periodSeconds(policy, vote))}`;
  return [wantedOf(vote, `${changesText(changes)}${lasting}`, sizeOf(changes))];
}

function wantedOf({ name }: RuleVote, sentence: string, size: number): Wanted {
  return { nearest: { kind: 'signal', sentence, voter: name }, size };
}

/** How many true periods in a row make the rule true, after those it has seen. */
function periodsUntilTrue({ truth = '', trueFor = { m: 1, n: 1 } }: RuleVote): number {
  for (let more = 1; more < trueFor.m; more++) {
    const kept = truth.slice(0, trueFor.n - more);
    if (more + kept.split('T').length - 1 >= trueFor.m) return more;
  }
  return trueFor.m;
}

/** Of a change: what would have kept the count. */
function whatWouldHaveKept(policy: ServicePolicy, decided: Decided, votes: readonly RuleVote[]): Nearest | undefined {
  const bound = decided.reasons
    .filter(isDamping)
    .findLast(({ kind, to }) => kind === 'bound' && to === decided.decision.to);
  if (bound?.kind === 'bound' && bound.from === decided.decision.from)
    return { kind: 'policy', sentence: `a ${bound.bound} of ${bound.from} instead of ${bound.to} (${bound.by})` };
  const speaker = votes.find(({ name, vote }) => name === decided.by && vote === decided.decision.action);
  if (speaker === undefined) return undefined;
  if (speaker.list === 'targets') {
    const change = changeToEdge(policy, speaker, decided.decision);
    return change === undefined ? undefined : { kind: 'signal', sentence: changesText([change]), voter: speaker.name };
  }
  const condition = conditionOf(policy, speaker);
  // With more true periods than it needs, a rule would have acted without the newest one too.
  const spare = (speaker.truth ?? '').split('T').length - 1 - (speaker.trueFor?.m ?? 1);
  const changes = condition === undefined || spare > 0 ? undefined : smallestChange(condition, speaker, false);
  return changes === undefined ? undefined : { kind: 'signal', sentence: changesText(changes), voter: speaker.name };
}

function moreTime(seconds: number): string {
  if (seconds === 60) return 'one more minute';
  return seconds % 60 === 0 ? `${seconds / 60} more minutes` : `${seconds} more seconds`;
}

/** Of the grid on which a rule is evaluated: that of its coarsest signal. */
function periodSeconds(policy: ServicePolicy, { signals }: RuleVote): number {
  return Math.max(0, ...signals.map(({ signal }) => policy.signals[signal]?.periodSeconds ?? 0)) || 60;
}
