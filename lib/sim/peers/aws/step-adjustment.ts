/** Step adjustments of Application Auto Scaling: which step a breach falls into, and what it makes of the count. */
import type { Adjustment, Step } from '../../../policy/application-auto-scaling.ts';

/** A step above the threshold includes its lower bound, one below it its upper bound. */
export function stepFor(steps: readonly Step[], difference: number, direction: 'out' | 'in'): Step | undefined {
  return steps.find(({ lower, upper }) => {
    const low = lower ?? Number.NEGATIVE_INFINITY;
    const high = upper ?? Number.POSITIVE_INFINITY;
    return direction === 'out' ? low <= difference && difference < high : low < difference && difference <= high;
  });
}

export function adjusted(count: number, change: number, adjustment: Adjustment): number {
  switch (adjustment.type) {
    case 'ExactCapacity':
      return change;
    case 'ChangeInCapacity':
      return count + change;
    case 'PercentChangeInCapacity': {
      const tasks = roundedChange((count * change) / 100);
      const least = adjustment.minAdjustmentMagnitude ?? 0;
      return count + Math.sign(change) * Math.max(Math.abs(tasks), change === 0 ? 0 : least);
    }
  }
}

/** Towards zero, but never to zero: a fraction of a task is one task. */
export function roundedChange(tasks: number): number {
  if (tasks > 0 && tasks < 1) return 1;
  if (tasks < 0 && tasks > -1) return -1;
  return Math.trunc(tasks);
}

/** Why AWS would refuse these steps; undefined where it takes them. */
export function stepProblem(steps: readonly Step[]): string | undefined {
  if (steps.length === 0) return 'there is no step';
  if (steps.length > 20) return `there are ${steps.length} steps, at most 20 are allowed`;
  const sorted = [...steps].sort((a, b) => bound(a.lower, -1) - bound(b.lower, -1));
  const [first] = sorted;
  const last = sorted.at(-1);
  if (steps.some(({ lower, upper }) => lower === null && upper === null)) return 'a step has neither bound';
  if (steps.filter(({ lower }) => lower === null).length > 1) return 'two steps have no lower bound';
  if (steps.filter(({ upper }) => upper === null).length > 1) return 'two steps have no upper bound';
  if (bound(first?.lower ?? null, -1) < 0 && first?.lower !== null) return 'no step is without a lower bound';
  if (bound(last?.upper ?? null, 1) > 0 && last?.upper !== null) return 'no step is without an upper bound';
  return sorted.some((step, i) => i > 0 && step.lower !== sorted[i - 1]?.upper)
    ? 'steps overlap or leave a gap'
    : undefined;
}

function bound(value: number | null, side: 1 | -1): number {
  return value ?? side * Number.POSITIVE_INFINITY;
}
