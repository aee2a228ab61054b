/** Every metric there is: those of the plants and those that were put. Found by namespace, name and the exact set of dimensions. */
import type { EpochMs } from '../../policy/policy.ts';
import type { Plant, PlantDatapoint, PlantMetric } from '../../sim/types.ts';

export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface Metric extends MetricName {
  /** Undefined: nobody said, so a query that asks for a unit gets nothing. */
  readonly unit: string | undefined;
  /** Oldest first: those that began in [from, to) and can be seen by now. */
  visible(from: EpochMs, to: EpochMs): readonly PlantDatapoint[];
}

/** Of the metrics AWS publishes; a query with another unit gets an empty answer. */
const AWS_UNITS: readonly (readonly [RegExp, string])[] = [
  [/Utilization$/, 'Percent'],
  [/^(RequestCount|RequestCountPerTarget|HTTPCode_|HealthyHostCount|UnHealthyHostCount)/, 'Count'],
  [/^TargetResponseTime$/, 'Seconds'],
];

export function keyOf({ namespace, name, dimensions }: MetricName): string {
  const pairs = Object.entries(dimensions).map(([key, value]) => `${key}=${value}`);
  return [namespace, name, ...pairs.sort()].join('\n');
}

export class Catalogue {
  readonly #plants: readonly Plant[];
  readonly #put: ReadonlyMap<string, Metric>;
  #seen: readonly PlantMetric[] = [];
  #ofPlants = new Map<string, Metric>();

  constructor(plants: readonly Plant[], put: ReadonlyMap<string, Metric>) {
    this.#plants = plants;
    this.#put = put;
  }

  find(key: string): Metric | undefined {
    return this.finder()(key);
  }

  /** For one request: what there is is looked up once, and not once a query. */
  finder(): (key: string) => Metric | undefined {
    const ofPlants = this.#plantMetrics();
    return (key) => ofPlants.get(key) ?? this.#put.get(key);
  }

  all(): readonly Metric[] {
    return [...this.#plantMetrics().values(), ...this.#put.values()];
  }

  /** Rebuilt only when a plant shows other metrics: a tick asks for the same ones a thousand times. */
  #plantMetrics(): ReadonlyMap<string, Metric> {
    const lists = this.#plants.map((plant) => plant.metrics());
    const seen = lists.flat();
    if (seen.length === this.#seen.length && seen.every((metric, i) => metric === this.#seen[i])) return this.#ofPlants;
    this.#seen = seen;
    this.#ofPlants = new Map();
    for (const [i, plant] of this.#plants.entries()) {
      for (const metric of lists[i] ?? []) this.#ofPlants.set(keyOf(metric), ofPlant(plant, metric));
    }
    return this.#ofPlants;
  }
}

function ofPlant(plant: Plant, metric: PlantMetric): Metric {
  const { namespace, name, dimensions } = metric;
  const unit = AWS_UNITS.find(([pattern]) => pattern.test(name))?.[1];
  const visible = (from: EpochMs, to: EpochMs) =>
    metric
      .datapoints(from, to)
      .filter(({ startedAt, visibleAt }) => startedAt >= from && startedAt < to && visibleAt <= plant.now);
  return { namespace, name, dimensions, unit, visible };
}
