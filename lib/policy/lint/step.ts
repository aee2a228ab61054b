/** What one rule makes of a count, alone: its change, within the step limit of its direction and the capacity. */
import type { InRule, OutRule, ServicePolicy } from '../policy.ts';
import { wishOf } from '../rule-votes.ts';
import type { List, Point } from './steady.ts';

/** The count after one step from `count`; undefined where bands decide and the point does not say in which one it lies. */
export function stepFrom(
  policy: ServicePolicy,
  rule: OutRule | InRule,
  list: List,
  count: number,
  point: Point,
): number | undefined {
  const wish = wishOf(rule.change, count, list, (signal) => point[signal] ?? Number.NaN);
  if (wish === undefined) return undefined;
  return list === 'scaleOut'
    ? Math.max(count, Math.min(wish, policy.capacity.max, mostOut(policy, count)))
    : Math.min(count, Math.max(wish, policy.capacity.min, leastIn(policy, count)));
}

function mostOut({ pace }: ServicePolicy, count: number): number {
  const { percent, tasks, pick } = pace.out.upTo;
  return count === 0 ? Number.POSITIVE_INFINITY : count + either(pick, Math.ceil((count * percent) / 100), tasks);
}

function leastIn({ pace }: ServicePolicy, count: number): number {
  const { percent, tasks, pick } = pace.in.upTo;
  return count - Math.max(1, either(pick, Math.floor((count * percent) / 100), tasks));
}

const either = (pick: 'larger' | 'smaller', a: number, b: number) =>
  pick === 'larger' ? Math.max(a, b) : Math.min(a, b);

/** Every count a step may lead to from `count`, whatever the bands' signal says. */
export function stepsFrom(policy: ServicePolicy, rule: OutRule | InRule, list: List, count: number): readonly number[] {
  const { change } = rule;
  const changes = change.kind === 'bands' ? change.bands.map((band) => band.change) : [change];
  const counts = changes.map((one) => stepFrom(policy, { ...rule, change: one }, list, count, {}) ?? count);
  return [...new Set(counts)].filter((one) => one !== count);
}

/** Counts from min to max: each of the first twenty, then ever further apart. Zero is left out: nothing is measured there. */
export function countsToTry({ capacity: { min, max } }: ServicePolicy): readonly number[] {
  const counts: number[] = [];
  for (let count = Math.max(1, min); count <= max; count = count < min + 20 ? count + 1 : Math.ceil(count * 1.4)) {
    counts.push(count);
  }
  if (counts.length > 0 && counts[counts.length - 1] !== max) counts.push(max);
  return counts;
}
