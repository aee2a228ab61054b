/** What a comparison takes for granted, in words, for the foot of its page. */
import { readFileSync } from 'node:fs';
import { percent } from '../../report/words.ts';
import { plantSettings } from '../../sim/plant.ts';
import type { Scenario } from '../../sim/play/scenario.ts';
import type { Slo } from '../../sim/scoring/slo.ts';
import { LAUNCH_FAILURE_SHARE, LAUNCH_SECONDS } from '../../sim/starting.ts';
import { TRAITS } from '../../sim/work.ts';
import { UTILISATION } from './loads.ts';
import type { RunOptions } from './options.ts';

export interface Manifest {
  readonly version: string;
}

export function manifest(): Manifest {
  return JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
}

/** Of the options, what is told. */
type Told = Pick<RunOptions, 'seed' | 'seeds' | 'tasksAtP95' | 'scale' | 'warp' | 'noise'>;

export function assumptionsOf(options: Told, scenario: Scenario): readonly (readonly [string, string])[] {
  const plant = plantSettings({ ...scenario.plant, seed: options.seed });
  const { median, p95 } = LAUNCH_SECONDS[plant.startClass];
  const { kind, capacityPerTask } = plant;
  const what = kind === 'queue' ? 'jobs' : 'requests';
  const seeds = options.seeds === 1 ? String(options.seed) : `${options.seed} to ${options.seed + options.seeds - 1}`;
  return [
    ['Seed', seeds],
    ['Versions', `Schmitt ${manifest().version}, Node ${process.versions.node}`],
    ['Load', loadWords(options)],
    ['A task', `${capacityPerTask} ${what} per second at 100 %, ${TRAITS[kind].servers} at once, ${kindWords(kind)}`],
    ['Late', lateWords(plant.slo, what)],
    [
      'Start of a task',
      `${plant.startClass}: median ${median} s, 95th percentile ${p95} s` +
        (plant.withLoadBalancer ? `, then the health check within ${plant.healthCheckIntervalSeconds} s` : '') +
        `; ${percent(LAUNCH_FAILURE_SHARE * 100)} of the launches fail and are tried again after a minute`,
    ],
    [
      'Stop of a task',
      plant.withLoadBalancer ? `drains for ${plant.deregistrationDelaySeconds} s and is billed meanwhile` : 'at once',
    ],
    ['Bill', 'from the image pull to the stop, at least a minute'],
    ['Metrics', 'published as CloudWatch does: 50 s after a minute has ended, 14 s after 20 s'],
    [
      'Everybody',
      `begins with ${plant.desired} tasks and keeps between ${scenario.capacity.min} and ${scenario.capacity.max}`,
    ],
    ['Oracle', 'knows the load to come, waits for its tasks as everybody, is never overloaded'],
    ...(scenario.steps.length === 0
      ? []
      : [['Reaction', `over ${scenario.steps.length} steps of the load by 30 % and more`] as const]),
  ];
}

function loadWords({ tasksAtP95, scale, warp, noise }: Told): string {
  const changes = [
    scale === undefined ? '' : `, then times ${scale}`,
    warp === undefined ? '' : `, ${warp} times as fast`,
    noise === undefined ? '' : `, with noise of ${percent(noise * 100)}`,
  ];
  return `scaled so that its 95th percentile keeps ${tasksAtP95} tasks at ${percent(UTILISATION * 100)}${changes.join('')}`;
}

function kindWords(kind: 'cpu' | 'io' | 'queue'): string {
  if (kind === 'queue') return 'pulled from one queue';
  return kind === 'io' ? 'little CPU for them' : 'CPU in proportion';
}

function lateWords(slo: Slo, what: string): string {
  if (slo.kind === 'utilisation') return `${what} that come while tasks work above ${percent(slo.most * 100)}`;
  const wait = slo.seconds < 1 ? `${Math.round(slo.seconds * 1000)} ms` : `${slo.seconds} s`;
  return `${what} that wait longer than ${wait} before anybody works on them, and those given up`;
}
