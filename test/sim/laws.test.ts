/** What holds for the plant whatever happens to it. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sampledLoad } from '../../lib/sim/load.ts';
import { createPlant, type PlantOptions } from '../../lib/sim/plant.ts';
import type { Load, Plant } from '../../lib/sim/types.ts';
import { START } from './stage.ts';

const MINUTES = 60;

type Act =
  | { readonly kind: 'count'; readonly minute: number; readonly second: number; readonly count: number }
  | { readonly kind: 'deploy'; readonly minute: number; readonly second: number }
  | { readonly kind: 'rebalance'; readonly minute: number; readonly second: number };

const minute = fc.integer({ min: 0, max: MINUTES - 1 });
const second = fc.integer({ min: 0, max: 59 });
const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('count' as const),
        minute,
        second,
        count: fc.integer({ min: 0, max: 30 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('deploy' as const), minute, second }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('rebalance' as const), minute, second }) },
  ),
  { maxLength: 12 },
);
/** In tasks' worth; null is a gap. */
const levels = fc.array(fc.option(fc.double({ min: 0, max: 25, noNaN: true }), { freq: 12 }), {
  minLength: MINUTES,
  maxLength: MINUTES,
});
const options: fc.Arbitrary<Partial<PlantOptions>> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  desired: fc.integer({ min: 0, max: 20 }),
  kind: fc.constantFrom('cpu', 'io', 'queue'),
  launchType: fc.constantFrom('FARGATE', 'EC2'),
  startClass: fc.constantFrom('fast', 'medium', 'heavy'),
  metricPeriodSeconds: fc.constantFrom(60, 20),
  healthCheckIntervalSeconds: fc.constantFrom(0, 5, 30),
  deregistrationDelaySeconds: fc.constantFrom(0, 5, 300),
  withLoadBalancer: fc.boolean(),
});

function loadOf(tasksWorth: readonly (number | null)[]): Load {
  return sampledLoad(
    'property',
    START,
    60,
    Float64Array.from(tasksWorth, (level) => (level === null ? Number.NaN : level * 100)),
  );
}

function act(plant: Plant, one: Act): void {
  if (one.kind === 'count') plant.setDesiredCount(one.count);
  else if (one.kind === 'deploy') plant.deploy();
  else plant.rebalance(2, 240);
}

/** Runs the script to the end of the load; `stops` are further moments at which somebody looks. */
function run(load: Load, some: Partial<PlantOptions>, script: readonly Act[], stops: readonly number[] = []): Plant {
  const plant = createPlant({ load, seed: 1, ...some });
  const at = (one: Act) => START + (one.minute * 60 + one.second) * 1000;
  const todo = [...script].sort((a, b) => at(a) - at(b));
  const looks = stops.map((stop) => START + stop);
  for (const one of todo) {
    for (const look of looks) if (look > plant.now && look < at(one)) plant.advanceTo(look);
    plant.advanceTo(at(one));
    act(plant, one);
  }
  plant.advanceTo(load.endsAt);
  return plant;
}

/** Everything one can see of a plant, as text. */
function bytes(plant: Plant): string {
  const series = plant
    .metrics()
    .map(({ name, datapoints }, i) => [name, plant.metrics()[i]?.datapoints(0, Infinity) ?? datapoints.length]);
  return JSON.stringify([plant.rows(), plant.totals(), plant.view(), series]);
}

describe('the plant', () => {
  test('keeps every request: arrived = served + given up + in queue', () => {
    fc.assert(
      fc.property(levels, options, acts, (tasksWorth, some, script) => {
        const load = loadOf(tasksWorth);
        const plant = run(load, some, script);
        const { arrived, served, timedOut, inQueue } = plant.totals();
        const sent = tasksWorth.reduce<number>((total, level) => total + (level ?? 0) * 6000, 0);
        expect(arrived).toBeCloseTo(sent, 3);
        expect(served + timedOut + inQueue).toBeCloseTo(arrived, 3);
        expect(Math.min(served, timedOut, inQueue)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('same seed, same bytes', () => {
    fc.assert(
      fc.property(levels, options, acts, (tasksWorth, some, script) => {
        expect(bytes(run(loadOf(tasksWorth), some, script))).toBe(bytes(run(loadOf(tasksWorth), some, script)));
      }),
      { numRuns: 30 },
    );
  });

  test('shows nothing of the future: what is seen by noon does not depend on the afternoon', () => {
    const script = fc.tuple(levels, levels, options, acts, fc.integer({ min: 1, max: MINUTES - 1 }));
    fc.assert(
      fc.property(script, ([morning, afternoon, some, todo, noon]) => {
        const early = todo.filter((one) => one.minute < noon);
        const seen = [morning, [...morning.slice(0, noon), ...afternoon.slice(noon)]].map((tasksWorth) => {
          const load = loadOf(tasksWorth);
          return bytes(run({ ...load, endsAt: START + noon * 60_000 }, some, early));
        });
        expect(seen[0]).toBe(seen[1]);
      }),
      { numRuns: 50 },
    );
  });

  test('does not care how often somebody looks', () => {
    const stops = fc.array(fc.integer({ min: 1, max: MINUTES * 60_000 }), { maxLength: 20 });
    fc.assert(
      fc.property(levels, options, acts, stops, (tasksWorth, some, script, looks) => {
        const once = run(loadOf(tasksWorth), some, script);
        const often = run(
          loadOf(tasksWorth),
          some,
          script,
          looks.sort((a, b) => a - b),
        );
        expect(often.view()).toEqual(once.view());
        expect(often.totals().billedTaskSeconds).toBeCloseTo(once.totals().billedTaskSeconds, 3);
        expect(often.totals().served).toBeCloseTo(once.totals().served, 2);
        expect(often.rows().map(({ desired, running, inService }) => [desired, running, inService])).toEqual(
          once.rows().map(({ desired, running, inService }) => [desired, running, inService]),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('bills the tasks that run, and the rows of the bill add up', () => {
    fc.assert(
      fc.property(options, acts, (some, script) => {
        const plant = run(loadOf(Array(MINUTES).fill(1)), some, script);
        const { billedTaskSeconds } = plant.totals();
        expect(plant.rows().reduce((total, row) => total + row.billedTaskSeconds, 0)).toBeCloseTo(billedTaskSeconds, 3);
        if (script.length === 0) expect(billedTaskSeconds).toBeCloseTo((some.desired ?? 2) * MINUTES * 60, 3);
        const mostAtOnce = Math.max(some.desired ?? 2, ...script.map((one) => (one.kind === 'count' ? one.count : 0)));
        if (mostAtOnce === 0 && script.every((one) => one.kind === 'count')) expect(billedTaskSeconds).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  test('arrives at the desired count, all of it in service, when it is left alone', () => {
    fc.assert(
      fc.property(options, acts, (some, script) => {
        const early = script.filter((one) => one.minute < 30);
        const plant = run(loadOf(Array(MINUTES).fill(1)), some, early);
        const { desired, running, pending, inService, draining, deployments } = plant.view();
        expect([running, pending, inService, draining]).toEqual([desired, 0, desired, 0]);
        expect(deployments.map(({ rolloutState }) => rolloutState)).toEqual(['COMPLETED']);
      }),
    );
  });
});
