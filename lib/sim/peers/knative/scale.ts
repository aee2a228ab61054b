/** One decision of the Knative pod autoscaler, from the two averages of its metric. */
import type { EpochMs } from '../../../policy/policy.ts';
import { maximum, type SlidingMaximum, slidingMaximum, withValue } from './sliding-maximum.ts';

export interface KpaRules {
  /** Of the metric, per replica. */
  readonly target: number;
  /** At most so many times as many replicas in one decision, and so many times fewer. */
  readonly maxScaleUpRate: number;
  readonly maxScaleDownRate: number;
  /** Panic where the panic window wants so many times the ready replicas. */
  readonly panicThreshold: number;
  readonly stableWindowSeconds: number;
  /** The least to start with from zero, where more than 1. */
  readonly activationScale: number;
  readonly scaleDownDelaySeconds: number;
  /** False for a revision that gets no traffic any more: then it may fall at once. */
  readonly isReachable: boolean;
}

export const DEFAULT_KPA: Omit<KpaRules, 'target'> = {
  maxScaleUpRate: 1000,
  maxScaleDownRate: 2,
  panicThreshold: 2,
  stableWindowSeconds: 60,
  activationScale: 1,
  scaleDownDelaySeconds: 0,
  isReachable: true,
};

export interface KpaState {
  /** Null: not in panic. */
  panicAt: EpochMs | null;
  panicFloor: number;
  delay: SlidingMaximum | null;
}

/** Width of a slot of the scale-down delay, and of a tick. */
export const TICK_SECONDS = 2;

/** An evaluator that starts beside several ready replicas panics, so that a restart without history does not scale down. */
export function startingState(ready: number, now: EpochMs, rules: KpaRules): KpaState {
  const slots = Math.ceil(rules.scaleDownDelaySeconds / TICK_SECONDS);
  return {
    panicAt: ready > 1 ? now : null,
    panicFloor: ready,
    delay: slots > 0 ? slidingMaximum(slots) : null,
  };
}

/** The metric summed over replicas, averaged over each window. */
export interface KpaMetric {
  readonly stable: number;
  readonly panic: number;
}

export function scale(
  metric: KpaMetric,
  readyReplicas: number,
  rules: KpaRules,
  state: KpaState,
  now: EpochMs,
): number {
  const ready = Math.max(1, readyReplicas);
  const up = Math.ceil(rules.maxScaleUpRate * ready);
  const down = rules.isReachable ? Math.floor(ready / rules.maxScaleDownRate) : 0;
  const wanted = (value: number) => Math.ceil(value / rules.target);
  const limited = (count: number) => {
    const rated = Math.min(up, Math.max(down, count));
    return rules.activationScale > 1 && count > 0 ? Math.max(rated, rules.activationScale) : rated;
  };
  const stable = limited(wanted(metric.stable));
  const panic = limited(wanted(metric.panic));
  followPanic(wanted(metric.panic) / ready >= rules.panicThreshold, rules, state, now);
  if (state.panicAt === null) return delayed(stable, rules, state, now);
  state.panicFloor = Math.max(state.panicFloor, stable, panic);
  return delayed(state.panicFloor, rules, state, now);
}

/** Too much load begins a panic or prolongs it; it is over a stable window after the last of it. */
function followPanic(isOver: boolean, rules: KpaRules, state: KpaState, now: EpochMs): void {
  if (isOver) {
    state.panicAt = now;
  } else if (state.panicAt !== null && state.panicAt + rules.stableWindowSeconds * 1000 < now) {
    state.panicAt = null;
    state.panicFloor = 0;
  }
}

function delayed(count: number, rules: KpaRules, state: KpaState, now: EpochMs): number {
  if (state.delay === null || !rules.isReachable) return count;
  state.delay = withValue(state.delay, Math.floor(now / (TICK_SECONDS * 1000)), count);
  return maximum(state.delay);
}
