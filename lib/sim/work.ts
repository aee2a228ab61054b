/** What a task is like at work, by kind of service. */
import type { PlantKind } from './plant.ts';
import type { Spread } from './queueing.ts';

/** How a task works on requests: what queueing needs to know. */
export interface Work {
  /** Requests it works on at once, and how long one takes. */
  readonly servers: number;
  readonly serviceSeconds: number;
  readonly spread: Spread;
}

/** Requests a task works on at once, and the CPU it shows at its capacity. */
export const TRAITS: Readonly<Record<PlantKind, { readonly servers: number; readonly cpuAtCapacity: number }>> = {
  cpu: { servers: 4, cpuAtCapacity: 100 },
  io: { servers: 50, cpuAtCapacity: 10 },
  queue: { servers: 4, cpuAtCapacity: 100 },
};

/** Poisson arrivals, exponential service times. */
const SPREAD: Spread = { arrivals: 1, service: 1 };

/** @param capacityPerTask requests (or jobs) per second at 100 % */
export function workOf(kind: PlantKind, capacityPerTask: number): Work {
  const { servers } = TRAITS[kind];
  return { servers, serviceSeconds: servers / capacityPerTask, spread: SPREAD };
}
