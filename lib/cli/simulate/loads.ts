/** The loads of a run: traces from files or workloads by name, sized and changed as the options say. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { BadInput } from '../../policy/bad-input.ts';
import { noisy, scaled, spliced, warped } from '../../sim/generate.ts';
import type { SampledLoad } from '../../sim/load.ts';
import { familyOf } from '../../sim/scoring/families.ts';
import { isJson, MOST_STEPS, readTrace, scaleLoad } from '../../sim/trace.ts';
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
const DEFAULT_DAYS = 7;

/** Throws `BadInput`. */
export async function readLoads(
  options: LoadOptions & { readonly seed: number },
  subject: Subject,
): Promise<readonly NamedLoad[]> {
  const { trace = [], splice } = options;
  refuseIdle(options);
  const found = trace.length > 0 ? await traces(trace, options) : workloads(options);
  const sized = found.map((one) => ({ ...one, load: changed(one.load, options, subject) }));
  const [first, ...others] = sized;
  if (!splice || first === undefined || others.length === 0) return sized;
  const name = sized.map((one) => one.name).join(' + ');
  const load = spliced(first.load, ...others.map((one) => one.load));
  return [{ name, family: name, load: { ...load, name } }];
}

/** An option that changes nothing was meant to change something. Throws `BadInput`. */
function refuseIdle({ trace = [], workload, days, last, series, splice }: LoadOptions): void {
  const asked = workload === undefined ? [] : workload;
  if (trace.length === 0) {
    if (last !== undefined)
      throw new BadInput(`--last ${last}: there is no trace to take the end of; add --trace FILE or say --days.`);
    if (series !== undefined)
      throw new BadInput(`--series ${series}: there is no trace to take it from; add --trace FILE.`);
  } else {
    if (asked.length > 0)
      throw new BadInput(`--workload ${asked.join(',')}: a load is a trace or a workload; leave out this or --trace.`);
    if (days !== undefined)
      throw new BadInput(`--days ${days}: a trace has its own length; take its end with --last ${days}d.`);
    if (series !== undefined && !trace.some(isJson))
      throw new BadInput(
        `--series ${series}: only JSON holds several series, and no trace ends in .json; leave it out.`,
      );
  }
  const twice =
    trace.find((file, i) => trace.indexOf(file) !== i) ?? asked.find((name, i) => asked.indexOf(name) !== i);
  if (twice === undefined || splice) return;
  const option = trace.length > 0 ? '--trace' : '--workload';
  throw new BadInput(`${option} ${twice}: it is named twice; name it once, or say --splice to play it twice in a row.`);
}

interface Found {
  readonly name: string;
  readonly family: string;
  readonly load: Load;
}

async function traces(files: readonly string[], { last, series }: LoadOptions): Promise<readonly Found[]> {
  const found: Found[] = [];
  const short = files.map((file) => basename(file, extname(file)));
  for (const [index, file] of files.entries()) {
    const isAlone = short.filter((other) => other === short[index]).length === 1;
    const load = await readTrace(file, {
      ...(isAlone ? {} : { name: file }),
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

function workloads({
  workload = ['day'],
  days = DEFAULT_DAYS,
  seed,
}: LoadOptions & { readonly seed: number }): readonly Found[] {
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
  if (warp !== undefined) {
    refuseEndless(changed, warp);
    changed = warped(changed, warp);
  }
  refuseMoment(changed, warp);
  if (scale !== undefined) changed = scaled(changed, scale);
  if (noise !== undefined) changed = noisy(changed, { seed: seed + NOISE_SEED, sigma: noise });
  refuseGiant(changed, capacityPerTask);
  return changed;
}

/** Far more than AWS has room for in a service; one value in the wrong unit asks for it. */
const MOST_TASKS = 1e7;

function refuseGiant({ name, values }: SampledLoad, capacityPerTask: number): void {
  let most = 0;
  for (const rate of values) if (rate > most) most = rate;
  if (most <= MOST_TASKS * capacityPerTask) return;
  const tasks = (most / capacityPerTask).toPrecision(2);
  throw new BadInput(
    `trace ${name}: its peak asks for ${tasks} tasks; correct the value that is far above the others, or give a smaller --scale.`,
  );
}

function refuseEndless({ name, values, stepSeconds }: SampledLoad, warp: number): void {
  if (values.length / warp <= MOST_STEPS) return;
  const days = Math.round((values.length * stepSeconds) / warp / 86_400);
  throw new BadInput(`--warp ${warp}: ${name} would last ${days} days; give a larger factor.`);
}

const LEAST_SECONDS = 120;

/** Shorter loads may hold no whole minute to score, and the figures of nothing are zeros. */
function refuseMoment({ name, startsAt, endsAt }: SampledLoad, warp: number | undefined): void {
  const seconds = (endsAt - startsAt) / 1000;
  if (seconds >= LEAST_SECONDS) return;
  const mend = warp === undefined ? 'with timestamps in seconds' : 'or a smaller --warp';
  throw new BadInput(`trace ${name}: it lasts ${seconds} s; give at least ${LEAST_SECONDS} s, ${mend}.`);
}
