/** Votes into one proposal. Any out wins; in needs everybody's consent and no guard. */
import type { Damping, RuleVote } from './decision.ts';
import { guardsOnIn } from './guards.ts';
import { scaleInVotes, scaleOutVotes } from './rule-votes.ts';
import { targetVotes } from './target-votes.ts';
import { because, hold, type Proposal, type Turn } from './turn.ts';

export function vote(turn: Turn): Turn {
  const votes = [...scaleOutVotes(turn), ...scaleInVotes(turn), ...targetVotes(turn)];
  return rememberUnknown(because(turn, ...votes), votes);
}

/** Since when each voter has been unknown; whoever knows again is forgotten. */
function rememberUnknown(turn: Turn, votes: readonly RuleVote[]): Turn {
  const known = turn.state.unknownSince;
  const unknownSince: Record<string, number> = {};
  for (const { name, list, why } of votes) {
    if (list !== 'scaleIn' && (why === 'unknown' || why === 'blindTooLong'))
      unknownSince[name] = known[name] ?? turn.now;
  }
  if (Object.keys(unknownSince).length === 0 && Object.keys(known).length === 0) return turn;
  return { ...turn, state: { ...turn.state, unknownSince } };
}

export function combine(turn: Turn): Turn {
  const votes = turn.reasons.filter((reason) => reason.kind === 'vote');
  const outs = votes.filter((one) => one.vote === 'out');
  if (outs.length > 0) return combineOut(turn, outs);
  if (votes.some((one) => one.vote === 'hold')) return hold(turn);
  const ins = votes.filter((one) => one.vote === 'in');
  return ins.length === 0 ? hold(turn) : combineIn(turn, ins);
}

/** The largest wish wins; it never lowers the count, and what is already starting is not asked for again. */
function combineOut(turn: Turn, outs: readonly RuleVote[]): Turn {
  const loudest = outs.reduce((most, one) => ((one.wish ?? 0) > (most.wish ?? 0) ? one : most));
  const wish = loudest.wish ?? turn.desired;
  if (wish > turn.desired) return { ...turn, proposal: proposalOf(loudest, wish, 'out') };
  const coming: Damping = {
    kind: 'coming',
    coming: Math.max(0, turn.desired - turn.inService),
    from: wish,
    to: turn.desired,
  };
  return hold(turn, coming);
}

/** Within scaleIn the largest step speaks for the list; across the list and the targets the most cautious one wins. */
function combineIn(turn: Turn, ins: readonly RuleVote[]): Turn {
  const rules = ins.filter((one) => one.list === 'scaleIn');
  const speakers = ins.filter((one) => one.list === 'targets');
  if (rules.length > 0)
    speakers.push(rules.reduce((least, one) => ((one.wish ?? 0) < (least.wish ?? 0) ? one : least)));
  const careful = speakers.reduce((most, one) => ((one.wish ?? 0) > (most.wish ?? 0) ? one : most));
  const wish = careful.wish ?? turn.desired;
  if (wish >= turn.desired) return hold(turn);
  const guards = guardsOnIn(turn, wish);
  if (guards.length > 0) return hold(turn, ...guards);
  return { ...turn, proposal: proposalOf(careful, wish, 'in') };
}

function proposalOf(voter: RuleVote, count: number, direction: 'out' | 'in'): Proposal {
  return { direction, count, by: voter.name, absolute: voter.list === 'targets' };
}
