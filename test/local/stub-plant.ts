/** A plant that does as it is told: it holds one service's counts and datapoints and has no physics. */
import type { EpochMs } from '../../lib/policy/policy.ts';
import type { Plant, PlantDatapoint, PlantMetric, PlantView } from '../../lib/sim/types.ts';

/** Where virtual time begins: on the hour. */
export const NOON = Date.UTC(2026, 2, 2, 12);
export const MINUTE = 60_000;

export interface StubPlant extends Plant {
  /** Every count that UpdateService asked for. */
  readonly asked: readonly number[];
  readonly deploys: number;
}

export interface StubOptions {
  readonly cluster?: string;
  readonly service?: string;
  readonly desired?: number;
  readonly status?: PlantView['status'];
  readonly schedulingStrategy?: PlantView['schedulingStrategy'];
  readonly metrics?: readonly PlantMetric[];
  /** How many there are; each a second older than the one before. */
  readonly events?: number;
  /** Laid over what it shows. */
  readonly shown?: Partial<PlantView>;
}

export function stubPlant(options: StubOptions = {}): StubPlant {
  const { cluster = 'prod', service = 'checkout', status = 'ACTIVE', schedulingStrategy = 'REPLICA' } = options;
  const { metrics = [cpuMetric(cluster, service, [])] } = options;
  let now = NOON;
  let desired = options.desired ?? 4;
  let deploys = 0;
  const running = desired;
  const steady = `(service ${service}) has reached a steady state.`;
  const asked: number[] = [];
  return {
    get now() {
      return now;
    },
    get deploys() {
      return deploys;
    },
    asked,
    capacityPerTask: 100,
    advanceTo: (at) => {
      now = at;
    },
    setDesiredCount: (count) => {
      asked.push(count);
      desired = count;
    },
    deploy: () => {
      deploys += 1;
    },
    rebalance: () => undefined,
    sicken: () => undefined,
    view: () => ({
      ...{ cluster, service, status, schedulingStrategy, desired, running, pending: Math.max(0, desired - running) },
      ...{ inService: running, draining: 0 },
      deployments: [
        {
          ...{ id: '7', status: 'PRIMARY', rolloutState: 'COMPLETED', taskDefinition: `${service}:3` },
          ...{ desired, running, pending: Math.max(0, desired - running), createdAt: NOON - 90_500 },
        },
      ],
      events: Array.from({ length: options.events ?? 1 }, (_, i) => ({
        at: NOON - 30_500 - i * 1000,
        message: steady,
      })),
      ...options.shown,
    }),
    metrics: () => metrics,
    rows: () => [],
    totals: () => ({ arrived: 0, served: 0, timedOut: 0, inQueue: 0, billedTaskSeconds: 0 }),
  };
}

/** `[minutes before noon, value]`; visible 50 s after the end of its period. */
export function cpuMetric(
  cluster: string,
  service: string,
  values: readonly (readonly [minutesBefore: number, value: number])[],
): PlantMetric {
  const points = values.map(([before, value]) => point(NOON - before * MINUTE, 60, [value, value], 50));
  return metricOf('AWS/ECS', 'CPUUtilization', { ClusterName: cluster, ServiceName: service }, 60, points);
}

export function point(
  startedAt: EpochMs,
  periodSeconds: number,
  values: readonly number[],
  delaySeconds = 0,
): PlantDatapoint {
  const sum = values.reduce((total, value) => total + value, 0);
  const visibleAt = startedAt + (periodSeconds + delaySeconds) * 1000;
  return {
    startedAt,
    visibleAt,
    sum,
    count: values.length,
    min: Math.min(...values),
    max: Math.max(...values),
    values,
  };
}

export function metricOf(
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
  periodSeconds: number,
  points: readonly PlantDatapoint[],
): PlantMetric {
  return { namespace, name, dimensions, periodSeconds, datapoints: () => points };
}
