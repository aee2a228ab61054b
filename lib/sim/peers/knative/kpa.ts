/**
 * The Knative pod autoscaler, every 2 s. It scrapes its replicas instead of waiting for CloudWatch, so it sees the plant's true requests
 * or concurrency of the last 2 s: finer and sooner than anything ECS publishes, as it is in a cluster of its own.
 */
import type { Peer, PeerView } from '../peer.ts';
import { average, bucketedAverage, isEmpty, record } from './bucketed-average.ts';
import { DEFAULT_KPA, type KpaRules, type KpaState, scale, startingState, TICK_SECONDS } from './scale.ts';

export interface KpaOptions extends Partial<KpaRules> {
  /** Requests a second, or requests under way, per replica. */
  readonly target: number;
  /** Default `rps`. */
  readonly metric?: 'rps' | 'concurrency';
  /** Of the stable window. Default 10. */
  readonly panicWindowPercent?: number;
}

export function createKpa(options: KpaOptions): Peer {
  const kpa = new Kpa(options);
  return { name: 'knative-kpa', everySeconds: TICK_SECONDS, decide: (seen) => kpa.decide(seen) };
}

class Kpa {
  private readonly metric: 'rps' | 'concurrency';
  private readonly rules: KpaRules;
  private readonly stable;
  private readonly panic;
  private state: KpaState | undefined;

  constructor(options: KpaOptions) {
    const { metric = 'rps', panicWindowPercent = 10, ...rules } = options;
    this.metric = metric;
    this.rules = { ...DEFAULT_KPA, ...rules };
    const windowSeconds = this.rules.stableWindowSeconds;
    this.stable = bucketedAverage(windowSeconds, TICK_SECONDS);
    this.panic = bucketedAverage((windowSeconds * panicWindowPercent) / 100, TICK_SECONDS);
  }

  decide({ now, service, sample }: PeerView): number | undefined {
    const { inService, desired } = service;
    this.state ??= startingState(inService, now, this.rules);
    if (sample !== null) this.record(now, this.metric === 'rps' ? sample.arrivedPerSecond : sample.concurrency);
    if (isEmpty(this.stable, now)) return undefined;
    const metric = { stable: average(this.stable, now), panic: average(this.panic, now) };
    const count = scale(metric, inService, this.rules, this.state, now);
    return count === desired ? undefined : count;
  }

  private record(now: number, value: number): void {
    record(this.stable, now, value);
    record(this.panic, now, value);
  }
}
