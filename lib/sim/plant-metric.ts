/** Which of a plant's metrics a signal's source means. */
import type { SignalSource } from '../policy/policy.ts';
import type { PlantMetric } from './types.ts';

export type MetricSource = Extract<SignalSource, { kind: 'ecs' | 'alb' | 'cloudwatch' }>;

export function isPlantMetric(source: SignalSource): source is MetricSource {
  return source.kind === 'ecs' || source.kind === 'alb' || source.kind === 'cloudwatch';
}

/** Undefined: nobody reports under that name. */
export function plantMetric(metrics: readonly PlantMetric[], source: MetricSource): PlantMetric | undefined {
  switch (source.kind) {
    case 'ecs':
      return named(metrics, 'AWS/ECS', source.metric);
    case 'alb':
      return named(metrics, 'AWS/ApplicationELB', source.metric);
    case 'cloudwatch':
      return metrics
        .filter(({ namespace, name }) => namespace === source.namespace && name === source.metric)
        .find(({ dimensions }) => areSame(dimensions, source.dimensions));
  }
}

function named(metrics: readonly PlantMetric[], namespace: string, name: string): PlantMetric | undefined {
  return metrics.find((metric) => metric.namespace === namespace && metric.name === name);
}

function areSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
