/** Days of a service as CloudWatch would have kept them: a plant that AWS target tracking really scaled. */
import type { Datapoint } from '../../../lib/policy/observation.ts';
import { HISTORY_FORMAT, type History, type RecordedSignal } from '../../../lib/sim/backtest/history.ts';
import type { Scaling } from '../../../lib/sim/backtest/scaled-by.ts';
import { createTargetTracking, type TargetTrackingOptions } from '../../../lib/sim/peers/aws/target-tracking.ts';
import { drive } from '../../../lib/sim/peers/drive.ts';
import type { Peer } from '../../../lib/sim/peers/peer.ts';
import { createPlant, type PlantOptions } from '../../../lib/sim/plant.ts';
import type { Load, Plant, PlantDatapoint } from '../../../lib/sim/types.ts';

export const CAPACITY = { min: 2, max: 60 };
export const TARGET = 60;
const MINUTE = 60_000;

export const TRACKED: Scaling = {
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
  const read = (name: string): RecordedSignal => ({
    periodSeconds: 60,
    status: 'complete',
    values: points(name).map(({ startedAt, sum, count }): Datapoint => {
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
    tasks: points('CPUUtilization').map(({ startedAt, count }): Datapoint => [startedAt, count]),
    tasksFrom: 'containerInsights',
  };
}
