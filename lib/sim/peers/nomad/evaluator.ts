/** The loop around Nomad's strategies: samples of a query, votes, bounds, cooldown. */
import type { EpochMs } from '../../../policy/policy.ts';
import { clamp, type Peer, type PeerView } from '../peer.ts';
import type { Verdict } from './strategies.ts';
import { type Check, decideVotes } from './votes.ts';

/** `cpu`: percent, mean of the allocations. `ratePerTask`: requests a second of each. `backlogPerTask`: messages ÷ tasks in service. */
export type NomadSignal = 'cpu' | 'ratePerTask' | 'backlogPerTask';

export interface NomadOptions {
  /** Default `cpu`. */
  readonly signal?: NomadSignal;
  /** After a change. Default 300. */
  readonly cooldownSeconds?: number;
  /** After a change upwards. Default: as the other. */
  readonly cooldownOnScaleUpSeconds?: number;
  /** How far back a query reaches. Default 60. */
  readonly queryWindowSeconds?: number;
}

/** The agent's default evaluation interval, and how often the metric is sampled. */
const EVALUATION_SECONDS = 10;

/** What the checks of a policy say of the samples, oldest first. */
export type Checks = (samples: readonly number[], count: number) => readonly Check[];

export function nomadPeer(name: string, options: NomadOptions, checks: Checks): Peer {
  const evaluator = new Evaluator(options, checks);
  return { name, everySeconds: EVALUATION_SECONDS, decide: (seen) => evaluator.decide(seen) };
}

class Evaluator {
  private readonly options: NomadOptions;
  private readonly checks: Checks;
  private samples: { at: EpochMs; value: number }[] = [];
  private cooldownUntil: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(options: NomadOptions, checks: Checks) {
    this.options = options;
    this.checks = checks;
  }

  decide(seen: PeerView): number | undefined {
    this.sample(seen);
    const { now, service, capacity } = seen;
    // The target is not ready while a deployment runs; a cooldown ends strictly after its last moment.
    if (service.deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS')) return undefined;
    if (now <= this.cooldownUntil) return undefined;
    const count = service.desired;
    const values = this.samples.map(({ value }) => value);
    const wanted = toApply(decideVotes(this.checks(values, count)), count, capacity);
    if (wanted === undefined) return undefined;
    this.cooldownUntil = now + 1000 * this.cooldownAfter(wanted > count);
    return wanted;
  }

  private sample(seen: PeerView): void {
    const { signal = 'cpu', queryWindowSeconds = 60 } = this.options;
    this.samples = this.samples.filter(({ at }) => seen.now - at < queryWindowSeconds * 1000);
    const value = read(signal, seen);
    if (value !== null) this.samples.push({ at: seen.now, value });
  }

  private cooldownAfter(isUp: boolean): number {
    const { cooldownSeconds = 300, cooldownOnScaleUpSeconds = cooldownSeconds } = this.options;
    return isUp ? cooldownOnScaleUpSeconds : cooldownSeconds;
  }
}

/** Bounds come last; no direction, no change. */
function toApply(verdict: Verdict, count: number, capacity: PeerView['capacity']): number | undefined {
  if (verdict === null || verdict.direction === 'none') return undefined;
  const wanted = clamp(verdict.count, capacity);
  return wanted === count ? undefined : wanted;
}

function read(signal: NomadSignal, { sample, service }: PeerView): number | null {
  if (signal === 'backlogPerTask') {
    const { queue, inService } = service;
    return queue === undefined || inService === 0 ? null : (queue.visible + queue.inFlight) / inService;
  }
  if (sample === null || sample.ready === 0) return null;
  return signal === 'cpu' ? sample.cpuPercent : sample.servedPerSecond / sample.ready;
}
