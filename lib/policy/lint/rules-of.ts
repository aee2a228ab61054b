/** The rules of a policy side by side with their compiled conditions, and the values at which they change their mind. */
import type { Condition } from '../condition.ts';
import type { InRule, OutRule, ServicePolicy } from '../policy.ts';
import { actsAt, type List, type Point, signalsOf } from './steady.ts';
import { bandEdgesOf, thresholdsOf, valuesAround } from './values.ts';
import type { PathInService, Subject } from './warning.ts';

export interface RuleInList {
  readonly list: List;
  readonly index: number;
  readonly rule: OutRule | InRule;
  readonly condition: Condition;
}

export function rulesIn({ policy, conditions }: Subject, list: List): readonly RuleInList[] {
  return policy[list].flatMap((rule, index) => {
    const condition = conditions[list][index];
    return condition === undefined ? [] : [{ list, index, rule, condition }];
  });
}

/** A condition of the policy and the place where it is written. */
export interface PlacedCondition {
  readonly condition: Condition;
  readonly path: PathInService;
}

/** All of them: of rules, then of guards. */
export function conditionsIn(subject: Subject): readonly PlacedCondition[] {
  const ofRules = [...rulesIn(subject, 'scaleOut'), ...rulesIn(subject, 'scaleIn')].map(
    ({ list, index, condition }) => ({ condition, path: [list, index, 'when'] as const }),
  );
  const ofGuards = subject.conditions.holdInWhile.map((condition, index) => ({
    condition,
    path: ['guard', 'holdInWhile', index] as const,
  }));
  return [...ofRules, ...ofGuards];
}

export const acts = (policy: ServicePolicy, { rule, condition, list }: RuleInList, point: Point) =>
  actsAt(policy, rule, condition, list, point);

/** Where the rules and conditions change their mind as `name` moves. */
export function turningPoints(
  policy: ServicePolicy,
  rules: readonly RuleInList[],
  name: string,
  others: readonly Condition[] = [],
): readonly number[] {
  const conditions = [...rules.map(({ condition }) => condition), ...others];
  return [...thresholdsOf(policy, conditions, name), ...rules.flatMap(({ rule }) => bandEdgesOf(rule, name))];
}

/** Values to try for every signal that the rules and conditions name. */
export function valuesToTry(
  policy: ServicePolicy,
  rules: readonly RuleInList[],
  others: readonly Condition[] = [],
): Record<string, readonly number[]> {
  const names = [
    ...rules.flatMap(({ rule, condition }) => signalsOf(rule, condition)),
    ...others.flatMap((one) => one.signals),
  ];
  const values: Record<string, readonly number[]> = {};
  for (const name of new Set(names))
    values[name] = valuesAround(policy, name, turningPoints(policy, rules, name, others));
  return values;
}
