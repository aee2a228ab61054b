/** Nomad's strategies: from the samples of a check to what it would do. Pure. */
import { BadInput } from '../../../policy/bad-input.ts';

export type Direction = 'up' | 'down' | 'none';

export interface Action {
  readonly direction: Direction;
  readonly count: number;
}

/** Null: a strategy has nothing to say. */
export type Verdict = Action | null;

export interface TargetValueRules {
  readonly target: number;
  /** Half the width of the dead band, a fraction. Default 0.01. */
  readonly threshold?: number;
  /** Tasks a single action changes at most. */
  readonly maxScaleUp?: number;
  readonly maxScaleDown?: number;
}

/** `samples` oldest first; only the newest counts. */
export function targetValue(samples: readonly number[], count: number, rules: TargetValueRules): Verdict {
  const metric = samples.at(-1);
  if (metric === undefined) return null;
  const factor = rules.target === 0 ? metric : metric / rules.target;
  const direction = targetDirection(count, factor, rules.threshold ?? 0.01);
  if (direction === 'none') return { direction, count };
  const wanted = Math.ceil(count === 0 ? factor : count * factor);
  return actionTo(limited(wanted, count, rules), count);
}

export function targetDirection(count: number, factor: number, threshold: number): Direction {
  if (count === 0) return factor > 0 ? 'up' : 'none';
  if (factor < 1 - threshold) return 'down';
  return factor > 1 + threshold ? 'up' : 'none';
}

function limited(wanted: number, count: number, { maxScaleUp, maxScaleDown }: TargetValueRules): number {
  const most = maxScaleUp === undefined ? Number.POSITIVE_INFINITY : count + maxScaleUp;
  const least = maxScaleDown === undefined ? 0 : count - maxScaleDown;
  return Math.min(most, Math.max(least, wanted));
}

export type ThresholdChange =
  | { readonly kind: 'delta'; readonly tasks: number }
  | { readonly kind: 'percentage'; readonly percent: number }
  | { readonly kind: 'value'; readonly tasks: number };

export interface ThresholdRules {
  /** The band's lower bound belongs to it, the upper one does not; one of them may be absent. */
  readonly lower?: number;
  readonly upper?: number;
  readonly change: ThresholdChange;
  /** So many samples in the band, wherever they lie. Default 5. */
  readonly withinBoundsTrigger?: number;
}

export function threshold(samples: readonly number[], count: number, rules: ThresholdRules): Verdict {
  const { lower, upper, change, withinBoundsTrigger = 5 } = rules;
  if (lower === undefined && upper === undefined) {
    throw new BadInput('nomad threshold: the band has neither a lower nor an upper bound; give one of them');
  }
  const isInside = (value: number) =>
    (lower ?? Number.NEGATIVE_INFINITY) <= value && value < (upper ?? Number.POSITIVE_INFINITY);
  if (samples.filter(isInside).length < withinBoundsTrigger) return null;
  return actionTo(Math.max(0, changedBy(change, count)), count);
}

function changedBy(change: ThresholdChange, count: number): number {
  switch (change.kind) {
    case 'delta':
      return count + change.tasks;
    case 'percentage':
      return Math.ceil((count * (100 + change.percent)) / 100);
    case 'value':
      return change.tasks;
  }
}

function actionTo(wanted: number, count: number): Action {
  if (wanted === count) return { direction: 'none', count };
  return { direction: wanted > count ? 'up' : 'down', count: wanted };
}
