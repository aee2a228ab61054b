/** The picture of two signals in a terminal, of runs made by hand. */
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import { differencePicture } from '../../lib/cli/difference-picture.ts';
import { readPolicy } from '../../lib/cli/policy-file.ts';
import { comparisonOf, type Difference, type Side } from '../../lib/cli/signal-difference-page.ts';
import { sampledLoad } from '../../lib/sim/load.ts';
import { Recorder } from '../../lib/sim/play/recorder.ts';
import { scenarioOf } from '../../lib/sim/play/scenario.ts';

const START = Date.UTC(2026, 0, 5);
const MINUTE = 60_000;
const load = sampledLoad('a step', START, 60, Float64Array.from([100, 100, 400, 400]));
const scenario = { ...scenarioOf({ load, capacity: { min: 2, max: 20 } }), steps: [START + 2 * MINUTE] };

/** Four minutes, with so many tasks in service in each. */
async function side(name: string, tasks: readonly number[], answered: readonly (number | null)[]): Promise<Side> {
  const recorder = new Recorder(scenario, { picturePoints: 100 });
  for (const [minute, inService] of tasks.entries()) {
    const rate = minute < 2 ? 100 : 400;
    recorder.row({
      ...{ at: START + minute * MINUTE, load: rate, desired: inService, running: inService, inService, cpu: 50 },
      requests: rate * 60,
      requestsAboveCapacity: Math.max(0, rate - inService * 100) * 60,
      billedTaskSeconds: inService * 60,
    });
  }
  const policy = await readPolicy('examples/signals/cpu60.yaml', undefined);
  return { name, policy, ticks: 4, recorded: recorder.finish([]), answered };
}

async function difference(slow: readonly (number | null)[], fast: readonly (number | null)[]): Promise<Difference> {
  const sides = [await side('cpu60', [2, 2, 2, 8], slow), await side('sqs', [2, 2, 8, 8], fast)];
  const steps = scenario.steps.slice(0, slow.length);
  return { signal: 'sqs', scenario: { ...scenario, steps }, sides, seed: 1, tasksAtP95: 20, page: 'signals.html' };
}

const linesOf = (picture: string) => stripVTControlCharacters(picture).split('\n');

test('the load and the tasks over time, where it was too much, and how long each took to answer', async () => {
  expect(linesOf(differencePicture(await difference([120], [30]))).slice(0, 10)).toEqual([
    'Load and tasks in service, up to 8; ▲ where requests came above their capacity',
    'load   ▂▂██',
    'cpu60  ▂▂▂█',
    '         ▲ ',
    'sqs    ▂▂██',
    '           ',
    '',
    'From the step of the load to the change that answered it, in seconds',
    `cpu60  ${'█'.repeat(48)} 120`,
    `sqs    ${'█'.repeat(12)} 30`,
  ]);
});

test('a step that nobody answered has no bar, and no number', async () => {
  const told = await difference([null], [30]);
  expect(linesOf(differencePicture(told))).toContain('cpu60  not answered before the next');
  expect(comparisonOf(told).scenes[0]?.lead).toContain('cpu60 answered none of them, and');
  expect(comparisonOf(told).scenes[0]?.entries[0]?.cells[0]).toEqual({ value: '–' });
});

test('a load without a step says so', async () => {
  const told = await difference([], []);
  expect(linesOf(differencePicture(told))).toContain('The load has no step by which reactions could be told.');
  expect(comparisonOf(told).scenes[0]?.lead).toBe(
    'Over 4 minutes the load has no step, so nothing can be said of reactions.',
  );
});
