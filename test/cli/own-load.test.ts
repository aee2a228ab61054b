/** The load of a service as a trace: busy tasks, minute by minute. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ownLoad } from '../../lib/cli/backtest/own-load.ts';
import type { Datapoint } from '../../lib/policy/observation.ts';
import { HISTORY_FORMAT, type History, MINUTE_MS } from '../../lib/sim/backtest/history.ts';
import { MODEL_SIGNALS } from '../../lib/sim/backtest/model-signals.ts';
import { readTrace, scaleLoad } from '../../lib/sim/trace.ts';

const FROM = Date.UTC(2026, 10, 2);

/** Of so many minutes: the datapoints of the CPU, and four tasks throughout. */
function aHistory(minutes: number, cpu: readonly Datapoint[]): History {
  const tasks = Array.from({ length: minutes }, (_, minute): Datapoint => [FROM + minute * MINUTE_MS, 4]);
  const signal = { periodSeconds: 60, status: 'complete', values: cpu } as const;
  const [v, to] = [HISTORY_FORMAT, FROM + minutes * MINUTE_MS] as const;
  const signals = { [MODEL_SIGNALS.cpu]: signal };
  return { v, cluster: 'prod', service: 'checkout', from: FROM, to, signals, tasks, tasksFrom: 'containerInsights' };
}

const at = (minute: number) => FROM + minute * MINUTE_MS;

test('utilisation times the tasks of the same datapoint, else those that ran; nobody knows is no row', () => {
  const { csv } = ownLoad(
    aHistory(4, [
      [at(0), 50, 6],
      [at(1), 50],
      [at(3), 0, 4],
      [at(9), 50, 4],
    ]),
  );
  const second = FROM / 1000;
  expect(csv).toBe(`timestamp_s,value\n${second},3\n${second + 60},2\n${second + 180},0\n`);
});

test('what is printed gives the trace its real size again', async () => {
  const cpu = Array.from({ length: 600 }, (_, minute): Datapoint => [at(minute), 20 + (minute % 60), 4]);
  const { csv, tasksAtP95 } = ownLoad(aHistory(600, cpu));
  const folder = await mkdtemp(join(tmpdir(), 'load-'));
  await writeFile(join(folder, 'load.csv'), csv);
  const trace = await readTrace(join(folder, 'load.csv'));
  const load = scaleLoad(trace, { tasksAtP95: tasksAtP95 ?? Number.NaN, capacityPerTask: 100 });
  for (const minute of [0, 17, 59, 599]) {
    expect(load.rateAt(at(minute))).toBeCloseTo(((20 + (minute % 60)) / 100) * 4 * 100, 0);
  }
  await rm(folder, { recursive: true });
});

test('where no load is known there is no size', () => {
  expect(ownLoad(aHistory(10, []))).toEqual({ csv: 'timestamp_s,value\n', tasksAtP95: null });
  expect(ownLoad(aHistory(2, [[at(0), 0, 4]])).tasksAtP95).toBeNull();
});
