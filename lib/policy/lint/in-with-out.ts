/** A steady load at which a rule that adds and a rule that takes away are both true: there is no gap between the two thresholds. */
import { compileCondition } from '../condition.ts';
import { number } from '../explain.ts';
import type { ServicePolicy } from '../policy.ts';
import { acts, type RuleInList, rulesIn, turningPoints, valuesToTry } from './rules-of.ts';
import { findPoint, type Question, someTries, type Tries } from './search.ts';
import { and, type Point } from './steady.ts';
import { countsToTry, stepsFrom } from './step.ts';
import { nearBy, rounded } from './values.ts';
import type { Finding, LintRule } from './warning.ts';
import { pointText } from './words.ts';

export const inWithOut: LintRule = {
  name: 'in-with-out',
  find: (subject) => {
    const tries = someTries();
    return rulesIn(subject, 'scaleIn').flatMap((calm) =>
      rulesIn(subject, 'scaleOut').flatMap((warm) => findingOf(subject.policy, warm, calm, tries)),
    );
  },
};

function findingOf(policy: ServicePolicy, warm: RuleInList, calm: RuleInList, tries: Tries): readonly Finding[] {
  const witness = findPoint(bothTrue(policy, warm, calm), tries);
  if (witness === undefined) return [];
  const both = `at ${pointText(witness)} both '${warm.rule.name}' and '${calm.rule.name}' are true`;
  return [{ path: ['scaleIn', calm.index, 'when'], sentence: `${both}; ${mend(policy, warm, calm, witness, tries)}` }];
}

function bothTrue(policy: ServicePolicy, warm: RuleInList, calm: RuleInList): Question {
  const holds = (point: Point) => and(acts(policy, warm, point), acts(policy, calm, point));
  return { values: valuesToTry(policy, [warm, calm]), holds };
}

/** A signal that `calm` does not look at is the usual cause. What is proposed was tried. */
function mend(policy: ServicePolicy, warm: RuleInList, calm: RuleInList, witness: Point, tries: Tries): string {
  const { when, name } = calm.rule;
  const unseen = Object.keys(witness).find((signal) => !calm.condition.signals.includes(signal));
  if (unseen === undefined) return `leave a gap between the thresholds of '${name}' and '${warm.rule.name}'`;
  const look = `let '${name}' look at ${unseen} too`;
  const value = witness[unseen] ?? 0;
  const edge = nearest(turningPoints(policy, [warm], unseen), value);
  if (edge === undefined || value <= edge) return look;
  const own = when.includes('||') || when.includes('?') ? `(${when})` : when;
  const bounded = `${own} && ${unseen} < ${number(clearlyBelow(policy, warm, unseen, edge))}`;
  const condition = compileCondition(bounded, Object.keys(policy.signals));
  const mended = { ...calm, condition };
  return findPoint(bothTrue(policy, warm, mended), tries) === undefined ? `${look}, as in '${bounded}'` : look;
}

/** Far enough below `edge` that one step of `warm` from the smallest count does not lead there. */
function clearlyBelow(policy: ServicePolicy, warm: RuleInList, signal: string, edge: number): number {
  const from = countsToTry(policy)[0] ?? 1;
  const [to = from] = stepsFrom(policy, warm.rule, warm.list, from);
  const after = policy.signals[signal]?.averagedOverTasks === true ? (edge * from) / to : edge - 5 * nearBy(edge);
  const step = nearBy(after);
  return rounded((Math.ceil(after / step) - 1) * step);
}

function nearest(values: readonly number[], to: number): number | undefined {
  return values.reduce<number | undefined>(
    (best, value) => (best === undefined || Math.abs(value - to) < Math.abs(best - to) ? value : best),
    undefined,
  );
}
