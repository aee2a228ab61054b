/** The Kubernetes horizontal pod autoscaler v2, over CPU, a rate per pod, or a total from outside. */
import type { Peer, PeerView } from '../peer.ts';
import type { PodSample } from '../pod-sample.ts';
import { replicasForPodAverage, replicasForUtilisation } from './pod-replicas.ts';
import { DEFAULT_READINESS, type ReadinessRules } from './pods.ts';
import { type Behavior, DEFAULT_BEHAVIOR, type HpaState, reconcile, startingState } from './reconcile.ts';
import { follow, podsAt, type Roster, rosterOf } from './roster.ts';
import {
  DEFAULT_TOLERANCE,
  type Proposal,
  replicasForAverageValue,
  replicasForValue,
  type Tolerance,
} from './tolerance.ts';

/**
 * `cpu`: percent of what pods request. `ratePerPod`: requests a second of each pod, a pods metric. `external` and `externalValue`: a total
 * read elsewhere (undefined where it cannot be read), so much per replica ("averageValue") or in all ("value").
 */
export type HpaMetric =
  | { readonly kind: 'cpu'; readonly targetPercent: number }
  | { readonly kind: 'ratePerPod'; readonly target: number }
  | { readonly kind: 'external'; readonly perReplica: number; total(seen: PeerView): number | undefined }
  | { readonly kind: 'externalValue'; readonly target: number; total(seen: PeerView): number | undefined };

export interface HpaOptions {
  readonly metrics: readonly HpaMetric[];
  readonly behavior?: Behavior | 'legacy';
  readonly tolerance?: Tolerance;
  readonly readiness?: ReadinessRules;
  readonly name?: string;
}

/** The controller's sync period; the metrics server scrapes as often. */
export const SYNC_SECONDS = 15;

const UNREADABLE: Proposal = { kind: 'error', why: 'the metric cannot be read' };

export function createHpa(options: HpaOptions): Peer {
  const hpa = new Hpa(options);
  return {
    name: options.name ?? 'kubernetes-hpa',
    everySeconds: SYNC_SECONDS,
    decide: (seen) => hpa.decide(seen),
  };
}

export class Hpa {
  private readonly options: HpaOptions;
  private state: HpaState | undefined;
  private roster: Roster | undefined;
  /** What the metrics server has of the pods: the scrape before the present one. */
  private scraped: PodSample | null = null;
  private scraping: PodSample | null = null;

  constructor(options: HpaOptions) {
    this.options = options;
  }

  decide(seen: PeerView): number | undefined {
    const { now, service, capacity } = seen;
    const current = service.desired;
    this.scraped = this.scraping;
    this.scraping = seen.sample;
    this.state ??= startingState(current, now);
    this.roster ??= rosterOf(service);
    follow(this.roster, service, now);
    const { behavior = DEFAULT_BEHAVIOR, metrics } = this.options;
    const propose = () => metrics.map((metric) => this.propose(metric, current, seen));
    const count = reconcile(current, capacity, behavior, propose, this.state, now);
    return count === current ? undefined : count;
  }

  private propose(metric: HpaMetric, current: number, seen: PeerView): Proposal {
    const { tolerance = DEFAULT_TOLERANCE, readiness = DEFAULT_READINESS } = this.options;
    if (metric.kind === 'external' || metric.kind === 'externalValue') {
      const total = metric.total(seen);
      if (total === undefined) return UNREADABLE;
      const input = { total, current, tolerance };
      if (metric.kind === 'external') return replicasForAverageValue(input, metric.perReplica);
      return replicasForValue(input, metric.target, seen.service.inService);
    }
    if (metric.kind === 'ratePerPod') return this.proposeForRate(metric.target, current, seen, tolerance);
    const pods = podsAt(this.roster ?? rosterOf(seen.service), this.scraped);
    return replicasForUtilisation({ pods, now: seen.now, current, tolerance }, metric.targetPercent, readiness);
  }

  /** In thousandths, as Kubernetes counts. Readiness does not matter here: a pod without traffic is a pod with a rate of 0. */
  private proposeForRate(target: number, current: number, seen: PeerView, tolerance: Tolerance): Proposal {
    const { scraped } = this;
    if (scraped === null) return UNREADABLE;
    const rate = scraped.ready > 0 ? (1000 * scraped.servedPerSecond) / scraped.ready : 0;
    const pods = podsAt(this.roster ?? rosterOf(seen.service), { ...scraped, cpuPercent: 0 });
    const rated = pods.map((pod) => {
      if (pod.usage === undefined) return pod;
      const value = pod.ready?.is === true ? Math.round(rate) : 0;
      return { ...pod, usage: { ...pod.usage, value } };
    });
    return replicasForPodAverage({ pods: rated, now: seen.now, current, tolerance }, 1000 * target);
  }
}
