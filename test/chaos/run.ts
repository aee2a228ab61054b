/**
 * `npm run chaos -- [--runs N] [--seed S]`: two threads check generated runs and say how many passed.
 * `--mutants`: breaks the loop on purpose, one way after the other, and shows the run in which each was found out; `--page FILE` writes it.
 */
import { writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { SingleBar } from 'cli-progress';
import { BadInput } from '../../lib/policy/bad-input.ts';
import { huntAll, reportOf } from './hunt.ts';
import { type Options, optionsFrom } from './options.ts';
import { pageOf } from './page.ts';
import type { Chunk, Failure, Told } from './worker.ts';

const THREADS = 2;
/** Each has a seed of its own, one above the last: a chunk that failed is run again alone with its seed. */
const RUNS_A_CHUNK = 1_000;

function chunksOf({ runs, seed }: Options): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at < runs; at += RUNS_A_CHUNK)
    chunks.push({ seed: seed + chunks.length, runs: Math.min(RUNS_A_CHUNK, runs - at) });
  return chunks;
}

interface Counted {
  passed: number;
  readonly failures: Failure[];
}

async function checkAll(options: Options): Promise<Counted> {
  const counted: Counted = { passed: 0, failures: [] };
  const waiting = chunksOf(options);
  const bar = new SingleBar({
    format: '{bar} {percentage} % | {value} of {total} runs | {failed} failed | {eta_formatted} left',
    noTTYOutput: true,
    notTTYSchedule: 10_000,
  });
  bar.start(options.runs, 0, { failed: 0 });
  const threads = Array.from({ length: Math.min(THREADS, waiting.length) }, () =>
    inThread(waiting, (told) => {
      counted.passed += told.passed;
      if (told.kind === 'done' && told.failure !== undefined) counted.failures.push(told.failure);
      bar.update(counted.passed + counted.failures.length, { failed: counted.failures.length });
    }),
  );
  await Promise.all(threads);
  bar.stop();
  return counted;
}

function inThread(waiting: Chunk[], tell: (told: Told) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    const next = (): void => {
      const chunk = waiting.shift();
      if (chunk === undefined) void worker.terminate().then(() => resolve());
      else worker.postMessage(chunk);
    };
    worker.on('error', reject);
    worker.on('message', (told: Told) => {
      tell(told);
      if (told.kind === 'done') next();
    });
    next();
  });
}

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function main(): Promise<number> {
  const options = optionsFrom(process.argv.slice(2), Date.now());
  if (options.mutants) {
    const hunted = await huntAll();
    if (options.page !== undefined) writeFileSync(options.page, pageOf(hunted));
    print(
      ...hunted.flatMap(reportOf),
      `${hunted.filter(({ death }) => death !== undefined).length} of ${hunted.length} mutants found out`,
    );
    return hunted.every(({ death }) => death !== undefined) ? 0 : 1;
  }
  print(`seed ${options.seed}`);
  const { passed, failures } = await checkAll(options);
  for (const { seed, inRun, violations, story } of failures)
    print(`\nrun ${inRun} of --seed ${seed} --runs ${RUNS_A_CHUNK}, made small:`, ...story, ...violations);
  print(`${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (fault) {
  if (!(fault instanceof BadInput)) throw fault;
  process.stderr.write(`${fault.message}\n`);
  process.exitCode = 2;
}
