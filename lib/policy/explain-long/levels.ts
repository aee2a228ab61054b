/** The smallest change of one signal, or of two together, that turns a condition. */
import type { Condition } from '../condition.ts';
import type { RuleVote } from '../decision.ts';
import { number } from '../explain.ts';
import { FALSE, type Ternary, TRUE } from '../ternary.ts';
import { frameOfSeen } from './compared.ts';

export interface LevelChange {
  readonly signal: string;
  readonly from: number;
  readonly to: number;
}

/** Undefined where no such change is known: a window decides, a signal is unknown, or more than two would have to change. */
export function smallestChange(
  condition: Condition,
  vote: RuleVote,
  wanted: boolean,
): readonly LevelChange[] | undefined {
  const goal = wanted ? TRUE : FALSE;
  const single = candidatesOf(condition, vote);
  const turns = (changes: readonly LevelChange[]) => truthAfter(condition, vote, changes) === goal;
  const pairs = () =>
    single.flatMap((one, index) =>
      single.slice(index + 1).flatMap((other) => (one.signal === other.signal ? [] : [[one, other]])),
    );
  return smallest(single.map((one) => [one]).filter(turns)) ?? smallest(pairs().filter(turns));
}

function truthAfter(condition: Condition, vote: RuleVote, changes: readonly LevelChange[]): Ternary {
  return condition.evaluate(frameOfSeen(vote, Object.fromEntries(changes.map(({ signal, to }) => [signal, to]))));
}

/** To each threshold of each signal, and just beyond it. */
function candidatesOf(condition: Condition, vote: RuleVote): readonly LevelChange[] {
  return vote.signals.flatMap(({ signal, value: from }) => {
    if (from === null) return [];
    const thresholds = condition.comparisons
      .filter((one) => one.signal === signal)
      .map(({ threshold = 0 }) => threshold);
    return thresholds
      .flatMap((one) => [one, one + resolution(one), one - resolution(one)])
      .filter((to) => to !== from)
      .map((to) => ({ signal, from, to }));
  });
}

/** The last digit that a person would read: 0.1 at 70, 1 at 600. */
function resolution(threshold: number): number {
  return threshold === 0 ? 0.1 : 10 ** (Math.floor(Math.log10(Math.abs(threshold))) - 2);
}

function smallest(all: readonly (readonly LevelChange[])[]): readonly LevelChange[] | undefined {
  return all.reduce<readonly LevelChange[] | undefined>(
    (best, one) => (best === undefined || sizeOf(one) < sizeOf(best) ? one : best),
    undefined,
  );
}

/** In parts of the larger value, so that requests and percentages can be compared. */
export function sizeOf(changes: readonly LevelChange[]): number {
  return changes.reduce(
    (sum, { from, to }) => sum + Math.abs(to - from) / Math.max(Math.abs(from), Math.abs(to), 1e-9),
    0,
  );
}

/** `cpu 6.2 higher and rps 40 lower`. */
export function changesText(changes: readonly LevelChange[]): string {
  return changes
    .map(
      ({ signal, from, to }) => `${signal} ${number(rounded(Math.abs(to - from)))} ${to > from ? 'higher' : 'lower'}`,
    )
    .join(' and ');
}

/** Without the noise of binary fractions. */
const rounded = (value: number): number => Number(value.toPrecision(12));
