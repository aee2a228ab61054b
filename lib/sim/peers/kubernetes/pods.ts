/** Which pods count, as the replica calculator of Kubernetes sorts them. */
import type { EpochMs } from '../../../policy/policy.ts';

/** Usage of a metric over the window before `at`, in thousandths. */
export interface PodUsage {
  readonly at: EpochMs;
  readonly windowSeconds: number;
  readonly value: number;
}

export interface Pod {
  readonly phase: 'pending' | 'running' | 'succeeded' | 'failed';
  readonly deleting?: boolean;
  readonly startedAt?: EpochMs;
  /** The Ready condition and when it last changed. */
  readonly ready?: { readonly is: boolean; readonly since: EpochMs };
  readonly usage?: PodUsage;
  /** What it requests of the resource, in thousandths. */
  readonly request?: number;
}

export interface ReadinessRules {
  /** A pod younger than that counts only with a sample taken wholly while it was ready. */
  readonly initializationSeconds: number;
  /** A pod that turned unready within so much of its start was never ready. */
  readonly readinessDelaySeconds: number;
}

/** The controller's flags as they are by default. */
export const DEFAULT_READINESS: ReadinessRules = { initializationSeconds: 300, readinessDelaySeconds: 30 };

export type PodClass = 'ignored' | 'unready' | 'missing' | 'ready';

/** `cpu` null: a metric for which readiness does not matter. */
export function classOf(pod: Pod, now: EpochMs, cpu: ReadinessRules | null): PodClass {
  if (pod.deleting === true || pod.phase === 'failed' || pod.phase === 'succeeded') return 'ignored';
  if (pod.phase === 'pending') return 'unready';
  if (pod.usage === undefined) return 'missing';
  return cpu !== null && isUnready(pod, pod.usage, now, cpu) ? 'unready' : 'ready';
}

function isUnready({ ready, startedAt }: Pod, usage: PodUsage, now: EpochMs, rules: ReadinessRules): boolean {
  if (ready === undefined || startedAt === undefined) return true;
  if (now - startedAt < rules.initializationSeconds * 1000) {
    return !ready.is || usage.at < ready.since + usage.windowSeconds * 1000;
  }
  return !ready.is && ready.since < startedAt + rules.readinessDelaySeconds * 1000;
}

export type PodGroups = Readonly<Record<PodClass, readonly Pod[]>>;

export function groupPods(pods: readonly Pod[], now: EpochMs, cpu: ReadinessRules | null): PodGroups {
  const groups: Record<PodClass, Pod[]> = { ignored: [], unready: [], missing: [], ready: [] };
  for (const pod of pods) groups[classOf(pod, now, cpu)].push(pod);
  return groups;
}
