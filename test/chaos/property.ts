/** The one property: whatever happens, every invariant holds. And how its runs are made, counted and told. */
import fc from 'fast-check';
import { type Violation, violationsOf } from './invariants/index.ts';
import { type Scenario, scenarios } from './scenario.ts';
import { type Breaks, type Run, run } from './scheduler.ts';

export interface Checked {
  readonly runs: number;
  readonly seed: number;
  /** The first run that failed, made as small as it gets. */
  readonly death?: Death;
}

export interface Death {
  /** Of the runs of this seed the first that failed. */
  readonly inRun: number;
  readonly scenario: Scenario;
  readonly run: Run;
  readonly violations: readonly Violation[];
}

export interface Asked {
  readonly runs: number;
  readonly seed: number;
  readonly breaks?: Breaks;
  /** Only violations that this lets pass count. */
  readonly counts?: (violation: Violation) => boolean;
  readonly onRun?: () => void;
  /** False: the run that failed is told as it was. Default true. */
  readonly makesSmall?: boolean;
}

/** To make a failing run smaller: what takes longer gains little. */
const MOST_TRIES = 1_000;

export async function check({
  runs,
  seed,
  breaks,
  counts = () => true,
  onRun,
  makesSmall = true,
}: Asked): Promise<Checked> {
  let tries = 0;
  const holds = async (scenario: Scenario): Promise<boolean> => {
    if (tries > MOST_TRIES) return true;
    if (tries === 0) onRun?.();
    const fails = violationsOf(await run(scenario, breaks)).some(counts);
    if (fails || tries > 0) tries += 1;
    return !fails;
  };
  const details = await fc.check(fc.asyncProperty(scenarios, holds), {
    numRuns: runs,
    seed,
    endOnFailure: !makesSmall,
  });
  if (!details.failed) return { runs: details.numRuns, seed };
  const scenario = details.counterexample?.[0];
  if (scenario === undefined)
    throw new Error(`seed ${seed}: ${details.errorInstance}`, { cause: details.errorInstance });
  const last = await run(scenario, breaks);
  const violations = violationsOf(last).filter(counts);
  return { runs: details.numRuns, seed, death: { inRun: details.numRuns, scenario, run: last, violations } };
}
