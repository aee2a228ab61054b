/** Any metric of CloudWatch: namespace, name, dimensions; any statistic, percentiles too. */
import type { SignalQuery } from '../../loop/ports.ts';
import type { SignalSource } from '../../policy/policy.ts';
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
  const id = wanted.metric({ namespace, metric, dimensions: dimensionsOf(dimensions), stat, periodSeconds }, window);
  return { kind: 'metric', id, ...window, periodSeconds, scale };
}
