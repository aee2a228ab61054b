/** Loads by name, for those who have no trace: a few days each, seeded. Sizes are proportions; `scaleLoad` makes them real. */
import { dayWithFlashCrowd, generate, queueJobs, spliced } from './generate.ts';
import type { SampledLoad } from './load.ts';
import {
  constant,
  cronBursts,
  diurnal,
  flashCrowd,
  noise,
  onOff,
  product,
  ramp,
  type Shape,
  step,
  sum,
  weekly,
} from './shapes.ts';

export interface WorkloadOptions {
  readonly seed: number;
  readonly days: number;
}

export interface Workload {
  /** One clause for the list of names. */
  readonly about: string;
  readonly isQueue?: true;
  make(options: WorkloadOptions): SampledLoad;
}

const HOURS = 24;
const DAY = 86_400;

const everyDay =
  (shape: Shape): Shape =>
  (second) =>
    shape(second % DAY);
const rhythm = diurnal({ low: 0.25, high: 1, peakHour: 15 });
const flicker = (seed: number, sigma = 0.05) =>
  product(noise({ seed, sigma, everySeconds: 600 }), noise({ seed: seed + 7919, sigma: sigma / 2, everySeconds: 60 }));

function shaped(name: string, about: string, shapeOf: (options: WorkloadOptions) => Shape): [string, Workload] {
  const make = (options: WorkloadOptions) =>
    generate(product(shapeOf(options), flicker(options.seed)), { name, hours: options.days * HOURS });
  return [name, { about, make }];
}

export const WORKLOADS: ReadonlyMap<string, Workload> = new Map<string, Workload>([
  [
    'day',
    {
      about: 'a morning ramp, noise and a flash crowd, each day another',
      make: ({ seed, days }) => {
        const [first, ...others] = Array.from({ length: Math.ceil(days) }, (_, i) => dayWithFlashCrowd(seed + i));
        if (first === undefined) throw new RangeError('a workload has at least a day');
        return { ...spliced(first, ...others), name: 'day' };
      },
    },
  ],
  shaped('diurnal', 'a smooth rhythm of the day', () => rhythm),
  shaped('weekly', 'the same, and quiet weekends', () => product(rhythm, weekly({ weekend: 0.4 }))),
  shaped('ramp', 'from a fifth to all of it over the whole time', ({ days }) =>
    ramp({ from: 0.2, to: 1, startHour: 0, endHour: days * HOURS }),
  ),
  shaped('step', 'threefold at 10:00, back at 18:00', () =>
    everyDay(sum(step({ atHour: 10, before: 1 / 3, after: 1 }), step({ atHour: 18, before: 0, after: -2 / 3 }))),
  ),
  shaped('flash-crowd', 'a quiet rhythm and a crowd of five times as many at 14:00', () =>
    sum(
      product(constant(0.3), rhythm),
      everyDay(flashCrowd({ atHour: 14, height: 1.2, riseSeconds: 300, halfLifeSeconds: 1200 })),
    ),
  ),
  shaped('on-off', 'an hour on, an hour off', () => onOff({ on: 1, off: 0.1, onSeconds: 3600, offSeconds: 3600 })),
  shaped('noise', 'no rhythm, much noise', ({ seed }) => noise({ seed: seed + 13, sigma: 0.4, everySeconds: 900 })),
  shaped('cron', 'a rhythm, and bursts every hour and every night', () =>
    sum(
      product(constant(0.5), rhythm),
      cronBursts({ height: 0.4, everySeconds: 3600, lastsSeconds: 300 }),
      cronBursts({ height: 0.6, everySeconds: DAY, lastsSeconds: 1800, offsetSeconds: 2 * 3600 }),
    ),
  ),
  [
    'queue',
    {
      about: 'jobs in batches, with service times of their own, for queue workers',
      isQueue: true,
      make: ({ seed, days }) => {
        const jobsPerSecond = sum(
          product(constant(20), rhythm),
          cronBursts({ height: 60, everySeconds: 4 * 3600, lastsSeconds: 600 }),
        );
        const secondsPerJob = { median: 0.03, sigma: 0.7 };
        const options = { name: 'queue', hours: days * HOURS, seed, jobsPerSecond, batchSize: 5, secondsPerJob };
        return queueJobs(options).load;
      },
    },
  ],
]);
