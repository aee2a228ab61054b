/**
 * Replicas for a metric that each pod has: CPU against what pods request, or a number against a target per pod. Pods that do not tell are
 * assumed at whatever makes the change smaller, so they can damp a change, and neither enlarge nor reverse it.
 */
import type { EpochMs } from '../../../policy/policy.ts';
import { groupPods, type Pod, type PodGroups, type ReadinessRules } from './pods.ts';
import { isWithin, type Proposal, replicas, type Tolerance } from './tolerance.ts';

export interface PodMetricInput {
  readonly pods: readonly Pod[];
  readonly now: EpochMs;
  readonly current: number;
  readonly tolerance: Tolerance;
}

/** How a ratio comes from the numbers of pods. */
interface Measure {
  /** Of those who count, each with its number. */
  ratio(counted: readonly Counted[]): number;
  /** What a pod without a number is taken for when the others ask for fewer. */
  assumedIdle(pod: Pod): number;
}

interface Counted {
  readonly value: number;
  readonly request: number;
}

/** CPU: `targetPercent` of what the pods request. Utilisation is a whole percent before it is compared. */
export function replicasForUtilisation(
  input: PodMetricInput,
  targetPercent: number,
  readiness: ReadinessRules,
): Proposal {
  if (input.pods.some(({ request }) => request === undefined))
    return { kind: 'error', why: 'a pod requests none of it' };
  return replicasFor(input, groupPods(input.pods, input.now, readiness), {
    ratio: (counted) => Math.trunc((100 * sum(counted, 'value')) / sum(counted, 'request')) / targetPercent,
    assumedIdle: ({ request = 0 }) => (Math.max(100, targetPercent) / 100) * request,
  });
}

/** Any number of each pod, in thousandths: `targetPerPod` on average. */
export function replicasForPodAverage(input: PodMetricInput, targetPerPod: number): Proposal {
  return replicasFor(input, groupPods(input.pods, input.now, null), {
    ratio: (counted) => Math.trunc(sum(counted, 'value') / counted.length) / targetPerPod,
    assumedIdle: () => targetPerPod,
  });
}

function replicasFor({ current, tolerance }: PodMetricInput, groups: PodGroups, measure: Measure): Proposal {
  const { ready, unready, missing } = groups;
  if (ready.length === 0) return { kind: 'error', why: 'no pod that counts has a sample' };
  const known = ready.map((pod) => counted(pod, pod.usage?.value ?? 0));
  const ratio = measure.ratio(known);
  if (missing.length === 0 && !(unready.length > 0 && ratio > 1)) {
    return replicas(isWithin(ratio, tolerance) ? current : Math.ceil(ratio * known.length));
  }
  const all = [...known, ...assumed(ratio, groups, measure)];
  const damped = measure.ratio(all);
  if (isWithin(damped, tolerance) || (ratio < 1 && damped > 1) || (ratio > 1 && damped < 1)) return replicas(current);
  const count = Math.ceil(damped * all.length);
  const isReversed = (damped < 1 && count > current) || (damped > 1 && count < current);
  return replicas(isReversed ? current : count);
}

/** The numbers of those who do not tell. */
function assumed(ratio: number, { unready, missing }: PodGroups, measure: Measure): Counted[] {
  if (ratio < 1) return missing.map((pod) => counted(pod, measure.assumedIdle(pod)));
  if (ratio > 1) return [...missing, ...unready].map((pod) => counted(pod, 0));
  return [];
}

function counted(pod: Pod, value: number): Counted {
  return { value, request: pod.request ?? 0 };
}

function sum(counted: readonly Counted[], field: keyof Counted): number {
  return counted.reduce((total, entry) => total + entry[field], 0);
}
