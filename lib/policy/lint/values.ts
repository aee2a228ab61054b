/** Which values of a signal are worth asking about: around every threshold, between them, and the ends of its range. */
import type { Condition } from '../condition.ts';
import type { InRule, OutRule, ServicePolicy, SignalSource, SignalSpec } from '../policy.ts';
import { frameAt, type Point } from './steady.ts';

/** What a signal can be at all, as far as its source says; both ends included. */
export interface Range {
  readonly from: number;
  readonly to: number;
  /** True where the numbers are a percentage of something. */
  readonly percent: boolean;
}

const NOT_NEGATIVE: ReadonlySet<SignalSource['kind']> = new Set(['ecs', 'alb', 'sqs', 'share']);

/** On Fargate; tasks on EC2 can burst above their share of a CPU. */
export function rangeOf({ source, scale }: SignalSpec): Range {
  // The scale of a share makes its part comparable with the whole; what comes out is a percentage all the same.
  const percent = source.kind === 'share' || (source.kind === 'ecs' && scale === 1);
  const from = NOT_NEGATIVE.has(source.kind) ? 0 : Number.NEGATIVE_INFINITY;
  const to = percent ? 100 : source.kind === 'ecs' ? 100 * scale : Number.POSITIVE_INFINITY;
  return { from, to, percent };
}

/** Values of `name` at which one of the conditions may change its mind, inside the range of the signal. */
export function thresholdsOf(policy: ServicePolicy, conditions: readonly Condition[], name: string): readonly number[] {
  const found = new Set<number>();
  for (const condition of conditions) for (const root of rootsOf(policy, condition, name)) found.add(root);
  return within(policy, name, [...found]);
}

/** The edges of the bands of a rule on `name`. */
export function bandEdgesOf({ change }: OutRule | InRule, name: string): readonly number[] {
  if (change.kind !== 'bands' || change.signal !== name) return [];
  return change.bands.flatMap(({ from, to }) => [from, to]).filter((edge) => edge !== null);
}

/** Just beyond and just below each threshold first, in their order, then between them, then the ends. Never outside the signal's range. */
export function valuesAround(policy: ServicePolicy, name: string, thresholds: readonly number[]): readonly number[] {
  const sorted = [...new Set(thresholds)].sort((a, b) => a - b);
  const near = thresholds.flatMap((one) => [one + nearBy(one), one - nearBy(one), one]);
  const between = sorted.slice(1).map((one, index) => ((sorted[index] ?? one) + one) / 2);
  const spec = policy.signals[name];
  const { from, to } = spec === undefined ? { from: 0, to: 1 } : rangeOf(spec);
  const lowest = Number.isFinite(from) ? from : Math.min(0, 2 * (sorted[0] ?? 0));
  const highest = Number.isFinite(to) ? to : Math.max(1, 2 * (sorted[sorted.length - 1] ?? 0));
  return [...new Set(within(policy, name, [...near, ...between, lowest, highest]))];
}

function within(policy: ServicePolicy, name: string, values: readonly number[]): readonly number[] {
  const spec = policy.signals[name];
  if (spec === undefined) return values;
  const { from, to } = rangeOf(spec);
  return values.filter((value) => value >= from && value <= to);
}

/** A step that a person would take: 1 at 70, 10 at 800, 0.1 at 2. */
export function nearBy(threshold: number): number {
  return threshold === 0 ? 1 : 10 ** (Math.floor(Math.log10(Math.abs(threshold) / 2)) - 1);
}

/** Where the two sides of a comparison meet as `name` moves, the other signals at zero: exact for everything that is linear. */
function rootsOf(policy: ServicePolicy, condition: Condition, name: string): readonly number[] {
  if (!condition.signals.includes(name)) return [];
  const zeros = Object.fromEntries(condition.signals.map((one) => [one, 0]));
  const roots: number[] = [];
  for (const comparison of condition.comparisons) {
    const gapAt = (value: number): number => {
      const point: Point = { ...zeros, [name]: value };
      const frame = frameAt(policy, condition, point);
      return comparison.left(frame) - comparison.right(frame);
    };
    const atZero = gapAt(0);
    const slope = gapAt(1) - atZero;
    const root = -atZero / slope;
    if (Number.isFinite(root)) roots.push(rounded(root));
  }
  return roots;
}

/** Without the noise of binary fractions. */
export function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
