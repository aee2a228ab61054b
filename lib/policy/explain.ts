/** Decision to sentence. The one place where words for operators are made: logs, terminal, page, ledger and tests all read from here. */
import { OPENS_AFTER } from './breaker.ts';
import {
  type Damping,
  type Decided,
  type DeploymentHold,
  isDamping,
  isNoticed,
  type Noticed,
  type RuleVote,
  type SignalSeen,
} from './decision.ts';
import { durationWords } from './duration.ts';
import { headroomClause } from './headroom/words.ts';

type Explained = Pick<Decided, 'decision' | 'reasons' | 'by'>;

/** One line: what was decided, because of what, what damped it, and what would have changed it. */
export function explain(decided: Explained): string {
  const { decision, reasons, by } = decided;
  const head = decision.action === 'hold' ? `hold ${decision.to}` : `${decision.from} → ${decision.to}`;
  const votes = reasons.filter((reason): reason is RuleVote => reason.kind === 'vote');
  const noticed = reasons.filter(isNoticed).map(noticedClause);
  const dampings = reasons.filter(isDamping).map(dampingClause);
  const speaking = speakers(votes, decision.action, by);
  const spoken = speaking.map(voteClause);
  const clauses = [...noticed, ...spoken, ...dampings];
  if (spoken.length === 0 && dampings.length === 0) clauses.push(...quiet(votes));
  return clauses.length === 0 ? head : `${head}: ${clauses.join('; ')}`;
}

/** Whose votes the sentence names: the one that carried a change, or all that pulled where something held. */
function speakers(votes: readonly RuleVote[], action: string, by: string | undefined): readonly RuleVote[] {
  if (action !== 'hold') return votes.filter((one) => one.name === by && (one.vote === 'out' || one.vote === 'in'));
  return votes.filter((one) => one.vote !== 'abstain');
}

/** A hold that nobody asked for: the voter nearest to speaking, or all of them in short. */
function quiet(votes: readonly RuleVote[]): readonly string[] {
  if (votes.length === 0) return [];
  const nearest = votes
    .filter((one) => missingPeriods(one) !== undefined)
    .sort((a, b) => (missingPeriods(a) ?? 0) - (missingPeriods(b) ?? 0))[0];
  if (nearest !== undefined) return [voteClause(nearest)];
  return votes.map(voteClause);
}

/** How many more true periods in a row a rule needs whose newest period is true; undefined where the newest is not. */
export function missingPeriods(vote: RuleVote): number | undefined {
  const { truth, trueFor } = vote;
  if (vote.why !== 'false' || trueFor === undefined || truth?.startsWith('T') !== true) return undefined;
  for (let more = 1; more <= trueFor.m; more++) {
    const kept = truth.slice(0, trueFor.n - more);
    if (more + count(kept, 'T') >= trueFor.m) return more;
  }
  return undefined;
}

function count(text: string, letter: string): number {
  let found = 0;
  for (let at = text.indexOf(letter); at >= 0; at = text.indexOf(letter, at + 1)) found++;
  return found;
}

export function voteClause(vote: RuleVote): string {
  const values = vote.signals.map(signalText).join(', ');
  const seen = values === '' ? '' : ` (${values})`;
  switch (vote.why) {
    case 'true':
      return `${vote.name} true ${counted(vote)}${seen} asks ${vote.wish} from ${vote.base}`;
    case 'false': {
      const missing = missingPeriods(vote);
      if (missing === undefined) return `${vote.name} false${seen}`;
      return `${vote.name} true ${counted(vote)}${seen}, ${missing} more ${missing === 1 ? 'period' : 'periods'} would do`;
    }
    case 'unknown':
      return `${vote.name} unknown${seen}${vote.secondsLeft === undefined ? '' : `, holds ${durationWords(vote.secondsLeft)} more`}`;
    case 'blindTooLong':
      return `${vote.name} unknown for too long${seen}, abstains`;
    case 'tooFewSamples':
      return `${vote.name} abstains${seen}${vote.signals.some(({ value }) => value === null) ? '' : ', of too few samples before'}`;
    case 'sameEvidence':
      return `${vote.name} true${seen}, already answered on this evidence`;
    case 'waitingForFreshEvidence':
      return `${vote.name} true${seen}, waits for evidence from after its last change`;
    case 'thenWait':
      return `${vote.name} true${seen}, waits ${durationWords(vote.secondsLeft ?? 0)} more`;
    case 'doesNotHelp':
      return `${vote.name} true${seen}, more tasks do not help: two increases made it no better`;
    case 'aboveTarget':
    case 'belowTarget':
      return `${vote.name} needs ${number(vote.demand ?? 0)} tasks${seen}`;
    case 'insideTolerance':
      return `${vote.name} needs ${number(vote.demand ?? 0)} tasks${seen}, inside tolerance`;
  }
}

function counted(vote: RuleVote): string {
  const yes = count(vote.truth ?? '', 'T');
  return `${yes} of ${vote.trueFor?.n ?? yes}`;
}

function signalText({ signal, value, cause }: SignalSeen): string {
  return value === null ? `${signal} unknown: ${cause ?? 'no cause given'}` : `${signal} ${number(value)}`;
}

/** Three significant digits are what a person compares; whole numbers stay whole. */
export function number(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const magnitude = Math.abs(value);
  return String(
    Number(magnitude >= 100 ? value.toFixed(0) : magnitude >= 10 ? value.toFixed(1) : value.toPrecision(3)),
  );
}

export function noticedClause(reason: Noticed): string {
  switch (reason.kind) {
    case 'foreignChange':
      return `${reason.principal ?? 'somebody else'} set ${reason.from} → ${reason.to}, adopted`;
    case 'foreignNamed':
      return `it was ${reason.principal} who set ${reason.from} → ${reason.to}`;
    case 'verified':
      return `${reason.to} in service after ${durationWords(reason.afterSeconds)}`;
    case 'unverified': {
      const causes = reason.causes.length === 0 ? '' : ` (${reason.causes.join(', ')})`;
      return `${reason.missing} of ${reason.to} not in service ${durationWords(reason.afterSeconds)} after ${reason.from} → ${reason.to}${causes}: counted as a failure`;
    }
    case 'breakerClosed':
      return `a change succeeded after ${reason.failures} failures: breaker closed`;
  }
}

export function dampingClause(reason: Damping): string {
  switch (reason.kind) {
    case 'guard':
      return `no scale-in: ${reason.detail}`;
    case 'coming':
      return reason.coming > 0 ? `${reason.coming} already starting` : `${reason.to} already answers it`;
    case 'needed':
      return `${reason.target} still needs ${reason.to}`;
    case 'unplaceable':
      return `${reason.missing} not in service for ${durationWords(reason.sinceSeconds)}: neither raised nor cut`;
    case 'stabilized':
      return `${reason.from} not yet wanted for all of ${durationWords(reason.windowSeconds)}${reason.secondsLeft === null ? '' : `, ${durationWords(reason.secondsLeft)} left`}`;
    case 'cooldown':
      return `cooldown ${reason.direction}, ${durationWords(reason.secondsLeft)} left`;
    case 'stepLimit':
      return `at ${reason.direction === 'out' ? 'most' : 'least'} ${reason.to} within ${durationWords(reason.periodSeconds)} (asked ${reason.from})`;
    case 'freeze':
      return `frozen by ${reason.name} until ${new Date(reason.endsAt).toISOString()}`;
    case 'schedule':
      return `schedule ${reason.name} starts at ${reason.to}`;
    case 'blind':
      return `nothing known for ${durationWords(reason.sinceSeconds)}, raised to ${reason.to}`;
    case 'override':
      return `${reason.set} by ${reason.owner} until ${new Date(reason.expiresAt).toISOString()}: ${reason.reason}`;
    case 'bound':
      return `${reason.bound} ${reason.to} (${reason.by})${reason.from === reason.to ? '' : `, asked ${reason.from}`}`;
    case 'foreignStands':
      return reason.until === null
        ? 'somebody else set 0: paused until somebody raises it'
        : `somebody else's ${reason.to} stands until ${new Date(reason.until).toISOString()}`;
    case 'deployment':
      return deploymentClause(reason.why, reason.to);
    case 'breaker':
      return breakerClause(reason);
    case 'group':
      return `group ${reason.name} has room for ${reason.to} (asked ${reason.from}, ${reason.maxTasks} in all)`;
    case 'headroom':
    case 'headroomUnknown':
    case 'otherScaling':
      return headroomClause(reason);
  }
}

function breakerClause({
  scope,
  standing,
  failures,
  what,
  secondsLeft,
}: Extract<Damping, { kind: 'breaker' }>): string {
  const whose = scope === 'shard' ? 'breaker of the shard' : 'breaker';
  if (standing === 'halfOpen') return `${whose} half open: waits for what becomes of the change that is tried`;
  const counted = failures < OPENS_AFTER ? '' : ` after ${failures} failures`;
  return `${whose} open${counted}: ${what}, tries again in ${durationWords(secondsLeft)}`;
}

function deploymentClause(why: DeploymentHold, to: number): string {
  switch (why.kind) {
    case 'codeDeploy':
      return 'CODE_DEPLOY is deploying: the count stays until it has ended';
    case 'failing':
      return `its deployment fails (${why.says}): nothing is added or taken away`;
    case 'surplus':
      return `at most ${to} while it deploys, ${why.percent} % above the ${why.base} it began with`;
  }
}
