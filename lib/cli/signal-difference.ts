/**
 * `npm start -- --signal NAME`: the same load once on CPU at 60 seconds and once on the named signal, and how soon each answered its
 * steps. Prints nothing; whoever watches is told.
 */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { renderComparisonPage } from '../report/comparison/page.ts';
import { createPlant } from '../sim/plant.ts';
import { metricPeriodOf } from '../sim/play/play.ts';
import { Recorder } from '../sim/play/recorder.ts';
import { type Scenario, scenarioOf } from '../sim/play/scenario.ts';
import { answeredAfter } from './answered-after.ts';
import { playOnCloud, type Watcher } from './local-run.ts';
import { checkOutFolder } from './out-folder.ts';
import { readPolicy } from './policy-file.ts';
import { comparisonOf, type Difference, type Side } from './signal-difference-page.ts';
import type { SignalName, StartOptions } from './start-options.ts';
import { readSteppedLoad } from './stepped-load.ts';
import { CAPACITY_PER_TASK, UTILISATION } from './workload.ts';

const SLOW = 'cpu60';
const PAGE = 'signals.html';
/** More points of a line than a screen has pixels. */
const PICTURE_POINTS = 4_000;

/** Throws `BadInput` before anything is written; throws the abort's reason when the runs are given up. */
export async function playDifference(
  options: StartOptions & { readonly signal: SignalName },
  watcher: Watcher,
  abort: AbortSignal,
): Promise<Difference> {
  const { signal, seed, tasksAtP95 } = options;
  const { load, steps } = await readSteppedLoad(options, CAPACITY_PER_TASK * UTILISATION);
  await checkOutFolder(options.out);
  const kind = signal === 'sqs' ? 'queue' : 'cpu';
  const { policy } = await readPolicy(fileOf(SLOW), undefined);
  const { cluster, service, capacity } = policy;
  const scene = { load, capacity, kind, service: { cluster, service }, capacityPerTask: CAPACITY_PER_TASK } as const;
  const scenario = { ...scenarioOf(scene), steps };
  const sides: Side[] = [];
  for (const name of [SLOW, signal]) sides.push(await playSide(name, scenario, options, watcher, abort));
  const page = join(resolve(options.out), PAGE);
  const difference: Difference = { signal, scenario, sides, seed, tasksAtP95, page };
  await writeFile(page, renderComparisonPage(comparisonOf(difference)));
  return difference;
}

async function playSide(
  name: string,
  scenario: Scenario,
  options: StartOptions,
  watcher: Watcher,
  abort: AbortSignal,
): Promise<Side> {
  const policy = await readPolicy(fileOf(name), undefined);
  const recorder = new Recorder(scenario, { picturePoints: PICTURE_POINTS });
  const { load } = scenario.plant;
  const { seed } = options;
  const metricPeriodSeconds = metricPeriodOf(policy.policy);
  const plant = createPlant({ ...scenario.plant, seed, metricPeriodSeconds, watcher: recorder, keepRows: false });
  const noted: Watcher = {
    begun: (...told) => watcher.begun(...told),
    ticked(tick) {
      for (const entry of tick.entries) recorder.note(entry);
      watcher.ticked(tick);
    },
  };
  const files = { log: `${name}.log`, page: PAGE };
  const { ticks, decisions } = await playOnCloud({ ...options, ...files }, { load, policy, plant }, noted, abort);
  const changes = decisions.filter(({ outcome }) => outcome === 'changed');
  const answered = answeredAfter(scenario.steps, changes);
  return { name, policy, ticks, recorded: recorder.finish(changes), answered };
}

function fileOf(name: string): string {
  return join('examples/signals', `${name}.yaml`);
}
