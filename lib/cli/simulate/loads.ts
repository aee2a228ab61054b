/** The loads of a run: traces from files or workloads by name, sized and changed as the options say. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BadInput } from '../../policy/bad-input.ts';
import { noisy, scaled, spliced, warped } from '../../sim/generate.ts';
import type { SampledLoad } from '../../sim/load.ts';
import { familyOf } from '../../sim/scoring/families.ts';
import { readTrace, scaleLoad } from '../../sim/trace.ts';
import type { Load } from '../../sim/types.ts';
import { WORKLOADS } from '../../sim/workloads.ts';
import type { LoadOptions } from './options.ts';
import type { Subject } from './subject.ts';

export interface NamedLoad {
  readonly name: string;
  /** Loads of one family count as one where results are averaged. */
  readonly family: string;
  readonly load: SampledLoad;
}

/** Of the tasks that the 95th percentile keeps. */
export const UTILISATION = 0.6;
const NOISE_SEED = 4_711;

/** Throws `BadInput`. */
export async function readLoads(
  options: LoadOptions & { readonly seed: number },
  subject: Subject,
): Promise<readonly NamedLoad[]> {
  const { trace = [], splice } = options;
  if (options.last !== undefined && trace.length === 0) {
    throw new BadInput(`--last ${options.last}: there is no trace to take the end of; add --trace FILE or say --days.`);
  }
  const found = trace.length > 0 ? await traces(trace, options) : workloads(options);
  const sized = found.map((one) => ({ ...one, load: changed(one.load, options, subject) }));
  const [first, ...others] = sized;
  if (!splice || first === undefined || others.length === 0) return sized;
  const name = sized.map((one) => one.name).join(' + ');
  const load = spliced(first.load, ...others.map((one) => one.load));
  return [{ name, family: name, load: { ...load, name } }];
}

interface Found {
  readonly name: string;
  readonly family: string;
  readonly load: Load;
}

async function traces(files: readonly string[], { last, series }: LoadOptions): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const file of files) {
    const load = await readTrace(file, {
      ...(last === undefined ? {} : { last }),
      ...(series === undefined ? {} : { series }),
    });
    found.push({ name: load.name, family: (await familyBeside(file)) ?? load.name, load });
  }
  return found;
}

/** A folder of traces may hold an `index.json` that says what each is like. */
async function familyBeside(file: string): Promise<string | undefined> {
  try {
    const index: unknown = JSON.parse(await readFile(join(dirname(file), 'index.json'), 'utf8'));
    const entry = Array.isArray(index) ? index.find((one) => one?.file === basename(file)) : undefined;
    return typeof entry?.character === 'string' ? familyOf(entry.character) : undefined;
  } catch {
    // Without an index, or with one of something else, the trace is a family of its own.
    return undefined;
  }
}

function workloads({ workload = ['day'], days, seed }: LoadOptions & { readonly seed: number }): readonly Found[] {
  return workload.map((name) => {
    const known = WORKLOADS.get(name);
    if (known !== undefined) return { name, family: name, load: known.make({ seed, days }) };
    const names = [...WORKLOADS].map(([one, { about }]) => `${one} (${about})`).join(', ');
    throw new BadInput(`--workload ${name}: there is no such workload; choose among ${names}.`);
  });
}

function changed(
  load: Load,
  { tasksAtP95, scale, warp, noise, seed }: LoadOptions & { readonly seed: number },
  { capacityPerTask }: Subject,
): SampledLoad {
  let changed = scaleLoad(load, { tasksAtP95, utilisation: UTILISATION, capacityPerTask, seed });
  if (warp !== undefined) changed = warped(changed, warp);
  if (scale !== undefined) changed = scaled(changed, scale);
  if (noise !== undefined) changed = noisy(changed, { seed: seed + NOISE_SEED, sigma: noise });
  return changed;
}
