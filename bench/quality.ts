/**
 * Every trace of TRACES_DIR against every scaler: the last 14 days, three fleet sizes, three seeds, six settings each. Prints one table and,
 * when everything was played, writes docs/results.md. Run: `npm run bench:quality`; it goes on where it was stopped, trace by trace.
 * `-- --traces nasa_jul95,ms_mongo_app_01 --sizes 20 --seeds 1 --settings 0.6` plays a part of it and writes nothing; `--page FILE` writes
 * the page of it there.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fingerprint } from './quality/code.ts';
import { SETTINGS } from './quality/contenders.ts';
import { pageOf } from './quality/page.ts';
import { type Matrix, playTrace } from './quality/play-trace.ts';
import type { Result } from './quality/results.ts';
import { linesOf, markdown } from './quality/table.ts';
import { FOLDER, type Listed, listed } from './quality/traces.ts';

const ROOT = resolve(import.meta.dirname, '..');
const KEPT = join(ROOT, 'out/quality');
const { values: options } = parseArgs({
  options: {
    traces: { type: 'string' },
    sizes: { type: 'string' },
    seeds: { type: 'string' },
    settings: { type: 'string' },
    page: { type: 'string' },
  },
});
const numbers = (text: string | undefined, otherwise: readonly number[]) => text?.split(',').map(Number) ?? otherwise;
const matrix: Matrix = {
  sizes: numbers(options.sizes, [4, 20, 100]),
  settings: numbers(options.settings, SETTINGS),
  seeds: Array.from({ length: Number(options.seeds ?? 3) }, (_, i) => 1 + i),
};
const isWhole = Object.keys(options).length === 0;
const version: string = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;
const code = fingerprint(ROOT);
const minutes = (seconds: number) => `${(seconds / 60).toFixed(1)} min`;

/** Results of other code or of other options are not taken for these. */
function keptFile({ name }: Listed): string {
  const { sizes, settings, seeds } = matrix;
  return join(KEPT, code, `${name}-s${sizes.join('-')}-n${seeds.length}-u${settings.join('-')}.json`);
}

async function resultsOf(trace: Listed, onProgress: (part: number) => void): Promise<readonly Result[]> {
  const file = keptFile(trace);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const results = await playTrace(trace, matrix, onProgress);
  mkdirSync(join(KEPT, code), { recursive: true });
  // Under its name only when it is whole: who is stopped while writing begins this trace again.
  writeFileSync(`${file}.part`, JSON.stringify(results));
  renameSync(`${file}.part`, file);
  return results;
}

/** Says now and then how far it is, and how long the rest will take at that pace. */
function progress(traces: readonly Listed[]) {
  const left = traces.filter((trace) => !existsSync(keptFile(trace))).reduce((sum, { days }) => sum + days, 0);
  const began = performance.now();
  let saidAt = began;
  let before = 0;
  const say = (index: number, part: number, days: number) => {
    const now = performance.now();
    if (now - saidAt < 15_000) return;
    saidAt = now;
    const done = before + part * days;
    const seconds = (now - began) / 1000;
    const rest = done === 0 ? '' : `, about ${minutes((seconds / done) * (left - done))} left`;
    const name = traces[index]?.name ?? '';
    console.error(
      `${index + 1} of ${traces.length} ${name} ${Math.round(100 * part)} %, ${minutes(seconds)} so far${rest}`,
    );
  };
  return {
    say,
    ended: (index: number, days: number) => {
      saidAt = 0;
      say(index, 1, days);
      before += days;
    },
  };
}

async function main(): Promise<number> {
  const all = listed();
  if (all === undefined) {
    console.error(`There is no ${join(FOLDER, 'index.json')}; set TRACES_DIR to the folder of traces.`);
    return 2;
  }
  const wanted = options.traces?.split(',');
  const unknown = wanted?.filter((name) => !all.some((one) => one.name === name)) ?? [];
  if (unknown.length > 0) {
    console.error(`There is no trace ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}.`);
    return 2;
  }
  const traces = all.filter(({ name }) => wanted === undefined || wanted.includes(name));
  const results: Result[] = [];
  const told = progress(traces);
  for (const [index, trace] of traces.entries()) {
    const isKept = existsSync(keptFile(trace));
    results.push(...(await resultsOf(trace, (part) => told.say(index, part, trace.days))));
    if (isKept) console.error(`${index + 1} of ${traces.length} ${trace.name}: played before`);
    else told.ended(index, trace.days);
  }
  console.log(markdown(linesOf(results)));
  const date = new Date().toISOString().slice(0, 10);
  const page = options.page ?? (isWhole ? join(ROOT, 'docs/results.md') : undefined);
  const coarse = traces.filter(({ intervalSeconds }) => intervalSeconds >= 300).length;
  if (page !== undefined) writeFileSync(page, pageOf({ date, version, code, ...matrix, coarse, results }));
  return 0;
}

process.exitCode = await main();
