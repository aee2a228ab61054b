/** A plant whose datapoints are published later than they are, by so much more: how sensitive a reaction is to it. */
import type { Plant, PlantMetric } from '../../lib/sim/types.ts';

export function publishedLater(plant: Plant, extraSeconds: (periodSeconds: number) => number): Plant {
  const late = new Map<PlantMetric, PlantMetric>();
  const lateOf = (metric: PlantMetric): PlantMetric => {
    const known = late.get(metric);
    if (known !== undefined) return known;
    const extraMs = extraSeconds(metric.periodSeconds) * 1000;
    const { namespace, name, dimensions, periodSeconds } = metric;
    const made: PlantMetric = {
      ...{ namespace, name, dimensions, periodSeconds },
      datapoints: (from, to) =>
        metric
          .datapoints(from, to)
          .map((point) => ({ ...point, visibleAt: point.visibleAt + extraMs }))
          .filter(({ visibleAt }) => visibleAt <= plant.now),
    };
    late.set(metric, made);
    return made;
  };
  return new Proxy(plant, {
    get(target, property) {
      if (property === 'metrics') return () => target.metrics().map(lateOf);
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
