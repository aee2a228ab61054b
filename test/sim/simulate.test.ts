/** The real tick over the plant: what it can know, when its changes land, and that it never sees what has not happened. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { memoryStore } from '../../lib/loop/memory-store.ts';
import type { LedgerEntry, Store } from '../../lib/loop/ports.ts';
import type { SignalSpec } from '../../lib/policy/policy.ts';
import { dayWithFlashCrowd, step } from '../../lib/sim/generate.ts';
import { sampledLoad } from '../../lib/sim/load.ts';
import { createPlant } from '../../lib/sim/plant.ts';
import { plantServices, plantsOf } from '../../lib/sim/plant-ports.ts';
import { plantSignals } from '../../lib/sim/plant-signals.ts';
import { type SimulateOptions, simulate } from '../../lib/sim/simulate.ts';
import { statisticCalled } from '../../lib/sim/statistics.ts';
import type { Load } from '../../lib/sim/types.ts';
import { valueStore } from '../../lib/sim/value-store.ts';
import { checkoutPolicies } from '../support/policy-texts.ts';
import { loadOf, START, stage } from './stage.ts';

const policies = (...fields: readonly string[]) => checkoutPolicies('capacity: { min: 2, max: 60 }', ...fields);

const TRACKING = policies('targets: [{ signal: cpu, perTask: 60 }]');
const live = () => new AbortController().signal;

/** A run with everything its ticks said. */
async function told(options: SimulateOptions) {
  const entries: LedgerEntry[] = [];
  return { ...(await simulate({ ...options, onEntry: (entry) => entries.push(entry) })), entries };
}

describe('a step of the load', () => {
  test('is seen when its minute is published, answered once, and served when the tasks have started', async () => {
    const load = loadOf(step({ atHour: 1, before: 3, after: 9 }), 2);
    const plant = createPlant({ load, seed: 1, desired: 5 });
    const { rows, changes, entries } = await told({ policies: TRACKING, plant, endsAt: load.endsAt });
    const [first] = changes;
    // The minute after the step ends at 61:00, is published at 61:50, and the next tick is at 62:03.
    expect((first?.at ?? 0) - START).toBe(62 * 60_000 + 3000);
    expect(first?.from).toBe(5);
    expect(first?.to).toBeGreaterThan(7);
    const minuteOf = (row: { at: number }) => (row.at - START) / 60_000;
    const overloaded = rows.filter((row) => row.requestsAboveCapacity > 0).map(minuteOf);
    expect(overloaded.slice(0, 3)).toEqual([60, 61, 62]);
    expect(overloaded.at(-1)).toBeLessThan(70);
    expect(rows.at(-1)?.inService).toBeGreaterThanOrEqual(15);
    expect(entries).toHaveLength(120);
    expect(entries.find(({ outcome }) => outcome === 'changed')?.sentence).toContain('cpu');
  });

  test('the p95 of a quiet service is of too few requests to act on', async () => {
    const set = policies(
      'signals: { p95: { alb: TargetResponseTime, stat: p95 } }',
      "scaleOut: [{ name: slow, when: 'p95 > 1', add: 1, trueFor: 1 of 1 }]",
    );
    const load = sampledLoad(
      'quiet',
      START,
      60,
      Float64Array.from({ length: 30 }, (_, minute) => (minute < 15 ? 2 : 9)),
    );
    const plant = createPlant({ load, seed: 1, desired: 2 });
    const { entries } = await told({ policies: set, plant, endsAt: load.endsAt });
    expect(entries[10]?.sentence).toMatch(/^hold 2: slow abstains \(p95 unknown: 1\d\d samples, and p95 needs 200\)$/);
    expect(entries.find(({ outcome }) => outcome === 'changed')?.sentence).toMatch(/^2 → 3: slow true 1 of 1 \(p95 /);
  });

  test('a policy that is a single line of steps needs several rounds where CPU is capped', async () => {
    const set = policies("scaleOut: [{ name: hot, when: 'cpu > 70', add: 1, trueFor: 1 of 1 }]");
    const load = loadOf(step({ atHour: 1, before: 3, after: 9 }), 2);
    const plant = createPlant({ load, seed: 1, desired: 5 });
    const { changes } = await simulate({ policies: set, plant, endsAt: load.endsAt });
    expect(changes.length).toBeGreaterThan(3);
    expect(changes.every(({ from, to }) => to === from + 1)).toBe(true);
  });
});

test('the store that keeps values and the one that keeps text lead to the same bytes', async () => {
  const set = policies(
    "scaleOut: [{ name: hot, when: 'cpu > 80', addPercent: 50, atLeast: 2, trueFor: 2 of 3, thenWait: 4m }]",
    "scaleIn: [{ name: calm, when: 'cpu < 40', remove: 1, trueFor: 6 of 6 }]",
    'targets: [{ signal: cpu, perTask: 60 }]',
    'pace: { out: fast, in: { preset: normal, stabilization: 10m } }',
  );
  const load = dayWithFlashCrowd(7);
  const bytes = async (store: Store) => {
    const plant = createPlant({ load, seed: 1, desired: 5 });
    const { rows, changes, entries } = await told({ policies: set, plant, endsAt: load.endsAt, store });
    expect(changes.length).toBeGreaterThan(10);
    return JSON.stringify([rows, changes, entries]);
  };
  expect(await bytes(valueStore())).toBe(await bytes(memoryStore()));
});

test('nothing of the future reaches a decision', async () => {
  const levels = fc.array(fc.double({ min: 0.1, max: 20, noNaN: true }), { minLength: 90, maxLength: 90 });
  await fc.assert(
    fc.asyncProperty(levels, levels, fc.integer({ min: 20, max: 80 }), async (morning, afternoon, noon) => {
      const decided = async (tasksWorth: readonly number[]) => {
        const load: Load = sampledLoad(
          'x',
          START,
          60,
          Float64Array.from(tasksWorth, (level) => level * 100),
        );
        const plant = createPlant({ load, seed: 1, desired: 4 });
        const { entries } = await told({ policies: TRACKING, plant, endsAt: START + noon * 60_000 });
        return JSON.stringify(entries);
      };
      const other = [...morning.slice(0, noon), ...afternoon.slice(noon)];
      expect(await decided(morning)).toBe(await decided(other));
    }),
    { numRuns: 15 },
  );
});

test('a deployment in the middle doubles the tasks, and the demand it hides does not scale in', async () => {
  const load = loadOf(6, 2);
  const plant = createPlant({ load, seed: 1, desired: 10 });
  let deployed = false;
  const { changes } = await simulate({
    policies: TRACKING,
    plant,
    endsAt: load.endsAt,
    meanwhile(one) {
      if (deployed || one.now < START + 3600_000) return;
      deployed = true;
      one.deploy();
    },
  });
  expect(plant.view().deployments[0]?.taskDefinition).toBe('checkout:2');
  expect(changes.filter(({ from, to }) => to < from - 1)).toEqual([]);
});

describe('the ports over a plant', () => {
  const CPU: SignalSpec = {
    source: { kind: 'ecs', metric: 'CPUUtilization' },
    stat: 'Average',
    periodSeconds: 60,
    publicationDelaySeconds: 60,
    scale: 1,
    averagedOverTasks: true,
    whenMissing: { kind: 'unknown' },
  };
  const query = (facts: Partial<SignalSpec> = {}, periods = 5) => ({
    cluster: 'prod',
    service: 'checkout',
    name: 'x',
    spec: { ...CPU, ...facts },
    periods,
  });
  const alb = (metric: string, stat: string, scale: number) =>
    query({ source: { kind: 'alb', metric }, stat, scale, averagedOverTasks: false });

  test('read settled periods, in the policy’s unit, with the tasks that made them', async () => {
    const { plant, at } = stage(3, { desired: 6 });
    at(1200);
    const signals = plantSignals(plantsOf([plant]));
    const [cpu, wide, rps, p95, nothing] = await signals.read(
      [
        query(),
        query({ periodSeconds: 300 }, 2),
        alb('RequestCount', 'Sum', 1 / 60),
        alb('TargetResponseTime', 'p95', 1000),
        alb('NoSuchMetric', 'Sum', 1),
      ],
      plant.now,
      live(),
    );
    expect(cpu?.values.map(([startedAt, , tasks]) => [(startedAt - START) / 60_000, tasks])).toEqual([
      [14, 6],
      [15, 6],
      [16, 6],
      [17, 6],
      [18, 6],
    ]);
    expect(wide?.values.map(([startedAt, , tasks]) => [(startedAt - START) / 60_000, tasks])).toEqual([
      [5, 6],
      [10, 6],
    ]);
    for (const [, value] of rps?.values ?? []) expect(value).toBeCloseTo(300, 0);
    for (const [, value] of p95?.values ?? []) expect(value > 50 && value < 300).toBe(true);
    expect(nothing).toEqual({ status: 'complete', periodSeconds: 60, values: [] });
  });

  test('say so where a plant has no such thing', async () => {
    const { plant, at } = stage(3);
    at(600);
    const signals = plantSignals(plantsOf([plant]));
    const readings = await signals.read(
      [
        { ...query(), service: 'billing' },
        query({ source: { kind: 'promql', query: 'up', from: 'amp' } }),
        query({ source: { kind: 'sqs', queue: 'checkout-jobs', attribute: 'backlog' } }),
        query({ stat: 'tm99' }),
      ],
      plant.now,
      live(),
    );
    expect(readings.map(({ status, cause }) => [status, cause])).toEqual([
      ['failed', 'there is no simulated service prod/billing'],
      ['failed', 'a simulated service has no signal of kind promql'],
      ['failed', 'there is no simulated queue checkout-jobs'],
      ['failed', 'a simulated service has no statistic tm99'],
    ]);
  });

  test('a queue answers for this moment, without CloudWatch', async () => {
    const { plant, at } = stage(6, { desired: 4, kind: 'queue' });
    at(603);
    const source = { kind: 'sqs', queue: 'checkout-jobs', attribute: 'backlog' } as const;
    const signals = plantSignals(plantsOf([plant]));
    const [jobs] = await signals.read([query({ source, averagedOverTasks: false })], plant.now, live());
    expect(jobs?.values).toEqual([[START + 540_000, 200 * 603 + 16]]);
  });

  test('describe the service, change its count, and refuse what ECS refuses', async () => {
    const { plant, at } = stage(3, { desired: 6 });
    at(600);
    const services = plantServices(plantsOf([plant]));
    const name = { cluster: 'prod', service: 'checkout' };
    expect(await services.setDesiredCount(name, 8, live())).toEqual({ kind: 'accepted' });
    const [described, missing] = await services.describe([name, { ...name, service: 'billing' }], live());
    expect(described).toMatchObject({ kind: 'found', desired: 8, running: 6, pending: 2, deploying: false });
    expect(missing).toMatchObject({ kind: 'missing' });
    expect(await services.setDesiredCount(name, -1, live())).toMatchObject({ error: 'InvalidParameterException' });
    expect(await services.setDesiredCount({ ...name, service: 'x' }, 1, live())).toMatchObject({ kind: 'refused' });
    plant.deploy();
    expect((await services.describe([name], live()))[0]).toMatchObject({ deploying: true });
  });
});

test.each([
  ['Sum', 30],
  ['SampleCount', 5],
  ['Average', 6],
  ['Minimum', 2],
  ['Maximum', 14],
  ['p50', 5],
  ['p100', 14],
])('statistic %s of two datapoints', (stat, expected) => {
  const at = { startedAt: START, visibleAt: START };
  const points = [
    { ...at, sum: 9, count: 2, min: 4, max: 5, values: [4, 5] },
    { ...at, sum: 21, count: 3, min: 2, max: 14, values: [2, 5, 14] },
  ];
  expect(statisticCalled(stat)?.(points)).toBe(expected);
});
