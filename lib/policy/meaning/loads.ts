/** The loads that a policy is rehearsed under: busy (just beyond the thresholds of a rule) and calm (where something scales in). */
import type { Condition } from '../condition.ts';
import { acts, type RuleInList, rulesIn, valuesToTry } from '../lint/rules-of.ts';
import { findPoint, someTries } from '../lint/search.ts';
import { and, not, type Point, truthAt } from '../lint/steady.ts';
import { rangeOf } from '../lint/values.ts';
import type { Subject } from '../lint/warning.ts';
import type { ServicePolicy, Target } from '../policy.ts';
import type { Levels } from './rehearsal.ts';

/** What asks for more, and the load at which it does. */
export interface BusyLoad {
  readonly name: string;
  readonly levels: Levels;
}

export interface Loads {
  /** Of each rule and target that scales out, in their order. Where no steady load makes it ask, the highest there is. */
  readonly busy: readonly BusyLoad[];
  /** Everything at once, where one load does that; else the first. */
  readonly busiest: Levels | undefined;
  /** Something scales in and nothing objects; where there is no such load, the lowest there is. */
  readonly calm: Levels;
}

export function loadsOf(subject: Subject): Loads {
  const { policy } = subject;
  const outs = rulesIn(subject, 'scaleOut');
  const calm = { ...lowest(policy), ...calmPoint(subject, outs) };
  const ofRule = (one: RuleInList): BusyLoad => ({
    name: one.rule.name,
    levels: { ...calm, ...(busyPoint(policy, [one]) ?? highest(policy, one)) },
  });
  const ofTarget = (target: Target): BusyLoad => ({
    name: target.name,
    levels: { ...calm, ...aboveTarget(policy, target) },
  });
  const busy = [...outs.map(ofRule), ...policy.targets.map(ofTarget)];
  const all = busyPoint(policy, outs);
  const targets = Object.fromEntries(policy.targets.flatMap((target) => Object.entries(aboveTarget(policy, target))));
  const busiest = all === undefined || busy.length === 0 ? busy[0]?.levels : { ...calm, ...targets, ...all };
  return { busy, busiest, calm };
}

/** Just beyond the thresholds of the rules, all of them. */
function busyPoint(policy: ServicePolicy, rules: readonly RuleInList[]): Point | undefined {
  const holds = (point: Point) => and(...rules.map((one) => acts(policy, one, point)));
  return findPoint({ values: valuesToTry(policy, rules), holds }, someTries());
}

/** As low as possible, so that targets need nothing; an in-rule true, or only targets to ask; no out-rule and no guard. */
function calmPoint(subject: Subject, outs: readonly RuleInList[]): Point | undefined {
  const { policy, conditions } = subject;
  const ins = rulesIn(subject, 'scaleIn');
  const speakers = ins.length > 0 ? ins : [undefined];
  for (const speaker of speakers) {
    if (speaker === undefined && policy.targets.length === 0) return undefined;
    const rules = speaker === undefined ? outs : [speaker, ...outs];
    const values = valuesToTry(policy, rules, conditions.holdInWhile);
    for (const { signal } of policy.targets) values[signal] ??= [0];
    const holds = (point: Point) =>
      and(
        ...(speaker === undefined ? [] : [acts(policy, speaker, point)]),
        ...outs.map((one) => not(acts(policy, one, point))),
        ...conditions.holdInWhile.map((guard: Condition) => not(truthAt(policy, guard, point))),
      );
    const point = findPoint({ values: ascending(values), holds }, someTries());
    if (point !== undefined) return point;
  }
  return undefined;
}

const ascending = (values: Readonly<Record<string, readonly number[]>>) =>
  Object.fromEntries(Object.entries(values).map(([name, own]) => [name, own.toSorted((a, b) => a - b)]));

/** Every signal has a value, or it would be unknown and hold what it concerns. */
function lowest({ signals }: ServicePolicy): Levels {
  return Object.fromEntries(Object.entries(signals).map(([name, spec]) => [name, Math.max(0, rangeOf(spec).from)]));
}

/** For rules about a change of load, which no level makes true. */
function highest(policy: ServicePolicy, one: RuleInList): Levels {
  const values = valuesToTry(policy, [one]);
  return Object.fromEntries(Object.entries(values).map(([name, own]) => [name, Math.max(...own)]));
}

/** So much that the target asks for as many tasks as there may be. */
function aboveTarget(policy: ServicePolicy, target: Target): Point {
  const { max } = policy.capacity;
  const spec = policy.signals[target.signal];
  const most = spec === undefined ? Number.POSITIVE_INFINITY : rangeOf(spec).to;
  if (target.kind === 'backlog') {
    const seconds = target.finishWithinSeconds * target.parallelPerTask;
    return { [target.signal]: (max * seconds) / target.secondsPerMessage };
  }
  const level =
    spec?.averagedOverTasks === true ? 2 * target.perTask * (1 + target.tolerance.out) : max * target.perTask;
  return { [target.signal]: Math.min(most, level) };
}
