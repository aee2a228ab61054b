/** KEDA on a queue or on a request rate: activation around zero by itself, everything else by the autoscaler of Kubernetes beneath it. */
import { Hpa, type HpaOptions, SYNC_SECONDS } from '../kubernetes/hpa.ts';
import type { Peer, PeerView } from '../peer.ts';
import { type ExecutorState, execute, isActive } from './executor.ts';
import { type FallbackRules, fallbackReplicas } from './fallback.ts';

/**
 * `queue`: messages, those in flight too, as KEDA's SQS scaler counts. `rate`: requests a second of the whole service over a window, as a
 * Prometheus query gives it.
 */
export type KedaTrigger =
  | { readonly kind: 'queue'; readonly perReplica: number; readonly countInFlight?: boolean }
  | { readonly kind: 'rate'; readonly perReplica: number; readonly windowSeconds?: number };

export interface KedaOptions {
  readonly trigger: KedaTrigger;
  /** Default 0. */
  readonly activationThreshold?: number;
  /** Until it goes to zero after the last activity. Default 300. */
  readonly cooldownSeconds?: number;
  /** Before it may go to zero without ever having been active. Default 0. */
  readonly initialCooldownSeconds?: number;
  /** Held instead of the minimum while nothing is active. Only 0 works, as in KEDA: from 1 the autoscaler beneath goes to the minimum. */
  readonly idleReplicas?: 0;
  readonly fallback?: FallbackRules;
  readonly hpa?: Pick<HpaOptions, 'behavior' | 'tolerance'>;
}

const RATE_WINDOW_SECONDS = 60;
/** The operator looks at activation this often; the metric itself is read at every sync of the autoscaler. */
const POLLING_SECONDS = 30;

export function createKeda(options: KedaOptions): Peer {
  const keda = new Keda(options);
  return { name: 'keda', everySeconds: SYNC_SECONDS, decide: (seen) => keda.decide(seen) };
}

interface Arrivals {
  readonly at: number;
  readonly seconds: number;
  readonly requests: number;
}

class Keda {
  private readonly options: KedaOptions;
  private readonly hpa: Hpa;
  private executor: ExecutorState | undefined;
  private failures = 0;
  private arrivals: Arrivals[] = [];

  constructor(options: KedaOptions) {
    const { trigger, hpa } = options;
    this.options = options;
    const total = (seen: PeerView) => this.metric(seen);
    this.hpa = new Hpa({ ...hpa, metrics: [{ kind: 'external', perReplica: trigger.perReplica, total }] });
  }

  decide(seen: PeerView): number | undefined {
    const { now, service, capacity } = seen;
    this.remember(seen);
    const value = this.read(seen);
    this.failures = value === undefined ? this.failures + 1 : 0;
    this.executor ??= { createdAt: now, lastActiveAt: null };
    const woken = now % (POLLING_SECONDS * 1000) === 0 ? this.activate(seen, value) : undefined;
    if (woken !== undefined) return woken;
    if (service.desired === 0) return undefined;
    return this.hpa.decide({ ...eager(seen), capacity: { min: Math.max(1, capacity.min), max: capacity.max } });
  }

  private activate({ now, service, capacity }: PeerView, value: number | undefined): number | undefined {
    const { activationThreshold = 0, cooldownSeconds = 300, initialCooldownSeconds = 0 } = this.options;
    const { idleReplicas, fallback } = this.options;
    const idle = idleReplicas === undefined ? {} : { idle: idleReplicas };
    const rules = { min: capacity.min, ...idle, cooldownSeconds, initialCooldownSeconds };
    const isFallenBack =
      (fallbackReplicas(value === undefined ? this.failures : 0, service.desired, fallback) ?? 0) > 0;
    const input = {
      now,
      current: service.desired,
      isActive: isFallenBack || (value !== undefined && isActive(value, activationThreshold)),
      hasError: value === undefined && fallback?.replicas !== 0,
    };
    return execute(input, rules, this.executor ?? { createdAt: now, lastActiveAt: null });
  }

  /** What the autoscaler beneath is told: the value, or what the fallback stands for. */
  private metric(seen: PeerView): number | undefined {
    const value = this.read(seen);
    const { fallback, trigger } = this.options;
    if (value !== undefined) return value;
    const count = fallbackReplicas(this.failures, seen.service.desired, fallback);
    return count === undefined ? undefined : count * trigger.perReplica;
  }

  private read({ service }: PeerView): number | undefined {
    const { trigger } = this.options;
    if (trigger.kind === 'rate') return rateOf(this.arrivals);
    if (service.queue === undefined) return undefined;
    return service.queue.visible + (trigger.countInFlight === false ? 0 : service.queue.inFlight);
  }

  private remember({ now, sample }: PeerView): void {
    const { trigger } = this.options;
    const windowMs = ((trigger.kind === 'rate' ? trigger.windowSeconds : undefined) ?? RATE_WINDOW_SECONDS) * 1000;
    this.arrivals = this.arrivals.filter(({ at }) => now - at < windowMs);
    if (sample === null) return;
    const { at, seconds, arrivedPerSecond } = sample;
    this.arrivals.push({ at, seconds, requests: arrivedPerSecond * seconds });
  }
}

function rateOf(arrivals: readonly Arrivals[]): number | undefined {
  if (arrivals.length === 0) return undefined;
  const sum = (field: 'requests' | 'seconds') => arrivals.reduce((total, entry) => total + entry[field], 0);
  return sum('requests') / sum('seconds');
}

/** A view as plain data, so that one field of it can be replaced. */
function eager({ now, service, metrics, sample, capacity }: PeerView): PeerView {
  return { now, service, metrics, sample, capacity };
}
