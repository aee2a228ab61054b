/** The load on which signals are compared: calm, three times as much from one moment to the next, calm again. */
import type { EpochMs } from '../policy/policy.ts';
import { uniformAt } from '../sim/chance.ts';
import { generate, noise } from '../sim/generate.ts';
import { type SampledLoad, sampled } from '../sim/load.ts';
import { scaleLoad } from '../sim/scale.ts';
import { stepsOf } from '../sim/scoring/steps.ts';
import { readWorkload, type WorkloadOptions } from './workload.ts';

export interface SteppedLoad {
  readonly load: SampledLoad;
  /** The moments at which it steps up. */
  readonly steps: readonly EpochMs[];
}

const CYCLES = 6;
const CYCLE_SECONDS = 50 * 60;
/** Into a cycle; where in its minute is drawn, since a metric's period and a schedule have theirs. */
const STEP_AT_SECONDS = 20 * 60;
const HIGH_SECONDS = 15 * 60;
const RISE = 3;
const STEP_SECONDS = 5;

/** The steps of a trace are those that its minutes show. Throws `BadInput`. */
export async function readSteppedLoad(options: WorkloadOptions, ratePerTask: number): Promise<SteppedLoad> {
  if (options.trace === undefined) return threefoldSteps(options);
  const load = sampled(await readWorkload(options));
  return { load, steps: stepsOf(load, ratePerTask) };
}

function threefoldSteps({ seed, tasksAtP95 }: WorkloadOptions): SteppedLoad {
  const offsets = Array.from({ length: CYCLES }, (_, cycle) => stepAt(seed, cycle));
  const flicker = noise({ seed, sigma: 0.02, everySeconds: 60 });
  const isHigh = (second: number) => offsets.some((at) => second >= at && second < at + HIGH_SECONDS);
  const hours = (CYCLES * CYCLE_SECONDS) / 3600;
  const shape = (second: number) => (isHigh(second) ? RISE : 1) * flicker(second);
  const made = generate(shape, { name: 'threefold steps', hours, stepSeconds: STEP_SECONDS });
  return { load: scaleLoad(made, { tasksAtP95 }), steps: offsets.map((second) => made.startsAt + second * 1000) };
}

/** Seconds from the beginning, on the load's own grid. */
function stepAt(seed: number, cycle: number): number {
  const inMinute = Math.floor((uniformAt(seed, 500 + cycle) * 60) / STEP_SECONDS) * STEP_SECONDS;
  return cycle * CYCLE_SECONDS + STEP_AT_SECONDS + inMinute;
}
