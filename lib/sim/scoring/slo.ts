/**
 * Which requests come too late. Queueing decides: up to saturation the steady share of waits beyond the limit, above it the fluid backlog.
 * What a request waits is counted, not how long its own work takes: nobody's scaler shortens that.
 */
import type { PlantKind } from '../plant.ts';
import { STEADY_LIMIT, steadyWait } from '../queueing.ts';
import type { Stretch } from '../serving.ts';
import { type Work, workOf } from '../work.ts';

/**
 * `wait`: a request is late when it waits longer than so many seconds before somebody works on it, or is given up.
 * `utilisation`: every request is late that comes while the tasks in service work above so much of their capacity.
 */
export type Slo =
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'utilisation'; readonly most: number };

/** A wait of four service times makes an average answer take five. */
const SERVICE_TIMES = 4;
/** Jobs of a queue may lie for a minute. */
const QUEUE_WAIT_SECONDS = 60;
/** More late requests than this make a late minute: its 95th percentile is over the limit. */
export const LATE_SHARE = 0.05;

export function defaultSlo(kind: PlantKind, capacityPerTask: number): Slo {
  if (kind === 'queue') return { kind: 'wait', seconds: QUEUE_WAIT_SECONDS };
  return { kind: 'wait', seconds: SERVICE_TIMES * workOf(kind, capacityPerTask).serviceSeconds };
}

const STEPS = 512;

/** Counts late requests, stretch by stretch. */
export class Lateness {
  /** The busiest a task may be for its minute not to be late. */
  readonly utilisation: number;
  private readonly slo: Slo;
  /** By utilisation in steps: the share of requests that waits too long in the steady state. */
  private readonly steady: Float64Array;

  constructor(slo: Slo, kind: PlantKind, capacityPerTask: number) {
    this.slo = slo;
    const work = workOf(kind, capacityPerTask);
    // Workers on one queue wait for nothing but the queue itself.
    const shareAt = (utilisation: number) => (kind === 'queue' ? 0 : lateShare(slo, utilisation, work));
    this.steady = Float64Array.from({ length: STEPS + 1 }, (_, i) => shareAt(i / STEPS));
    const tooMuch = this.steady.findIndex((share) => share > LATE_SHARE);
    this.utilisation = slo.kind === 'utilisation' ? slo.most : tooMuch < 0 ? 1 : Math.max(1, tooMuch - 1) / STEPS;
  }

  /** Of the requests of a stretch. */
  of({ arrived, timedOut, utilisation, backlogged, leastWaitSeconds, mostWaitSeconds }: Stretch): number {
    if (this.slo.kind === 'utilisation') return utilisation > this.slo.most ? arrived : timedOut;
    const behind = backlogged > 0 ? backlogged * shareAbove(this.slo.seconds, leastWaitSeconds, mostWaitSeconds) : 0;
    return timedOut + behind + Math.max(0, arrived - timedOut - backlogged) * this.steadyShare(utilisation);
  }

  private steadyShare(utilisation: number): number {
    const at = Math.min(1, utilisation) * STEPS;
    const low = Math.floor(at);
    const below = this.steady[low] ?? 0;
    return below + (at - low) * ((this.steady[low + 1] ?? below) - below);
  }
}

function lateShare(slo: Slo, utilisation: number, { servers, serviceSeconds, spread }: Work): number {
  if (slo.kind === 'utilisation' || utilisation === 0) return 0;
  const { chance, meanSeconds } = steadyWait(Math.min(utilisation, STEADY_LIMIT), servers, serviceSeconds, spread);
  return chance * Math.exp(-slo.seconds / meanSeconds);
}

/** Of waits spread evenly between two. */
function shareAbove(limit: number, least: number, most: number): number {
  if (most <= limit) return 0;
  return least >= limit ? 1 : Math.min(1, (most - limit) / (most - least));
}
