/** Votes into one proposal. Any out wins; in needs everybody's consent and no guard. */
import type { Damping, RuleVote } from './decision.ts';
import { rememberEfforts } from './efforts.ts';
import { guardsOnIn } from './guards.ts';
import { scaleInVotes, scaleOutVotes } from './rule-votes.ts';
import { keptFor, withKept } from './spent.ts';
import { targetVotes } from './target-votes.ts';
import { because, hold, type Turn } from './turn.ts';

export function vote(turn: Turn): Turn {
  const votes = [...scaleOutVotes(turn), ...scaleInVotes(turn), ...targetVotes(turn)];
  return rememberEfforts(rememberUnknown(because(turn, ...votes), votes), votes);
}

/** Since when each voter has been unknown; whoever knows again is forgotten. */
function rememberUnknown(turn: Turn, votes: readonly RuleVote[]): Turn {
  const known = turn.state.unknownSince;
  const unknown = votes.filter(({ list, why }) => list !== 'scaleIn' && (why === 'unknown' || why === 'blindTooLong'));
  if (unknown.length === 0 && Object.keys(known).length === 0) return turn;
  const spells = unknown.map(({ name }) => [name, keptFor(known, name) ?? turn.now] as const);
  return { ...turn, state: { ...turn.state, unknownSince: withKept({}, ...spells) } };
}

export function combine(turn: Turn): Turn {
  const votes = turn.reasons.filter((reason) => reason.kind === 'vote');
  const outs = votes.filter((one) => one.vote === 'out');
  if (outs.length > 0) return combineOut(turn, outs);
  if (votes.some((one) => one.vote === 'hold')) return hold(turn);
  const ins = votes.filter((one) => one.vote === 'in');
  return ins.length === 0 ? hold(turn) : combineIn(turn, ins, votes);
}

/** The largest wish wins; it never lowers the count, and what is already starting is not asked for again. */
function combineOut(turn: Turn, outs: readonly RuleVote[]): Turn {
  const loudest = mostOf(outs);
  const wish = wishOf(loudest);
  if (wish > turn.desired) return { ...turn, proposal: { direction: 'out', count: wish, by: loudest.name } };
  const coming: Damping = {
    kind: 'coming',
    coming: Math.max(0, turn.desired - turn.inService),
    from: wish,
    to: turn.desired,
  };
  return hold(turn, coming);
}

/**
 * Within scaleIn the largest step speaks for the list; across the list and the targets the most cautious one wins. A target that abstains
 * inside its tolerance lets its waste go, and no task more.
 */
function combineIn(turn: Turn, ins: readonly RuleVote[], votes: readonly RuleVote[]): Turn {
  const rules = ins.filter((one) => one.list === 'scaleIn');
  const speakers = ins.filter((one) => one.list === 'targets');
  if (rules.length > 0) speakers.push(leastOf(rules));
  const careful = mostOf(speakers);
  const needy = mostOf([careful, ...votes.filter((one) => one.why === 'insideTolerance')]);
  const from = wishOf(careful);
  const wish = Math.min(wishOf(needy), turn.desired);
  const needed: readonly Damping[] = wish > from ? [{ kind: 'needed', target: needy.name, from, to: wish }] : [];
  if (wish === turn.desired) return hold(turn, ...needed);
  const guards = guardsOnIn(turn, wish);
  if (guards.length > 0) return hold(turn, ...guards);
  return because({ ...turn, proposal: { direction: 'in', count: wish, by: careful.name } }, ...needed);
}

const wishOf = (vote: RuleVote): number => vote.wish ?? 0;

/** Of two with one wish the first by name, so that the order in which rules are written decides nothing. */
export function mostOf(votes: readonly RuleVote[]): RuleVote {
  return votes.reduce((most, one) => {
    if (wishOf(one) === wishOf(most)) return one.name < most.name ? one : most;
    return wishOf(one) > wishOf(most) ? one : most;
  });
}

function leastOf(votes: readonly RuleVote[]): RuleVote {
  return votes.reduce((least, one) => {
    if (wishOf(one) === wishOf(least)) return one.name < least.name ? one : least;
    return wishOf(one) < wishOf(least) ? one : least;
  });
}
