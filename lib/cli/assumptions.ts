/** What a run takes for granted, in words, for the foot of its page. */
import { readFileSync } from 'node:fs';
import { type PlantOptions, plantSettings } from '../sim/plant.ts';
import { LAUNCH_FAILURE_SHARE, LAUNCH_SECONDS } from '../sim/starting.ts';
import type { StartOptions } from './start-options.ts';
import { UTILISATION } from './workload.ts';

const manifest: { readonly version: string } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

export function assumptionsOf(
  options: StartOptions,
  plantOptions: PlantOptions,
): readonly (readonly [string, string])[] {
  const plant = plantSettings(plantOptions);
  const { median, p95 } = LAUNCH_SECONDS[plant.startClass];
  return [
    ['Seed', String(options.seed)],
    ['Versions', `Schmitt ${manifest.version}, Node ${process.versions.node}`],
    ['Load', `scaled so that its 95th percentile keeps ${options.tasksAtP95} tasks at ${UTILISATION * 100} %`],
    ['Capacity of a task', `${plant.capacityPerTask} requests per second at 100 %`],
    [
      'Start of a task',
      `${plant.startClass}: median ${median} s, 95th percentile ${p95} s, then the health check within ${plant.healthCheckIntervalSeconds} s; ${LAUNCH_FAILURE_SHARE * 100} % of the launches fail`,
    ],
    ['Stop of a task', `drains for ${plant.deregistrationDelaySeconds} s and is billed meanwhile`],
    ['Metrics', `one datapoint every ${plant.metricPeriodSeconds} s, published late as CloudWatch does`],
    ['At the beginning', `${plant.desired} tasks in service`],
    ['Oracle', 'knows the load to come, waits for its tasks as everybody, is never overloaded'],
  ];
}
