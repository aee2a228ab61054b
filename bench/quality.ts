/**
 * Every trace of TRACES_DIR against every scaler: the last 14 days, three fleet sizes, three seeds, six settings each. Prints one table and,
 * when everything was played, writes docs/results.md. Run: `npm run bench:quality`; it goes on where it was stopped, trace by trace.
 * `-- --traces nasa_jul95,ms_mongo_app_01 --sizes 20 --seeds 1 --settings 0.6` plays a part of it and writes nothing.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Job, playAll } from '../lib/sim/play/farm.ts';
import type { RunScores } from '../lib/sim/play/recorder.ts';
import { from, type Scenario, scenarioOf } from '../lib/sim/play/scenario.ts';
import { type Entrant, entrantsFor, SETTINGS } from './quality/contenders.ts';
import { linesOf, markdown, type Result } from './quality/table.ts';
import { FOLDER, type Listed, listed, scenarioFor } from './quality/traces.ts';

const ROOT = resolve(import.meta.dirname, '..');
const KEPT = join(ROOT, 'out/quality');
const FIRST_SEED = 1;
const { values: options } = parseArgs({
  options: {
    traces: { type: 'string' },
    sizes: { type: 'string' },
    seeds: { type: 'string' },
    settings: { type: 'string' },
  },
});
const numbers = (text: string | undefined, otherwise: readonly number[]) => text?.split(',').map(Number) ?? otherwise;
const sizes = numbers(options.sizes, [4, 20, 100]);
const settings = numbers(options.settings, SETTINGS);
const seeds = Number(options.seeds ?? 3);
const isWhole = Object.keys(options).length === 0;
const version: string = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;

/** Who learns needs the week before; the others need an hour to settle, and are not played for longer. */
const LEARNS = 'aws-predictive';
const SETTLING_MS = 3_600_000;

function shortened(scenario: Scenario): Scenario {
  const { plant, scoredFrom, capacity } = scenario;
  const load = from(plant.load, Math.max(plant.load.startsAt, scoredFrom - SETTLING_MS));
  return scenarioOf({ load, capacity, capacityPerTask: plant.capacityPerTask, scoredFrom });
}

async function playTrace(trace: Listed): Promise<readonly Result[]> {
  const plays: { readonly size: number; readonly entrant: Entrant; readonly jobs: readonly Job[] }[] = [];
  for (const size of sizes) {
    const whole = await scenarioFor(trace, size);
    const short = shortened(whole);
    for (const entrant of entrantsFor(whole.capacity, settings)) {
      const scenario = entrant.group === LEARNS ? whole : short;
      const count = entrant.contender.kind === 'oracle' ? 1 : seeds;
      const seeded = Array.from({ length: count }, (_, i) => ({
        scenario,
        contender: entrant.contender,
        options: { seed: FIRST_SEED + i },
      }));
      plays.push({ size, entrant, jobs: seeded });
    }
  }
  const jobs = plays.flatMap((one) => one.jobs);
  const runs = await playAll(jobs);
  let next = 0;
  return plays.map(({ size, entrant, jobs: own }) => {
    const scores = own.map(() => runs[next++]?.scores).filter((one) => one !== undefined);
    return resultOf(trace, size, entrant, scores);
  });
}

function resultOf(
  { name, family }: Listed,
  size: number,
  { group, setting }: Entrant,
  scores: readonly RunScores[],
): Result {
  const mean = (of: (one: RunScores) => number | null) => {
    const known = scores.map(of).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  return {
    trace: name,
    family,
    size,
    group,
    ...(setting === undefined ? {} : { setting }),
    overloadedPct: mean((one) => one.overloadedPct) ?? 0,
    overSloPct: mean((one) => one.overSloPct) ?? 0,
    costRatio: mean((one) => one.costRatio),
    changesPerDay: mean((one) => one.changesPerDay) ?? 0,
    reversalsPerDay: mean((one) => one.reversalsPerDay) ?? 0,
    reactionSecondsP50: mean((one) => one.reactionSecondsP50),
    reactionSecondsP95: mean((one) => one.reactionSecondsP95),
  };
}

/** Results of another version or of other options are not taken for these. */
function keptFile({ name }: Listed): string {
  const key = createHash('sha256')
    .update(JSON.stringify([version, sizes, settings, seeds, FIRST_SEED]))
    .digest('hex')
    .slice(0, 12);
  return join(KEPT, `${name}-${key}.json`);
}

async function resultsOf(trace: Listed): Promise<readonly Result[]> {
  const file = keptFile(trace);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const results = await playTrace(trace);
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(file, JSON.stringify(results));
  return results;
}

function page(table: string, traces: number): string {
  const date = new Date().toISOString().slice(0, 10);
  return [
    '# Results',
    '',
    `Written by \`npm run bench:quality\` on ${date}: Schmitt ${version}, Node ${process.versions.node}, seeds ${FIRST_SEED} to ${FIRST_SEED + seeds - 1}.`,
    `${traces} traces, their last 14 days after a week of warming up, at ${sizes.join(', ')} tasks at the 95th percentile. Means over families of workloads, which count alike.`,
    'The figures are those at a setting of 60 %; the last two columns read the front of all settings where scalers cost the same and are overloaded the same.',
    '',
    table,
    '',
  ].join('\n');
}

async function main(): Promise<number> {
  const all = listed();
  if (all === undefined) {
    console.error(`There is no ${join(FOLDER, 'index.json')}; set TRACES_DIR to the folder of traces.`);
    return 2;
  }
  const wanted = options.traces?.split(',');
  const traces = all.filter(({ name }) => wanted === undefined || wanted.includes(name));
  const results: Result[] = [];
  const began = performance.now();
  for (const [index, trace] of traces.entries()) {
    results.push(...(await resultsOf(trace)));
    const seconds = (performance.now() - began) / 1000;
    const left = (seconds / (index + 1)) * (traces.length - index - 1);
    console.error(
      `${index + 1} of ${traces.length}: ${trace.name}, ${Math.round(seconds)} s, ${Math.round(left / 60)} min left`,
    );
  }
  const table = markdown(linesOf(results));
  console.log(table);
  if (isWhole) writeFileSync(join(ROOT, 'docs/results.md'), page(table, traces.length));
  return 0;
}

process.exitCode = await main();
