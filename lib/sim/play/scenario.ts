/** One service under one load: everything a run has in common for whoever scales it. Plain data, so that it crosses threads. */
import type { EpochMs, ServiceName } from '../../policy/policy.ts';
import { type SampledLoad, sampled, sampledLoad } from '../load.ts';
import { type OraclePlan, planOracle } from '../oracle.ts';
import type { Capacity } from '../peers/peer.ts';
import type { LaunchType, PlantKind, PlantOptions } from '../plant.ts';
import { defaultSlo, Lateness, type Slo } from '../scoring/slo.ts';
import { stepsOf } from '../scoring/steps.ts';
import type { StartClass } from '../starting.ts';
import type { Load } from '../types.ts';

export interface ScenarioOptions {
  readonly load: Load;
  /** Inclusive; kept by everybody, and by the oracle its lower one. */
  readonly capacity: Capacity;
  readonly kind?: PlantKind;
  /** Default `{ cluster: 'prod', service: 'checkout' }`. */
  readonly service?: ServiceName;
  /** Of a queue worker. Default `SERVICE-jobs`. */
  readonly queue?: string;
  /** Requests (or jobs) per second one task serves at 100 %. Default 100. */
  readonly capacityPerTask?: number;
  readonly startClass?: StartClass;
  readonly launchType?: LaunchType;
  readonly slo?: Slo;
  /** The first moment that is scored; until then everybody may learn. Default: the beginning of the load. */
  readonly scoredFrom?: EpochMs;
  /** A rolling deployment begins at each of these moments, in the order of time. */
  readonly deployments?: readonly EpochMs[];
}

export interface Scenario {
  readonly plant: Pick<PlantOptions, 'kind' | 'name' | 'queue' | 'startClass' | 'launchType'> & {
    readonly load: SampledLoad;
    readonly capacityPerTask: number;
    readonly desired: number;
    readonly slo: Slo;
  };
  readonly capacity: Capacity;
  readonly scoredFrom: EpochMs;
  readonly deployments: readonly EpochMs[];
  /** Requests per second that one task serves in time. */
  readonly ratePerTaskInTime: number;
  /** First minutes of the steps of the load that are scored. */
  readonly steps: readonly EpochMs[];
  /** What the oracle pays from `scoredFrom` on. */
  readonly oracleTaskSeconds: number;
}

/** Everybody begins with as many tasks as carry the first load at this share of their capacity. */
const FIRST_UTILISATION = 0.6;

/** Works out once what every run of the scenario needs. */
export function scenarioOf(options: ScenarioOptions): Scenario {
  const { kind = 'cpu', capacityPerTask = 100, capacity, deployments = [] } = options;
  const load = sampled(options.load);
  const scoredFrom = options.scoredFrom ?? load.startsAt;
  const { service: name, queue, startClass = 'fast', launchType = 'FARGATE' } = options;
  const slo = options.slo ?? defaultSlo(kind, capacityPerTask);
  const ratePerTaskInTime = capacityPerTask * new Lateness(slo, kind, capacityPerTask).utilisation;
  const first = Math.ceil((load.rateAt(load.startsAt) ?? 0) / (capacityPerTask * FIRST_UTILISATION));
  const plant = {
    kind,
    load,
    capacityPerTask,
    startClass,
    launchType,
    slo,
    desired: Math.min(Math.max(first, capacity.min), capacity.max),
    ...(name === undefined ? {} : { name }),
    ...(queue === undefined ? {} : { queue }),
  };
  return {
    plant,
    capacity,
    scoredFrom,
    deployments,
    ratePerTaskInTime,
    steps: stepsOf(load, ratePerTaskInTime).filter((at) => at >= scoredFrom),
    oracleTaskSeconds: oraclePlan({ plant, capacity, scoredFrom }).billedTaskSeconds,
  };
}

/** The cheapest plan without overload from `scoredFrom` on; with `ratePerTask` the cheapest that asks no more than that of a task. */
export function oraclePlan(
  { plant, capacity, scoredFrom }: Pick<Scenario, 'plant' | 'capacity' | 'scoredFrom'>,
  ratePerTask: number = plant.capacityPerTask,
): OraclePlan {
  const load = from(plant.load, scoredFrom);
  return planOracle({ ...plant, load, capacityPerTask: ratePerTask, minTasks: capacity.min });
}

/** The load from a moment on. */
export function from(load: SampledLoad, at: EpochMs): SampledLoad {
  const steps = Math.max(0, Math.floor((at - load.startsAt) / (load.stepSeconds * 1000)));
  const startsAt = load.startsAt + steps * load.stepSeconds * 1000;
  return sampledLoad(load.name, startsAt, load.stepSeconds, load.values.subarray(steps));
}
