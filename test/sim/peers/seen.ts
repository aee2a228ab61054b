/** What a peer sees, put together by hand. */
import type { Peer, PeerView } from '../../../lib/sim/peers/peer.ts';
import type { PodSample } from '../../../lib/sim/peers/pod-sample.ts';
import { publicationDelaySeconds } from '../../../lib/sim/series.ts';
import type { PlantDatapoint, PlantMetric, PlantView } from '../../../lib/sim/types.ts';

export const START = Date.UTC(2026, 0, 5);
export const at = (seconds: number) => START + seconds * 1000;

export interface Situation {
  readonly seconds?: number;
  readonly desired?: number;
  readonly running?: number;
  readonly inService?: number;
  readonly pending?: number;
  readonly deploying?: boolean;
  readonly queue?: { readonly visible: number; readonly inFlight: number };
  readonly metrics?: readonly PlantMetric[];
  readonly sample?: PodSample | null;
  readonly min?: number;
  readonly max?: number;
}

/** Tasks run and are in service as desired, unless said otherwise. */
export function seen(situation: Situation): PeerView {
  const { seconds = 0, desired = 10, metrics = [], sample = null, min = 1, max = 100 } = situation;
  return { now: at(seconds), service: serviceOf(situation, desired), metrics, sample, capacity: { min, max } };
}

function serviceOf(situation: Situation, desired: number): PlantView {
  const { running = desired, inService = running, pending = 0, deploying = false, queue } = situation;
  const deployment = { id: 'ecs-svc/1', status: 'PRIMARY', taskDefinition: 'checkout:1', createdAt: START } as const;
  const rolloutState = deploying ? 'IN_PROGRESS' : 'COMPLETED';
  return {
    cluster: 'prod',
    service: 'checkout',
    status: 'ACTIVE',
    schedulingStrategy: 'REPLICA',
    desired,
    running,
    pending,
    inService,
    draining: 0,
    deployments: [{ ...deployment, rolloutState, desired, running, pending }],
    ...(queue && { queue }),
    events: [],
  };
}

/** A metric that reported one value a period from `START` on; null is a period without a datapoint. All of it is published. */
export function metric(
  name: string,
  values: readonly (number | null)[],
  { periodSeconds = 60, count = 1 }: { periodSeconds?: number; count?: number } = {},
): PlantMetric {
  const points = values.flatMap((value, i): PlantDatapoint[] => {
    if (value === null) return [];
    const startedAt = at(i * periodSeconds);
    const visibleAt = startedAt + (periodSeconds + publicationDelaySeconds(periodSeconds)) * 1000;
    return [{ startedAt, visibleAt, sum: value * count, count, min: value, max: value }];
  });
  return {
    namespace: 'AWS/ECS',
    name,
    dimensions: {},
    periodSeconds,
    datapoints: (from, to) => points.filter(({ startedAt }) => startedAt >= from && startedAt < to),
  };
}

/** A service without physics: tasks start and stop at once, a metric is published as its period ends, and the load never changes. */
export class IdealService {
  desired: number;
  readonly changes: number[] = [];
  private seconds = 0;
  private readonly rate: number;
  private readonly values: { cpu: number; tasks: number }[] = [];

  /** `rate` in requests a second; a task at 1 request a second shows 1 % of CPU. */
  constructor(rate: number, desired: number) {
    this.rate = rate;
    this.desired = desired;
  }

  /** Lets a peer decide for some hours; the count it ends with. */
  run(peer: Peer, hours: number): number {
    const until = this.seconds + hours * 3600;
    for (this.seconds += peer.everySeconds; this.seconds <= until; this.seconds += peer.everySeconds) {
      while ((this.values.length + 1) * 60 <= this.seconds) this.values.push(this.value());
      const wanted = peer.decide(this.view(peer.everySeconds));
      if (wanted === undefined || wanted === this.desired) continue;
      this.changes.push(wanted);
      this.desired = wanted;
    }
    return this.desired;
  }

  private value() {
    return { cpu: this.rate / this.desired, tasks: this.desired };
  }

  private view(stepSeconds: number): PeerView {
    const { rate, desired, seconds } = this;
    const sample = {
      at: at(seconds),
      seconds: stepSeconds,
      arrivedPerSecond: rate,
      servedPerSecond: rate,
      concurrency: rate,
      ready: desired,
      cpuPercent: rate / desired,
    };
    const cpu = metric(
      'CPUUtilization',
      this.values.map((value) => value.cpu),
    );
    return seen({ seconds, desired, sample, metrics: [cpu], min: 1, max: 10_000 });
  }
}
