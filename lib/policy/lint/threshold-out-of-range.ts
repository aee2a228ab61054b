/** A threshold that the signal never crosses, or that was meant in another unit. */
import type { Comparison, Condition } from '../condition.ts';
import { number } from '../explain.ts';
import type { ServicePolicy, SignalSpec } from '../policy.ts';
import { conditionsIn } from './rules-of.ts';
import { frameAt } from './steady.ts';
import { type Range, rangeOf } from './values.ts';
import type { Finding, LintRule, PathInService } from './warning.ts';

export const thresholdOutOfRange: LintRule = {
  name: 'threshold-out-of-range',
  find: (subject) => [
    ...conditionsIn(subject).flatMap(({ condition, path }) =>
      thresholdsIn(subject.policy, condition).flatMap((one) => findingOf(subject.policy, one, path)),
    ),
    ...targetFindings(subject.policy),
  ],
};

interface Threshold {
  readonly source: string;
  readonly signal: string;
  readonly operator: Comparison['operator'];
  readonly value: number;
}

const WINDOWED =
  /^\s*(?:avg|max|min|p50|p90|p95|p99)\(\s*(\w+)\s*,\s*(?:'[^']*'|"[^"]*")\s*\)\s*(<=|>=|==|!=|<|>)\s*(-?[\d.]+(?:[eE][-+]?\d+)?)\s*$/;
const TURNED: Readonly<Record<string, Comparison['operator']>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** Comparisons of one signal, or a level of it over a window, with a number; the signal on the left. */
function thresholdsIn(policy: ServicePolicy, condition: Condition): readonly Threshold[] {
  return condition.comparisons.flatMap((comparison): readonly Threshold[] => {
    const { source, signal, threshold: value, operator } = comparison;
    if (signal !== undefined && value !== undefined) {
      const numberIsLeft = comparison.left(frameAt(policy, condition, { [signal]: value + 1 })) === value;
      const sign = numberIsLeft ? (TURNED[operator] ?? operator) : operator;
      return [{ source: `${signal} ${sign} ${number(value)}`, signal, operator: sign, value }];
    }
    const [, name, sign, text] = WINDOWED.exec(source) ?? [];
    if (name === undefined) return [];
    return [{ source: source.trim(), signal: name, operator: sign as Comparison['operator'], value: Number(text) }];
  });
}

function findingOf(policy: ServicePolicy, threshold: Threshold, path: PathInService): readonly Finding[] {
  const spec = policy.signals[threshold.signal];
  if (spec === undefined) return [];
  const range = rangeOf(spec);
  const always = constantTruth(threshold, range);
  if (always !== undefined) {
    const is = `'${threshold.source}' is ${always ? 'always' : 'never'} true: ${threshold.signal} ${rangeText(range)}`;
    return [{ path, sentence: `${is}; write a threshold inside` }];
  }
  const meant = otherUnit(spec, range, threshold.value);
  return meant === undefined ? [] : [{ path, sentence: `'${threshold.source}' compares with ${meant}` }];
}

/** True or false where no value of the range makes a difference. */
function constantTruth({ operator, value }: Threshold, { from, to }: Range): boolean | undefined {
  switch (operator) {
    case '>':
      return value >= to ? false : value < from ? true : undefined;
    case '>=':
      return value > to ? false : value <= from ? true : undefined;
    case '<':
      return value <= from ? false : value > to ? true : undefined;
    case '<=':
      return value < from ? false : value >= to ? true : undefined;
    case '==':
      return value < from || value > to ? false : undefined;
    case '!=':
      return value < from || value > to ? true : undefined;
  }
}

function rangeText({ from, to, percent }: Range): string {
  if (Number.isFinite(to)) return `goes from ${number(from)} to ${number(to)}${percent ? ' percent' : ''}`;
  return `is never below ${number(from)}`;
}

/** As a clause, where the number looks like a fraction of a percentage or like seconds among milliseconds. */
function otherUnit({ source, scale }: SignalSpec, { percent }: Range, value: number): string | undefined {
  if (percent && value > 0 && value < 1 && source.kind === 'ecs')
    return `${number(value)} percent; for a share of the whole write ${number(value * 100)}`;
  const milliseconds = source.kind === 'alb' && source.metric === 'TargetResponseTime' && scale === 1000;
  if (milliseconds && value > 0 && value <= 10)
    return `${number(value)} milliseconds; for ${number(value)} s write ${number(value * 1000)}`;
  return undefined;
}

function targetFindings(policy: ServicePolicy): readonly Finding[] {
  return policy.targets.flatMap((target, index): readonly Finding[] => {
    const spec = policy.signals[target.signal];
    if (target.kind !== 'perTask' || spec === undefined) return [];
    const range = rangeOf(spec);
    const path = ['targets', index, 'perTask'];
    if (target.perTask > range.to || (target.perTask === range.to && spec.averagedOverTasks)) {
      const sentence = `perTask ${number(target.perTask)} leaves no room: ${target.signal} ${rangeText(range)}; write a lower number`;
      return [{ path, sentence }];
    }
    const meant = otherUnit(spec, range, target.perTask);
    return meant === undefined ? [] : [{ path, sentence: `perTask asks for ${meant}` }];
  });
}
