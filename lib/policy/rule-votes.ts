/** What each rule says. A true out-rule that may not act yet holds, so that nothing scales in under it; a false rule abstains. */
import { thinInCell, valueInCell } from './cells.ts';
import { type Condition, type Frame, frameOf, moveFrame } from './condition.ts';
import { countInForce } from './count.ts';
import type { RuleVote, SignalSeen, VoteWhy } from './decision.ts';
import { doesNotHelp } from './efforts.ts';
import { gridOf } from './grid.ts';
import type { Change, EpochMs, InRule, OutRule } from './policy.ts';
import { thinClause } from './samples.ts';
import type { Window } from './series.ts';
import { keptFor } from './spent.ts';
import { FALSE, TRUE, UNKNOWN } from './ternary.ts';
import type { Turn } from './turn.ts';

export function scaleOutVotes(turn: Turn): readonly RuleVote[] {
  return turn.policy.scaleOut.map((rule, index) =>
    voteOf(turn, rule, turn.conditions.scaleOut[index] as Condition, 'scaleOut'),
  );
}

export function scaleInVotes(turn: Turn): readonly RuleVote[] {
  return turn.policy.scaleIn.map((rule, index) =>
    voteOf(turn, rule, turn.conditions.scaleIn[index] as Condition, 'scaleIn'),
  );
}

type List = 'scaleOut' | 'scaleIn';
type Tally = {
  readonly truth: string;
  readonly verdict: typeof TRUE | typeof FALSE | typeof UNKNOWN;
  /** It would be known if percentiles of too few samples were. */
  readonly thin: boolean;
};

function voteOf(turn: Turn, rule: OutRule | InRule, condition: Condition, list: List): RuleVote {
  const grid = gridOf(turn.window, condition.signals);
  const { truth, verdict, thin } = tally(turn.window, condition, grid.newestCell, grid.cellMs, rule.trueFor);
  const newestStartsAt = grid.newestCell * grid.cellMs;
  const evidenceAt = newestStartsAt + grid.cellMs;
  const base = {
    kind: 'vote',
    list,
    name: rule.name,
    when: rule.when,
    truth,
    trueFor: rule.trueFor,
    evidenceAt,
    signals: seen(turn.window, condition.signals, grid.newestCell, grid.cellMs),
  } as const;
  if (verdict === FALSE) return { ...base, vote: 'abstain', why: 'false' };
  if (verdict === UNKNOWN && thin) return { ...base, vote: 'abstain', why: 'tooFewSamples' };
  if (verdict === UNKNOWN) return { ...base, ...unknownVote(turn, rule, list) };
  const quiet = mayNotActYet(turn, rule, evidenceAt, newestStartsAt);
  if (quiet !== undefined) return { ...base, vote: list === 'scaleOut' ? 'hold' : 'abstain', ...quiet };
  const from = baseOf(turn, list, newestStartsAt);
  const value = (signal: string) => valueInCell(turn.window, signal, grid.newestCell, grid.cellMs);
  const wish = wishOf(rule.change, from, list, value);
  if (wish === undefined) return { ...base, vote: 'abstain', why: 'false' };
  if (list === 'scaleOut' && doesNotHelp(turn, rule.name, base.signals))
    return { ...base, vote: 'hold', why: 'doesNotHelp' };
  return { ...base, vote: list === 'scaleOut' ? 'out' : 'in', why: 'true', wish, base: from };
}

/**
 * The count that a relative step starts from: what was in force when the newest evidence was measured, so that tasks which are still
 * starting are not answered twice. Towards in never less than today's count: evidence from fewer tasks does not remove more of them.
 */
function baseOf(turn: Turn, list: List, measuredFrom: EpochMs): number {
  const inForce = countInForce(turn.state.rings.counts, measuredFrom, turn.start.p95) ?? turn.desired;
  return list === 'scaleOut' ? inForce : Math.max(inForce, turn.desired);
}

/** The condition at each of the last n cells, newest first, and what m of n makes of it. */
function tally(
  window: Window,
  condition: Condition,
  newest: number,
  cellMs: number,
  trueFor: { m: number; n: number },
): Tally {
  let truth = '';
  let yes = 0;
  let unknown = 0;
  let thin = 0;
  const frame = frameOf(window, condition.signals, newest, cellMs);
  for (let back = 0; back < trueFor.n; back++) {
    if (back > 0) moveFrame(frame, condition.signals, newest - back);
    const value = condition.evaluate(frame);
    truth += value === TRUE ? 'T' : value === FALSE ? 'F' : '?';
    if (value === TRUE) yes += 1;
    if (value !== UNKNOWN) continue;
    unknown += 1;
    if (isThin(frame, condition)) thin += 1;
  }
  const verdict = yes >= trueFor.m ? TRUE : yes + unknown >= trueFor.m ? UNKNOWN : FALSE;
  return { truth, verdict, thin: thin > 0 && yes + unknown - thin < trueFor.m };
}

/** A percentile of too few samples is all that is missing in the cell, or in the windows that end with it. */
export function isThin({ window, values, cell, cellMs }: Frame, { signals }: Condition): boolean {
  const unknown = signals.filter((name) => Number.isNaN(values[name]));
  if (unknown.length === 0) return signals.some((name) => window.series[name]?.thin !== undefined);
  return unknown.every((name) => thinInCell(window, name, cell, cellMs) !== undefined);
}

/** Unknown never scales in; an out-rule that is unknown holds for a stated time, then lets the others decide. */
function unknownVote(turn: Turn, rule: OutRule | InRule, list: List): Pick<RuleVote, 'vote' | 'why' | 'secondsLeft'> {
  if (list === 'scaleIn') return { vote: 'abstain', why: 'unknown' };
  return holdWhileUnknown(turn, rule.name);
}

/** A hold for the stated time of not knowing, then an abstention. */
export function holdWhileUnknown(turn: Turn, name: string): Pick<RuleVote, 'vote' | 'why' | 'secondsLeft'> {
  const since = keptFor(turn.state.unknownSince, name) ?? turn.now;
  const secondsLeft = turn.policy.guard.unknownAbstainsAfterSeconds - (turn.now - since) / 1000;
  return secondsLeft > 0 ? { vote: 'hold', why: 'unknown', secondsLeft } : { vote: 'abstain', why: 'blindTooLong' };
}

/** One piece of evidence acts once, and a second step of the same rule needs evidence from after its first one was in force. */
function mayNotActYet(
  turn: Turn,
  rule: OutRule | InRule,
  evidenceAt: EpochMs,
  newestStartsAt: EpochMs,
): { why: VoteWhy; secondsLeft?: number } | undefined {
  const { state, now } = turn;
  const waits = keptFor(state.waitUntil, rule.name) ?? 0;
  if (waits > now) return { why: 'thenWait', secondsLeft: (waits - now) / 1000 };
  const actedOn = keptFor(state.actedOn, rule.name);
  if (actedOn === undefined) return undefined;
  if (evidenceAt <= actedOn) return { why: 'sameEvidence' };
  const change = state.lastChange;
  if (change?.by !== 'us' || change.rule !== rule.name) return undefined;
  const inForce = change.to < change.from ? change.at : (change.verifiedAt ?? change.at + turn.start.p95 * 1000);
  return newestStartsAt < inForce ? { why: 'waitingForFreshEvidence' } : undefined;
}

/** The count a rule asks for from `base`; undefined where no band holds the signal's value. */
export function wishOf(
  change: Change,
  base: number,
  list: List,
  value: (signal: string) => number,
): number | undefined {
  const sign = list === 'scaleOut' ? 1 : -1;
  switch (change.kind) {
    case 'tasks':
      return Math.max(0, base + sign * change.tasks);
    case 'percent': {
      const exact = (base * change.percent) / 100;
      // A step out is rounded up and a step in down, so that rounding never takes capacity away; the epsilon forgives binary fractions.
      const tasks = list === 'scaleOut' ? Math.ceil(exact - 1e-9) : Math.floor(exact + 1e-9);
      return Math.max(0, base + sign * Math.max(tasks, change.atLeastTasks));
    }
    case 'setTo':
      return change.tasks;
    case 'bands': {
      const number = value(change.signal);
      const band = change.bands.find(({ from, to }) =>
        list === 'scaleOut'
          ? (from === null || number >= from) && (to === null || number < to)
          : (from === null || number > from) && (to === null || number <= to),
      );
      return band === undefined ? undefined : wishOf(band.change, base, list, value);
    }
  }
}

/** The signals of a vote as the decision saw them in the newest cell. */
export function seen(window: Window, names: readonly string[], cell: number, cellMs: number): readonly SignalSeen[] {
  return names.map((signal) => {
    const value = valueInCell(window, signal, cell, cellMs);
    const one = window.series[signal];
    if (!Number.isNaN(value)) return { signal, value, ageSeconds: (window.now - (cell + 1) * cellMs) / 1000 };
    const thin = thinInCell(window, signal, cell, cellMs);
    if (one !== undefined && thin !== undefined)
      return { signal, value: null, ageSeconds: null, cause: thinClause(one.spec, thin) };
    return { signal, value: null, ageSeconds: null, cause: one?.cause ?? 'no datapoint for that period' };
  });
}
