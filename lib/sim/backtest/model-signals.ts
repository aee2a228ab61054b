/** What a model of Application Auto Scaling reads: its signals in the history, and as CloudWatch shows them to its alarms. */
import type { Beside } from '../../counterfactual/counterfactual.ts';
import { runningIn } from '../../counterfactual/running.ts';
import type { Datapoint } from '../../policy/observation.ts';
import type { EpochMs, ServiceName, ServicePolicy, SignalSpec } from '../../policy/policy.ts';
import { publicationDelaySeconds } from '../series.ts';
import type { PlantDatapoint, PlantMetric, PlantView } from '../types.ts';
import type { History, RecordedSignal } from './history.ts';
import type { Modelled } from './scaled-by.ts';

/** Names under which the history holds what a model reads. */
export const MODEL_SIGNALS = { cpu: 'model:cpu', memory: 'model:memory', requests: 'model:requests' } as const;

const MINUTE_SECONDS = 60;

export function specOf(metric: 'CPUUtilization' | 'MemoryUtilization'): SignalSpec {
  return { ...BASE, source: { kind: 'ecs', metric }, stat: 'Average', averagedOverTasks: true };
}

/** Requests of a minute, over all target groups. */
export function requestsSpec(): SignalSpec {
  return { ...BASE, source: { kind: 'alb', metric: 'RequestCount' }, stat: 'Sum', averagedOverTasks: false };
}

const BASE = {
  periodSeconds: MINUTE_SECONDS,
  publicationDelaySeconds: publicationDelaySeconds(MINUTE_SECONDS),
  scale: 1,
  whenMissing: { kind: 'unknown' },
} as const;

/** The policy that says what a model's virtual service is like: its signals, its bounds, nothing that decides. */
export function modelPolicy(name: ServiceName, by: Modelled): ServicePolicy {
  const { capacity, periodSeconds } = by;
  const fine = (spec: SignalSpec) => ({
    ...spec,
    periodSeconds,
    publicationDelaySeconds: publicationDelaySeconds(periodSeconds),
  });
  const signals: Record<string, SignalSpec> = { [MODEL_SIGNALS.cpu]: fine(specOf('CPUUtilization')) };
  if (follows(by, 'memory')) signals[MODEL_SIGNALS.memory] = fine(specOf('MemoryUtilization'));
  signals[MODEL_SIGNALS.requests] = requestsSpec();
  const pace = { cooldown: { kind: 'seconds', seconds: 0 }, stabilizationSeconds: 0, upTo: NO_LIMIT } as const;
  return {
    ...{ cluster: name.cluster, service: name.service, mode: 'shadow', cadenceSeconds: periodSeconds, capacity },
    ...{ signals, scaleOut: [], scaleIn: [], targets: [], pace: { out: pace, in: pace }, schedule: [], freeze: [] },
    guard: { holdInWhile: [], unknownAbstainsAfterSeconds: 0, whenBlindFor: [] },
  };
}

const NO_LIMIT = { percent: 100, tasks: 1_000, pick: 'larger', periodSeconds: MINUTE_SECONDS } as const;

function follows({ trackings, steppings }: Modelled, wanted: string): boolean {
  return [...trackings, ...steppings].some(({ signal }) => signal === wanted);
}

/**
 * The history as the model reads it. CloudWatch forgets 20-second datapoints after three hours, so each minute stands for its three thirds:
 * the model of such a policy may act up to 40 s sooner than the real one could.
 */
export function modelHistory(history: History, { periodSeconds }: Modelled): History {
  if (periodSeconds === MINUTE_SECONDS) return history;
  const thirds = (recorded: RecordedSignal): RecordedSignal => ({
    ...recorded,
    periodSeconds,
    values: recorded.values.flatMap(([at, ...rest]) =>
      Array.from(
        { length: MINUTE_SECONDS / periodSeconds },
        (_, i): Datapoint => [at + i * periodSeconds * 1000, ...rest],
      ),
    ),
  });
  const { [MODEL_SIGNALS.cpu]: cpu, [MODEL_SIGNALS.memory]: memory } = history.signals;
  const signals = {
    ...history.signals,
    ...(cpu === undefined ? {} : { [MODEL_SIGNALS.cpu]: thirds(cpu) }),
    ...(memory === undefined ? {} : { [MODEL_SIGNALS.memory]: thirds(memory) }),
  };
  return { ...history, signals };
}

export function viewOf({ cluster, service }: ServiceName, { observation }: Beside): PlantView {
  const { desired, running, pending } = observation.service;
  return {
    ...{ cluster, service, status: 'ACTIVE', schedulingStrategy: 'REPLICA' },
    ...{ desired, running, pending, inService: running, draining: 0, deployments: [], events: [] },
  };
}

/** As the virtual service's own tasks would have made them. */
export function metricsOf(seen: Beside, periodSeconds: number, now: EpochMs): readonly PlantMetric[] {
  const values = (signal: string) => seen.observation.signals[signal]?.values ?? [];
  const tasksAt = (at: EpochMs, seconds: number) =>
    runningIn(seen.virtual.running, at, at + seconds * 1000)?.virtual ?? 0;
  const average = (point: Datapoint) => {
    const tasks = Math.max(1, tasksAt(point[0], periodSeconds));
    return pointOf(point, periodSeconds, point[1] * tasks, tasks);
  };
  const requests = values(MODEL_SIGNALS.requests);
  const minute = (sum: (point: Datapoint) => number, count: (point: Datapoint) => number) =>
    requests.map((point) => pointOf(point, MINUTE_SECONDS, sum(point), count(point)));
  const hosts = minute(
    ([at]) => tasksAt(at, MINUTE_SECONDS),
    () => 1,
  );
  const total = minute(
    ([, value]) => value,
    ([, value]) => value,
  );
  return [
    metric('AWS/ECS', 'CPUUtilization', periodSeconds, values(MODEL_SIGNALS.cpu).map(average), now),
    metric('AWS/ECS', 'MemoryUtilization', periodSeconds, values(MODEL_SIGNALS.memory).map(average), now),
    metric('AWS/ApplicationELB', 'RequestCount', MINUTE_SECONDS, total, now),
    metric('AWS/ApplicationELB', 'HealthyHostCount', MINUTE_SECONDS, hosts, now),
  ];
}

function pointOf([startedAt, value]: Datapoint, seconds: number, sum: number, count: number): PlantDatapoint {
  const visibleAt = startedAt + (seconds + publicationDelaySeconds(seconds)) * 1000;
  return { startedAt, visibleAt, sum, count, min: value, max: value };
}

function metric(
  namespace: string,
  name: string,
  periodSeconds: number,
  points: readonly PlantDatapoint[],
  now: EpochMs,
): PlantMetric {
  return {
    ...{ namespace, name, dimensions: {}, periodSeconds },
    datapoints: (from, to) =>
      points.filter(({ startedAt, visibleAt }) => startedAt >= from && startedAt < to && visibleAt <= now),
  };
}
