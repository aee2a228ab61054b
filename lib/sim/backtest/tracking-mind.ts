/** AWS target tracking as the one that decides, on what a virtual service of its own would have shown to CloudWatch. */
import type { Beside } from '../../counterfactual/counterfactual.ts';
import { runningIn } from '../../counterfactual/running.ts';
import type { Datapoint } from '../../policy/observation.ts';
import type { EpochMs, ServiceName, ServicePolicy, SignalSpec } from '../../policy/policy.ts';
import { createTargetTracking } from '../peers/aws/target-tracking.ts';
import { clamp, type Peer, type PeerView } from '../peers/peer.ts';
import { publicationDelaySeconds } from '../series.ts';
import type { PlantDatapoint, PlantMetric, PlantView } from '../types.ts';
import { MINUTE_MS } from './history.ts';
import type { Mind } from './replay.ts';
import type { ScaledBy, Tracking } from './scaled-by.ts';

type Tracked = Extract<ScaledBy, { kind: 'targetTracking' }>;

/** Names under which the history holds what a model reads. */
export const MODEL_SIGNALS = { cpu: 'model:cpu', memory: 'model:memory', requests: 'model:requests' } as const;

const PERIOD_SECONDS = 60;
/** Fifteen periods of the low alarm, two to spare, and the delays of publication and evaluation. */
const LOOK_BACK = 24;

/** The policy that says what a model's virtual service is like: its signals, its bounds, nothing that decides. */
export function modelPolicy(name: ServiceName, { capacity, trackings }: Tracked): ServicePolicy {
  const signals: Record<string, SignalSpec> = { [MODEL_SIGNALS.cpu]: specOf('CPUUtilization') };
  if (trackings.some(({ signal }) => signal === 'memory')) signals[MODEL_SIGNALS.memory] = specOf('MemoryUtilization');
  signals[MODEL_SIGNALS.requests] = requestsSpec();
  const pace = { cooldown: { kind: 'seconds', seconds: 0 }, stabilizationSeconds: 0, upTo: NO_LIMIT } as const;
  return {
    ...{ cluster: name.cluster, service: name.service, mode: 'shadow', cadenceSeconds: PERIOD_SECONDS, capacity },
    ...{ signals, scaleOut: [], scaleIn: [], targets: [], pace: { out: pace, in: pace }, schedule: [], freeze: [] },
    guard: { holdInWhile: [], unknownAbstainsAfterSeconds: 0, whenBlindFor: [] },
  };
}

const NO_LIMIT = { percent: 100, tasks: 1_000, pick: 'larger', periodSeconds: PERIOD_SECONDS } as const;

export function specOf(metric: 'CPUUtilization' | 'MemoryUtilization'): SignalSpec {
  return { ...BASE, source: { kind: 'ecs', metric }, stat: 'Average', averagedOverTasks: true };
}

/** Requests of a minute, over all target groups. */
export function requestsSpec(): SignalSpec {
  return { ...BASE, source: { kind: 'alb', metric: 'RequestCount' }, stat: 'Sum', averagedOverTasks: false };
}

const BASE = {
  periodSeconds: PERIOD_SECONDS,
  publicationDelaySeconds: publicationDelaySeconds(PERIOD_SECONDS),
  scale: 1,
  whenMissing: { kind: 'unknown' },
} as const;

export function trackingMind(name: ServiceName, { capacity, trackings }: Tracked): Mind {
  let peers = peersOf(trackings);
  const reads = Object.fromEntries(Object.values(MODEL_SIGNALS).map((signal) => [signal, LOOK_BACK]));
  return {
    reads,
    decide(seen, now, reset) {
      if (reset) peers = peersOf(trackings);
      const view: PeerView = {
        now,
        capacity,
        sample: null,
        service: viewOf(name, seen),
        metrics: metricsOf(seen, now),
      };
      const wanted = combined(peers, view);
      return wanted === undefined ? undefined : clamp(wanted, capacity);
    },
  };
}

function peersOf(trackings: readonly Tracking[]): readonly Peer[] {
  return trackings.map((tracking) => createTargetTracking(tracking));
}

/** Out where any of them asks for it, in only where all of those that may scale in do: the largest count either way. */
function combined(peers: readonly Peer[], view: PeerView): number | undefined {
  const wishes = peers.map((peer) => peer.decide(view));
  const { desired } = view.service;
  const asked = wishes.filter((wish) => wish !== undefined);
  if (asked.length === 0) return undefined;
  const most = Math.max(...asked);
  return most > desired || asked.length === peers.length ? most : undefined;
}

function viewOf({ cluster, service }: ServiceName, { observation }: Beside): PlantView {
  const { desired, running, pending } = observation.service;
  return {
    ...{ cluster, service, status: 'ACTIVE', schedulingStrategy: 'REPLICA' },
    ...{ desired, running, pending, inService: running, draining: 0, deployments: [], events: [] },
  };
}

function metricsOf(seen: Beside, now: EpochMs): readonly PlantMetric[] {
  const values = (signal: string) => seen.observation.signals[signal]?.values ?? [];
  const tasksAt = (at: EpochMs) => runningIn(seen.virtual.running, at, at + MINUTE_MS)?.virtual ?? 0;
  const average = (point: Datapoint) =>
    pointOf(point, point[1] * Math.max(1, tasksAt(point[0])), Math.max(1, tasksAt(point[0])));
  const requests = values(MODEL_SIGNALS.requests);
  return [
    metric('AWS/ECS', 'CPUUtilization', values(MODEL_SIGNALS.cpu).map(average), now),
    metric('AWS/ECS', 'MemoryUtilization', values(MODEL_SIGNALS.memory).map(average), now),
    metric(
      'AWS/ApplicationELB',
      'RequestCount',
      requests.map((point) => pointOf(point, point[1], point[1])),
      now,
    ),
    metric(
      'AWS/ApplicationELB',
      'HealthyHostCount',
      requests.map((point) => pointOf(point, tasksAt(point[0]), 1)),
      now,
    ),
  ];
}

function pointOf([startedAt, value]: Datapoint, sum: number, count: number): PlantDatapoint {
  const visibleAt = startedAt + (PERIOD_SECONDS + publicationDelaySeconds(PERIOD_SECONDS)) * 1000;
  return { startedAt, visibleAt, sum, count, min: value, max: value };
}

function metric(namespace: string, name: string, points: readonly PlantDatapoint[], now: EpochMs): PlantMetric {
  return {
    ...{ namespace, name, dimensions: {}, periodSeconds: PERIOD_SECONDS },
    datapoints: (from, to) =>
      points.filter(({ startedAt, visibleAt }) => startedAt >= from && startedAt < to && visibleAt <= now),
  };
}
