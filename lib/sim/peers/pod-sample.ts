/**
 * What scraping every task would have told since the last look. The plant publishes to CloudWatch only; peers that live beside the tasks
 * (Kubernetes, Knative, Nomad) see more and sooner. Everything here follows from the plant's totals: requests by difference, requests
 * under way by Little's law, CPU by the utilisation law.
 */
import type { EpochMs } from '../../policy/policy.ts';
import type { PlantKind } from '../plant.ts';
import type { PlantTotals } from '../types.ts';

export interface PodSample {
  /** The end of the stretch it tells of, and its length. */
  readonly at: EpochMs;
  readonly seconds: number;
  /** Requests (or jobs) a second that came to the service, and that were served. */
  readonly arrivedPerSecond: number;
  readonly servedPerSecond: number;
  /** Requests in service and in queues, over all tasks. */
  readonly concurrency: number;
  /** Mean number of tasks in service. */
  readonly ready: number;
  /** Mean percent of CPU of a task in service; null without one. */
  readonly cpuPercent: number | null;
}

/** What a task is like at work; the plant's own numbers. */
export interface TaskTraits {
  /** Requests a task works on at once when it is at its capacity. */
  readonly servers: number;
  /** Percent of CPU it shows then, without its base. */
  readonly cpuAtCapacity: number;
}

export const TASK_TRAITS: Readonly<Record<PlantKind, TaskTraits>> = {
  cpu: { servers: 4, cpuAtCapacity: 100 },
  io: { servers: 50, cpuAtCapacity: 10 },
  queue: { servers: 4, cpuAtCapacity: 100 },
};

/** Percent a task uses without any request: the middle of what the plant draws. */
const BASE_CPU = 3;

/** One look at the plant. */
export interface Look {
  readonly at: EpochMs;
  readonly totals: PlantTotals;
  readonly inService: number;
}

export function podSample(before: Look, after: Look, capacityPerTask: number, traits: TaskTraits): PodSample | null {
  const seconds = (after.at - before.at) / 1000;
  if (seconds <= 0) return null;
  const servedPerSecond = (after.totals.served - before.totals.served) / seconds;
  const ready = (before.inService + after.inService) / 2;
  return {
    at: after.at,
    seconds,
    arrivedPerSecond: (after.totals.arrived - before.totals.arrived) / seconds,
    servedPerSecond,
    concurrency: (servedPerSecond * traits.servers) / capacityPerTask + after.totals.inQueue,
    ready,
    cpuPercent: ready > 0 ? cpuOf(servedPerSecond / (ready * capacityPerTask), traits) : null,
  };
}

/** Capped at 100 % where the work alone does not show that the task may use more. */
function cpuOf(utilisation: number, { cpuAtCapacity }: TaskTraits): number {
  const work = cpuAtCapacity * utilisation;
  return Math.min(Math.max(100, work), BASE_CPU + work);
}
