/**
 * A steady state: every signal has stood at one value for as long as any window looks back. There the conditions of a policy can be asked
 * "what if", for any values. Signals without a value are unknown, so a condition answers for a part of the signals as soon as they settle it.
 */
import type { Condition, Frame } from '../condition.ts';
import { durationSeconds } from '../duration.ts';
import type { Datapoint } from '../observation.ts';
import type { InRule, OutRule, ServicePolicy, SignalSpec } from '../policy.ts';
import { wishOf } from '../rule-votes.ts';
import type { Series } from '../series.ts';
import { FALSE, type Ternary, TRUE, UNKNOWN } from '../ternary.ts';

/** Signal to value. */
export type Point = Readonly<Record<string, number>>;

export type List = 'scaleOut' | 'scaleIn';

/** Any moment does: nothing here depends on it. */
const NOW = 1_800_000_000_000;
/** A count that no `setTo` names. */
const ANY_COUNT = 1_000_000;

/** The truth of a condition where its signals stand at `point`. */
export function truthAt(policy: ServicePolicy, condition: Condition, point: Point): Ternary {
  // `missing(x)` is true of a signal that has no value yet, which is not what an open question means.
  if (lookOf(condition).asksForMissing && condition.signals.some((name) => point[name] === undefined)) return UNKNOWN;
  return condition.evaluate(frameAt(policy, condition, point));
}

/** Would the rule ask for a change? Its condition, and where it has bands, one of them that changes something. */
export function actsAt(
  policy: ServicePolicy,
  rule: OutRule | InRule,
  condition: Condition,
  list: List,
  point: Point,
): Ternary {
  const truth = truthAt(policy, condition, point);
  const { change } = rule;
  if (truth === FALSE || change.kind !== 'bands') return truth;
  const value = point[change.signal];
  if (value === undefined) return UNKNOWN;
  const wish = wishOf(change, ANY_COUNT, list, () => value);
  return wish === undefined || wish === ANY_COUNT ? FALSE : truth;
}

/** Signals that decide whether the rule acts. */
export function signalsOf({ change }: OutRule | InRule, condition: Condition): readonly string[] {
  return change.kind === 'bands' ? [...new Set([...condition.signals, change.signal])] : condition.signals;
}

export const and = (...truths: readonly Ternary[]): Ternary =>
  truths.includes(FALSE) ? FALSE : truths.includes(UNKNOWN) ? UNKNOWN : TRUE;

export const not = (truth: Ternary): Ternary => (truth === UNKNOWN ? UNKNOWN : truth === TRUE ? FALSE : TRUE);

export function frameAt(policy: ServicePolicy, condition: Condition, point: Point): Frame {
  const longest = lookOf(condition).longestWindowSeconds;
  const series: Record<string, Series> = {};
  for (const name of condition.signals) {
    const value = point[name];
    const spec = policy.signals[name];
    if (longest > 0 && value !== undefined && spec !== undefined)
      series[name] = constantSeries(name, spec, value, longest);
  }
  const cellMs = 60_000;
  return {
    window: { now: NOW, series, witness: () => true },
    cell: NOW / cellMs - 1,
    cellMs,
    values: point,
  };
}

/** What the text of a condition says about how it looks at signals. */
interface Look {
  readonly asksForMissing: boolean;
  readonly longestWindowSeconds: number;
}
const LOOKS = new WeakMap<Condition, Look>();

function lookOf(condition: Condition): Look {
  const known = LOOKS.get(condition);
  if (known !== undefined) return known;
  const { source } = condition;
  const windows = [...source.matchAll(/'([^']*)'|"([^"]*)"/g)].map(
    ([, single, double]) => durationSeconds(single ?? double ?? '') ?? 0,
  );
  const asksForAge = /\bage\s*\(/.test(source) ? 1 : 0;
  const look = {
    asksForMissing: /\bmissing\s*\(/.test(source),
    longestWindowSeconds: Math.max(asksForAge, ...windows),
  };
  LOOKS.set(condition, look);
  return look;
}

function constantSeries(name: string, spec: SignalSpec, value: number, seconds: number): Series {
  const periodMs = spec.periodSeconds * 1000;
  const count = Math.ceil((seconds * 1000) / periodMs) + 1;
  const points: Datapoint[] = [];
  for (let back = count; back >= 1; back--) points.push([NOW - back * periodMs, value]);
  return { name, spec, periodMs, points, freshEndAt: NOW, complete: true, cause: undefined };
}
