/** One pass of the horizontal pod autoscaler: from what the metrics propose to the count it writes. */
import type { EpochMs } from '../../../policy/policy.ts';
import type { Capacity } from '../peer.ts';
import { type Limited, limitRate, type RateRules, type ScaleEvents, withEvent } from './rate-policies.ts';
import { type Recommendation, stabilize, stabilizeDownscale } from './stabilization.ts';
import type { Proposal } from './tolerance.ts';

export interface Behavior {
  readonly up: RateRules & { readonly stabilizationSeconds: number };
  readonly down: RateRules & { readonly stabilizationSeconds: number };
}

/** What Kubernetes fills in. */
export const DEFAULT_BEHAVIOR: Behavior = {
  up: {
    stabilizationSeconds: 0,
    select: 'Max',
    policies: [
      { kind: 'Pods', value: 4, periodSeconds: 15 },
      { kind: 'Percent', value: 100, periodSeconds: 15 },
    ],
  },
  down: {
    stabilizationSeconds: 300,
    select: 'Max',
    policies: [{ kind: 'Percent', value: 100, periodSeconds: 15 }],
  },
};

/** Without behaviour rules. */
const LEGACY = { downscaleStabilizationSeconds: 300, scaleUpFactor: 2, scaleUpAtLeast: 4 } as const;

export interface HpaState {
  log: readonly Recommendation[];
  events: ScaleEvents;
}

/** As the controller starts: what is there now is recommended, so the first pass never scales down. */
export function startingState(current: number, now: EpochMs): HpaState {
  return { log: [{ at: now, count: current }], events: { up: [], down: [] } };
}

/** The largest proposal. Where some metric failed, it may raise the count and not lower it. Null: no decision. */
export function combine(proposals: readonly Proposal[], current: number): number | null {
  const counts = proposals.flatMap((proposal) => (proposal.kind === 'replicas' ? [proposal.count] : []));
  if (counts.length === 0) return null;
  const most = Math.max(...counts);
  return counts.length < proposals.length && most < current ? null : most;
}

/** The count to write. `propose` is asked only where the count is within its bounds and not zero by somebody's will. */
export function reconcile(
  current: number,
  capacity: Capacity,
  behavior: Behavior | 'legacy',
  propose: () => readonly Proposal[],
  state: HpaState,
  now: EpochMs,
): number {
  if (current === 0 && capacity.min !== 0) return 0;
  if (current > capacity.max) return capacity.max;
  if (current < capacity.min) return capacity.min;
  const desired = combine(propose(), current);
  if (desired === null) return current;
  if (behavior === 'legacy') return legacyCount(desired, current, capacity, state, now);
  return countWithBehavior(desired, current, capacity, behavior, state, now);
}

function countWithBehavior(
  desired: number,
  current: number,
  capacity: Capacity,
  behavior: Behavior,
  state: HpaState,
  now: EpochMs,
): number {
  const { up, down } = behavior;
  const windows = { upSeconds: up.stabilizationSeconds, downSeconds: down.stabilizationSeconds };
  const stabilized = stabilize(state.log, desired, current, now, windows);
  state.log = stabilized.log;
  const { count } = limitRate(stabilized.count, current, capacity, behavior, state.events, now);
  if (count !== current) state.events = withEvent(state.events, current, count, behavior, now);
  return count;
}

function legacyCount(desired: number, current: number, capacity: Capacity, state: HpaState, now: EpochMs): number {
  const stabilized = stabilizeDownscale(state.log, desired, now, LEGACY.downscaleStabilizationSeconds);
  state.log = stabilized.log;
  return limitLegacy(stabilized.count, current, capacity, LEGACY.scaleUpFactor).count;
}

/** `factor`: how many times the count may become in one pass. */
export function limitLegacy(desired: number, current: number, { min, max }: Capacity, factor: number): Limited {
  const limit = Math.max(factor * current, LEGACY.scaleUpAtLeast);
  if (desired < min) return { count: min, reason: 'TooFewReplicas' };
  if (desired > Math.min(max, limit)) {
    return limit < max ? { count: limit, reason: 'ScaleUpLimit' } : { count: max, reason: 'TooManyReplicas' };
  }
  return { count: desired, reason: 'DesiredWithinRange' };
}
