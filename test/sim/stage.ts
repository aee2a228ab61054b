/** What the stories of the plant are told with: loads in tasks, and a clock in seconds since the beginning. */
import { constant, generate, type Shape } from '../../lib/sim/generate.ts';
import { createPlant, type PlantOptions } from '../../lib/sim/plant.ts';
import type { Plant, PlantDatapoint } from '../../lib/sim/types.ts';

export const START = Date.UTC(2026, 0, 5);
export const CAPACITY = 100;

/** `tasksWorth`: how many tasks the load keeps busy at 100 %. */
export function loadOf(tasksWorth: number | Shape, hours = 3) {
  const shape = typeof tasksWorth === 'number' ? constant(tasksWorth) : tasksWorth;
  return generate((second) => shape(second) * CAPACITY, { name: 'story', hours, startsAt: START });
}

export interface Stage {
  readonly plant: Plant;
  /** Lets time pass until so many seconds after the beginning. */
  at(second: number): Plant;
  /** Every visible datapoint of a metric. */
  points(metric: string): readonly PlantDatapoint[];
  /** The newest visible average. */
  average(metric: string): number | undefined;
}

export function stage(tasksWorth: number | Shape, options: Partial<PlantOptions> = {}): Stage {
  const plant = createPlant({ load: loadOf(tasksWorth), seed: 1, capacityPerTask: CAPACITY, ...options });
  const points = (metric: string) =>
    plant
      .metrics()
      .find((series) => series.name === metric)
      ?.datapoints(0, Number.POSITIVE_INFINITY) ?? [];
  return {
    plant,
    points,
    at(second) {
      plant.advanceTo(START + second * 1000);
      return plant;
    },
    average(metric) {
      const newest = points(metric).at(-1);
      return newest && newest.sum / newest.count;
    },
  };
}

/** Task-seconds on the bill so far. */
export function billed(plant: Plant): number {
  return plant.totals().billedTaskSeconds;
}
