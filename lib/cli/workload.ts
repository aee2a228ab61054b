/** The load of a run: a trace from a file or the seeded day, scaled to a number of tasks. */
import { dayWithFlashCrowd } from '../sim/generate.ts';
import { readTrace, scaleLoad } from '../sim/trace.ts';
import type { Load } from '../sim/types.ts';
import type { StartOptions } from './start-options.ts';

/** Requests per second of one task; only its ratio to the scaled load matters. */
export const CAPACITY_PER_TASK = 100;
/** At the trace's 95th percentile. */
export const UTILISATION = 0.6;

export type WorkloadOptions = Pick<StartOptions, 'trace' | 'last' | 'seed' | 'tasksAtP95'>;

/** Throws `BadInput`. */
export async function readWorkload(options: WorkloadOptions): Promise<Load> {
  const { trace, last, seed, tasksAtP95 } = options;
  const load =
    trace === undefined ? dayWithFlashCrowd(seed) : await readTrace(trace, last === undefined ? {} : { last });
  return scaleLoad(load, { tasksAtP95, utilisation: UTILISATION, capacityPerTask: CAPACITY_PER_TASK });
}
