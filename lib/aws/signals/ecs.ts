/** CPU and memory of a service, as ECS sends them to CloudWatch: an average over its tasks, and how many tasks made it. */
import type { SignalQuery } from '../../loop/ports.ts';
import type { SignalSource } from '../../policy/policy.ts';
import { samplesNeeded } from '../../policy/samples.ts';
import type { Planning } from './plan.ts';
import type { Recipe } from './recipe.ts';
import { settledWindow } from './window.ts';

/**
 * A metric has one sample a task for each of its own datapoints, so SampleCount is a number of tasks only at the metric's own resolution:
 * over a minute of a 20-second metric it would be three times as many. Whether a service has 60 or 20 seconds its description does not
 * say, so the finer one is asked for: of a 60-second metric that shows its one datapoint a minute, and the mean of the counts within a
 * period is the number of tasks either way.
 */
const FINEST_SECONDS = 20;
const NAMESPACE = 'AWS/ECS';

export function planEcs(query: SignalQuery, source: SignalSource & { kind: 'ecs' }, planning: Planning): Recipe {
  const { cluster, service, spec, periods } = query;
  const { stat, periodSeconds, scale } = spec;
  const dimensions = [
    { name: 'ClusterName', value: cluster },
    { name: 'ServiceName', value: service },
  ];
  const { metric } = source;
  const { wanted, now } = planning;
  const window = settledWindow(spec, periods, now);
  const { start, end } = window;
  const name = { namespace: NAMESPACE, metric, dimensions };
  const ask = (statistic: string, seconds: number): string => wanted.metric(name, statistic, seconds, window);
  const id = ask(stat, periodSeconds);
  const samples = samplesNeeded(spec) === undefined ? {} : { samplesId: ask('SampleCount', periodSeconds) };
  if (!spec.averagedOverTasks) return { kind: 'metric', id, ...samples, start, end, periodSeconds, scale };
  const finest = Math.min(periodSeconds, FINEST_SECONDS);
  const tasksId = ask('SampleCount', finest);
  return { kind: 'metric', id, tasksId, ...samples, start, end, periodSeconds, scale };
}
