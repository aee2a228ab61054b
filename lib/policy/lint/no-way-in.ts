/** Nothing can ever scale in: what is added, by rules or by hand, stays and is paid for. */
import { acts, rulesIn, valuesToTry } from './rules-of.ts';
import { findPoint, someTries } from './search.ts';
import { and, not, type Point, truthAt } from './steady.ts';
import { countsToTry, stepsFrom } from './step.ts';
import type { LintRule, Subject } from './warning.ts';
import { listText } from './words.ts';

export const noWayIn: LintRule = {
  name: 'no-way-in',
  find: (subject) => {
    const { policy } = subject;
    if (policy.capacity.min === policy.capacity.max || canScaleIn(subject)) return [];
    if (policy.scaleIn.length === 0 && policy.targets.length === 0) {
      const mend = "add one, as in { name: calm, when: 'cpu < 40', remove: 1, trueFor: 6 of 6 }, or a target";
      return [{ path: [], sentence: `no rule can scale in, so what is added stays for ever; ${mend}` }];
    }
    const rules = listText(policy.scaleIn.map(({ name }) => `'${name}'`));
    const guards = policy.guard.holdInWhile.length === 0 ? '' : ' while no guard holds';
    const sentence = `no rule can scale in: ${rules === '' ? 'the targets' : rules} can never act${guards}; correct the conditions`;
    return [{ path: [policy.scaleIn.length > 0 ? 'scaleIn' : 'guard'], sentence }];
  },
};

/** Some values of the signals let a rule or a target take a task away, and no guard forbids it there. */
function canScaleIn(subject: Subject): boolean {
  const { policy, conditions } = subject;
  const guards = conditions.holdInWhile;
  const rules = rulesIn(subject, 'scaleIn').filter(({ rule, list }) =>
    countsToTry(policy).some((count) => stepsFrom(policy, rule, list, count).length > 0),
  );
  const tries = someTries();
  const unguarded = (point: Point) => and(...guards.map((guard) => not(truthAt(policy, guard, point))));
  const byRule = rules.some((one) => {
    const holds = (point: Point) => and(acts(policy, one, point), unguarded(point));
    return findPoint({ values: valuesToTry(policy, [one], guards), holds }, tries) !== undefined;
  });
  if (byRule || policy.targets.length === 0) return byRule;
  return findPoint({ values: valuesToTry(policy, [], guards), holds: unguarded }, tries) !== undefined;
}
