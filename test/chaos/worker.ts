/** Checks the chunks it is given, one after the other, and tells of each run that passed. */
import { parentPort } from 'node:worker_threads';
import { check } from './property.ts';
import { storyOf } from './story.ts';

export interface Chunk {
  readonly seed: number;
  readonly runs: number;
}

export type Told =
  | { readonly kind: 'progress'; readonly passed: number }
  | { readonly kind: 'done'; readonly chunk: Chunk; readonly passed: number; readonly failure?: Failure };

export interface Failure {
  readonly seed: number;
  readonly inRun: number;
  readonly violations: readonly string[];
  readonly story: readonly string[];
}

const EVERY = 100;

parentPort?.on('message', async (chunk: Chunk) => {
  let began = 0;
  const onRun = (): void => {
    began += 1;
    if (began % EVERY === 0) parentPort?.postMessage({ kind: 'progress', passed: EVERY } satisfies Told);
  };
  const { death, runs } = await check({ ...chunk, onRun });
  const told = Math.floor(began / EVERY) * EVERY;
  const passed = (death === undefined ? runs : death.inRun - 1) - told;
  if (death === undefined) {
    parentPort?.postMessage({ kind: 'done', chunk, passed } satisfies Told);
    return;
  }
  const failure: Failure = {
    seed: chunk.seed,
    inRun: death.inRun,
    violations: death.violations.map(({ invariant, sentence }) => `${invariant}: ${sentence}`),
    story: storyOf(death.run),
  };
  parentPort?.postMessage({ kind: 'done', chunk, passed, failure } satisfies Told);
});
