/** Any metric of CloudWatch: namespace, name, dimensions; any statistic, percentiles too. */
import type { SignalQuery } from '../../loop/ports.ts';
import type { SignalSource } from '../../policy/policy.ts';
import { samplesNeeded } from '../../policy/samples.ts';
import { dimensionsOf } from './metric-data-queries.ts';
import type { Planning } from './plan.ts';
import type { Recipe } from './recipe.ts';
import { settledWindow } from './window.ts';

export function planCloudWatch(
  { spec, periods }: SignalQuery,
  { namespace, metric, dimensions }: SignalSource & { kind: 'cloudwatch' },
  { now, wanted }: Planning,
): Recipe {
  const { stat, periodSeconds, scale } = spec;
  const window = settledWindow(spec, periods, now);
  const name = { namespace, metric, dimensions: dimensionsOf(dimensions) };
  const id = wanted.metric(name, stat, periodSeconds, window);
  const samples =
    samplesNeeded(spec) === undefined ? {} : { samplesId: wanted.metric(name, 'SampleCount', periodSeconds, window) };
  return { kind: 'metric', id, ...samples, ...window, periodSeconds, scale };
}
