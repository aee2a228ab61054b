/**
 * A step after which the opposite rule is true at the same load: out and in would follow each other for ever. Signals that are averages
 * over tasks go with n / (n + k), totals stay. Small counts show it first, where one task more is a large part of the whole.
 */

import { number } from '../explain.ts';
import type { ServicePolicy } from '../policy.ts';
import { FALSE, type Ternary, UNKNOWN } from '../ternary.ts';
import { acts, type RuleInList, rulesIn, turningPoints } from './rules-of.ts';
import { findPoint, someTries, type Tries } from './search.ts';
import { and, not, type Point, signalsOf } from './steady.ts';
import { countsToTry, stepFrom, stepsFrom } from './step.ts';
import { rounded, valuesAround } from './values.ts';
import type { Finding, LintRule } from './warning.ts';
import { pointText, tasksText } from './words.ts';

export const undoneStep: LintRule = {
  name: 'undone-step',
  find: (subject) => {
    const warms = rulesIn(subject, 'scaleOut');
    const calms = rulesIn(subject, 'scaleIn');
    const pairs = warms.flatMap((warm) => calms.map((calm) => [warm, calm] as const));
    const tries = someTries();
    return pairs.flatMap(([warm, calm]) => {
      const out = findUndone(subject.policy, pairOf(subject.policy, warm, calm), tries);
      // One sentence a pair: a step out that comes back is the plainer one.
      const undone = out ?? findUndone(subject.policy, pairOf(subject.policy, calm, warm), tries);
      return undone === undefined ? [] : [findingOf(undone)];
    });
  },
};

interface Undone {
  readonly step: RuleInList;
  readonly opposite: RuleInList;
  readonly from: number;
  readonly to: number;
  readonly before: Point;
  readonly after: Point;
}

/** A rule and its opposite, with the values at which either changes its mind. */
interface Pair {
  readonly step: RuleInList;
  readonly opposite: RuleInList;
  readonly turns: ReadonlyMap<string, { readonly own: readonly number[]; readonly others: readonly number[] }>;
}

function pairOf(policy: ServicePolicy, step: RuleInList, opposite: RuleInList): Pair {
  const names = [step, opposite].flatMap(({ rule, condition }) => signalsOf(rule, condition));
  const turnsOf = (name: string) => ({
    own: turningPoints(policy, [step], name),
    others: turningPoints(policy, [opposite], name),
  });
  return { step, opposite, turns: new Map(names.map((name) => [name, turnsOf(name)])) };
}

function findUndone(policy: ServicePolicy, pair: Pair, tries: Tries): Undone | undefined {
  const { step } = pair;
  for (const from of countsToTry(policy)) {
    const goals = stepsFrom(policy, step.rule, step.list, from);
    if (goals.length === 0) continue;
    const values = valuesBefore(policy, pair, from, goals);
    const before = findPoint({ values, holds: (point) => comesBack(policy, pair, from, point) }, tries);
    const to = before === undefined ? undefined : stepFrom(policy, step.rule, step.list, from, before);
    if (before === undefined || to === undefined) continue;
    return { ...pair, from, to, before, after: sameLoad(policy, before, from, to) };
  }
  return undefined;
}

/** `step` acts and `opposite` does not; after the step it is the other way round. (Both true at once is another rule's business.) */
function comesBack(policy: ServicePolicy, { step, opposite }: Pair, from: number, point: Point): Ternary {
  const now = and(acts(policy, step, point), not(acts(policy, opposite, point)));
  if (now === FALSE) return FALSE;
  const to = stepFrom(policy, step.rule, step.list, from, point);
  if (to === undefined) return UNKNOWN;
  const after = sameLoad(policy, point, from, to);
  return and(now, acts(policy, opposite, after), not(acts(policy, step, after)));
}

/** Nothing has changed but the number of tasks that bear the load. */
function sameLoad(policy: ServicePolicy, point: Point, from: number, to: number): Point {
  return Object.fromEntries(
    Object.entries(point).map(([name, value]) =>
      policy.signals[name]?.averagedOverTasks === true ? [name, rounded((value * from) / to)] : [name, value],
    ),
  );
}

/** Around the thresholds of both, those of the opposite rule as they lie before the step. */
function valuesBefore(
  policy: ServicePolicy,
  { turns }: Pair,
  from: number,
  goals: readonly number[],
): Record<string, readonly number[]> {
  const values: Record<string, readonly number[]> = {};
  for (const [name, { own, others }] of turns) {
    const factors = policy.signals[name]?.averagedOverTasks === true ? goals.map((to) => to / from) : [1];
    const shifted = factors.flatMap((factor) => others.map((one) => rounded(one * factor)));
    values[name] = valuesAround(policy, name, [...own, ...shifted, ...others]);
  }
  return values;
}

function findingOf({ step, opposite, from, to, before, after }: Undone): Finding {
  const moved = Object.keys(after).filter((name) => after[name] !== before[name]);
  const same = moved.length === 0 ? 'the same load' : `the same load is ${pointText(pick(after, moved))}`;
  const walk = `at ${pointText(before)} '${step.rule.name}' goes from ${from} to ${tasksText(to)}, where ${same} and '${opposite.rule.name}' goes back`;
  const calm = step.list === 'scaleIn' ? step : opposite;
  return { path: ['scaleIn', calm.index, 'when'], sentence: `${walk}; ${mend(step, opposite, moved, after)}` };
}

function mend(step: RuleInList, opposite: RuleInList, moved: readonly string[], after: Point): string {
  const [only] = moved;
  const smaller = `make the step of '${step.rule.name}' smaller, or raise min`;
  if (only === undefined || moved.length > 1) return `move the thresholds apart, ${smaller}`;
  const side = opposite.list === 'scaleIn' ? 'below' : 'above';
  return `move the threshold of '${opposite.rule.name}' ${side} ${only} ${number(after[only] ?? 0)}, ${smaller}`;
}

function pick(point: Point, names: readonly string[]): Point {
  return Object.fromEntries(names.map((name) => [name, point[name] ?? 0]));
}
