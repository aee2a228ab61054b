/** Days of a service as CloudWatch would have kept them: a plant that AWS target tracking really scaled. */
import type { ServiceScaling } from '../../../lib/policy/application-auto-scaling.ts';
import type { Datapoint } from '../../../lib/policy/observation.ts';
import { HISTORY_FORMAT, type History, type RecordedSignal } from '../../../lib/sim/backtest/history.ts';
import { createTargetTracking, type TargetTrackingOptions } from '../../../lib/sim/peers/aws/target-tracking.ts';
import { drive } from '../../../lib/sim/peers/drive.ts';
import type { Peer } from '../../../lib/sim/peers/peer.ts';
import { createPlant, type PlantOptions } from '../../../lib/sim/plant.ts';
import type { Load, Plant, PlantDatapoint, PlantMetric } from '../../../lib/sim/types.ts';

export const CAPACITY = { min: 2, max: 60 };
export const TARGET = 60;
const MINUTE = 60_000;

export const TRACKED: ServiceScaling = {
  capacity: CAPACITY,
  policies: [
    {
      kind: 'targetTracking',
      name: 'cpu-60',
      metric: 'ECSServiceAverageCPUUtilization',
      target: TARGET,
      scaleInDisabled: false,
    },
  ],
};

/** The plant after its whole load, scaled by target tracking or by whoever is given. */
export function scaledPlant(load: Load, { tracking = {}, peer, plant: more = {} }: Scaled = {}): Plant {
  const first = Math.ceil((load.rateAt(load.startsAt) ?? 0) / (100 * (TARGET / 100)));
  const desired = Math.min(CAPACITY.max, Math.max(CAPACITY.min, first));
  const plant = createPlant({ load, seed: 3, desired, metricHours: 'all', ...more });
  drive({ peer: peer ?? createTargetTracking({ target: TARGET, ...tracking }), plant, load, capacity: CAPACITY });
  return plant;
}

export interface Scaled {
  readonly tracking?: Partial<TargetTrackingOptions>;
  readonly peer?: Peer;
  readonly plant?: Partial<PlantOptions>;
}

/** What a reader of CloudWatch would have made of it. `signals`: names to the plant's metrics. */
export function recorded(plant: Plant, load: Load, signals: Readonly<Record<string, string>>): History {
  const points = (name: string): readonly PlantDatapoint[] =>
    plant
      .metrics()
      .find((metric) => metric.name === name)
      ?.datapoints(load.startsAt, load.endsAt) ?? [];
  const tasks = byMinute(points('CPUUtilization'));
  const read = (name: string): RecordedSignal => ({
    periodSeconds: 60,
    status: 'complete',
    values: byMinute(points(name)).map(({ startedAt, sum, count }): Datapoint => {
      return name === 'RequestCount' ? [startedAt, sum] : [startedAt, sum / count, count];
    }),
  });
  return {
    v: HISTORY_FORMAT,
    cluster: 'prod',
    service: 'checkout',
    from: load.startsAt,
    to: load.endsAt - (load.endsAt % MINUTE),
    signals: Object.fromEntries(Object.entries(signals).map(([signal, name]) => [signal, read(name)])),
    desired: plant.rows().map(({ at, desired }): Datapoint => [at, desired]),
    tasks: tasks.map(({ startedAt, count }): Datapoint => [startedAt, count]),
    tasksFrom: 'containerInsights',
  };
}

/** CloudWatch keeps nothing finer for days. Of three datapoints in a minute each counts its tasks a third. */
function byMinute(points: readonly PlantDatapoint[]): readonly PlantDatapoint[] {
  const [first, second] = points;
  if (first === undefined || second === undefined || second.startedAt - first.startedAt >= MINUTE) return points;
  const minutes = Map.groupBy(points, ({ startedAt }) => startedAt - (startedAt % MINUTE));
  return [...minutes].map(([startedAt, parts]) => ({
    ...{ startedAt, visibleAt: startedAt + 2 * MINUTE, min: 0, max: 0 },
    sum: parts.reduce((sum, part) => sum + part.sum, 0) / 3,
    count: parts.reduce((sum, part) => sum + part.count, 0) / 3,
  }));
}

type Change = (points: readonly PlantDatapoint[]) => readonly PlantDatapoint[];

/** What CloudWatch remembers of a plant, and how it was tampered with. */
export interface Kept {
  /** Whether Container Insights was on. */
  readonly insights: boolean;
  readonly desired?: Change;
  readonly running?: Change;
  /** The number of tasks behind each datapoint of CPU; the averages stay. */
  readonly samples?: Change;
}

/** Counts as they were so many hours before. */
export function shifted(hours: number): Change {
  return (points) => {
    const byStart = new Map(points.map((point) => [point.startedAt, point]));
    return points.map((point) => {
      const other = byStart.get(point.startedAt - hours * 3_600_000) ?? point;
      return { ...point, sum: other.sum, min: other.min, max: other.max };
    });
  };
}

export function times(factor: number): Change {
  return (points) => points.map((point) => counted(point, Math.round(point.sum * factor)));
}

function counted({ startedAt, visibleAt }: { startedAt: number; visibleAt: number }, count: number): PlantDatapoint {
  return { startedAt, visibleAt, sum: count, count: 1, min: count, max: count };
}

/** The plant with other memories. Its metrics are read once, since its time stands still. */
export function remembered(plant: Plant, { insights, desired = same, running = same, samples = same }: Kept): Plant {
  const rows = plant.rows().map(({ at, ...row }) => ({ at, row }));
  const minute = (of: 'desired' | 'running', change: Change) =>
    change(rows.map(({ at, row }) => counted({ startedAt: at, visibleAt: at + 2 * MINUTE }, row[of])));
  const dimensions = { ClusterName: 'prod', ServiceName: 'checkout' };
  const counts = { namespace: 'ECS/ContainerInsights', dimensions, periodSeconds: 60 };
  const metrics = plant.metrics().map((metric) => {
    if (metric.name !== 'CPUUtilization') return metric;
    const points = metric.datapoints(0, Number.POSITIVE_INFINITY);
    const tasks = samples(points.map((point) => counted(point, point.count)));
    const all = points.map((point, i) => ({
      ...point,
      count: tasks[i]?.sum ?? 1,
      sum: (point.sum / point.count) * (tasks[i]?.sum ?? 1),
    }));
    return { ...identityOf(metric), datapoints: between(all) };
  });
  if (insights) {
    metrics.push({ ...counts, name: 'DesiredTaskCount', datapoints: between(minute('desired', desired)) });
    metrics.push({ ...counts, name: 'RunningTaskCount', datapoints: between(minute('running', running)) });
  }
  return {
    now: plant.now,
    capacityPerTask: plant.capacityPerTask,
    advanceTo: () => undefined,
    setDesiredCount: () => undefined,
    deploy: () => undefined,
    rebalance: () => undefined,
    sicken: () => undefined,
    view: () => plant.view(),
    rows: () => plant.rows(),
    totals: () => plant.totals(),
    metrics: () => metrics,
  };
}

const same: Change = (points) => points;

function identityOf({ namespace, name, dimensions, periodSeconds }: PlantMetric) {
  return { namespace, name, dimensions, periodSeconds };
}

function between(points: readonly PlantDatapoint[]): PlantMetric['datapoints'] {
  return (from, to) => points.filter(({ startedAt }) => startedAt >= from && startedAt < to);
}
