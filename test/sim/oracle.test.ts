/** The oracle: what it does with simple loads, and that nobody without overload is cheaper. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dayWithFlashCrowd, generate, type Shape, step } from '../../lib/sim/generate.ts';
import { sampledLoad } from '../../lib/sim/load.ts';
import { cheapestPlan, type Needs, planOracle, type TaskCharges, taskCharges } from '../../lib/sim/oracle.ts';
import { createPlant } from '../../lib/sim/plant.ts';
import { type CountChange, score } from '../../lib/sim/scores.ts';
import { startSecondsQuantile } from '../../lib/sim/starting.ts';
import type { Load } from '../../lib/sim/types.ts';
import { loadOf, START } from './stage.ts';

const MINUTE = 60_000;
const CHARGES: TaskCharges = { startSeconds: 57, drainSeconds: 305 };

/** Tasks needed, minute by minute; null is a gap. */
function needs(...counts: readonly (number | null)[]): Needs {
  return { counts, edges: Array.from({ length: counts.length + 1 }, (_, i) => START + i * MINUTE) };
}

function counts(plan: { readonly minutes: readonly { readonly inService: number | null }[] }): (number | null)[] {
  return plan.minutes.map(({ inService }) => inService);
}

describe('what it does', () => {
  test('a steady load is served by as many tasks from beginning to end, and nothing is started or drained', () => {
    const plan = planOracle({ load: loadOf(3.2, 2), capacityPerTask: 100 });
    expect(plan).toMatchObject({ billedTaskSeconds: 4 * 7200, starts: 0 });
    expect(new Set(counts(plan))).toEqual(new Set([4]));
  });

  test('a pause is waited out while that is cheaper than draining and starting again', () => {
    const short = cheapestPlan(needs(2, 2, 1, 1, 1, 1, 1, 1, 2, 2), CHARGES);
    expect(counts(short)).toEqual(Array(10).fill(2));
    expect(short).toMatchObject({ starts: 0, billedTaskSeconds: 2 * 600 });
    const long = cheapestPlan(needs(2, 2, 1, 1, 1, 1, 1, 1, 1, 2, 2), CHARGES);
    expect(counts(long)).toEqual([2, 2, 1, 1, 1, 1, 1, 1, 1, 2, 2]);
    // Eleven minutes of the one; of the other two minutes, its draining, its start, two minutes more.
    expect(long).toMatchObject({ starts: 1, billedTaskSeconds: 660 + 120 + 305 + 57 + 120 });
  });

  test('what drains after the end, or starts before the beginning, is on nobody’s bill', () => {
    const plan = cheapestPlan(needs(1, 1, 1, 1, 1, 1, 1, 1, 2, 1), CHARGES);
    expect(plan.billedTaskSeconds).toBe(600 + 57 + 60 + 60);
    expect(cheapestPlan(needs(0, 3), { startSeconds: 90, drainSeconds: 305 }).billedTaskSeconds).toBe(3 * (60 + 60));
  });

  test('a gap needs nothing and costs nothing, and the tasks stay through it', () => {
    const plan = cheapestPlan(needs(3, 3, null, null, null, null, null, null, null, 3), CHARGES);
    expect(counts(plan)).toEqual([3, 3, null, null, null, null, null, null, null, 3]);
    expect(plan).toMatchObject({ starts: 0, billedTaskSeconds: 3 * 180 });
  });

  test('what starts or drains in a gap costs nothing there, however little of the gap it takes', () => {
    const start = cheapestPlan(needs(null, 1, 1), { startSeconds: 30, drainSeconds: 0 });
    expect(start.billedTaskSeconds).toBe(120);
    const end = cheapestPlan(needs(1, 1, 0, null), { startSeconds: 0, drainSeconds: 90 });
    expect(end.billedTaskSeconds).toBe(120 + 60);
  });

  test('a minute with a gap in it is a gap as a whole', () => {
    const values = Float64Array.of(100, Number.NaN, 100, 200, 200, 200);
    const plan = planOracle({ load: sampledLoad('gap', START, 20, values), capacityPerTask: 100 });
    expect(counts(plan)).toEqual([null, 2]);
    expect(plan.billedTaskSeconds).toBe(2 * 60);
  });

  test('a load of whole tasks needs no task more for the last bit of a fraction', () => {
    const rate = 0.1 + 0.2;
    expect(rate / 0.1).toBeGreaterThan(3);
    const plan = planOracle({ load: sampledLoad('round', START, 60, Float64Array.of(rate)), capacityPerTask: 0.1 });
    expect(counts(plan)).toEqual([3]);
  });

  test('a load that changes within the minute is served at its highest', () => {
    const values = Float64Array.from({ length: 12 }, (_, i) => (i === 7 ? 350 : 50));
    const plan = planOracle({ load: sampledLoad('quick', START, 20, values), capacityPerTask: 100 });
    expect(counts(plan)).toEqual([1, 1, 4, 1]);
  });

  test('its start is the p95 of the class, from the image pull on; without a load balancer nothing drains', () => {
    expect(
      taskCharges({ startClass: 'medium', healthCheckIntervalSeconds: 10, deregistrationDelaySeconds: 20 }),
    ).toEqual({
      startSeconds: startSecondsQuantile('medium', 10, 0.95) - 10,
      drainSeconds: 25,
    });
    const bare = taskCharges({ startClass: 'fast', withLoadBalancer: false });
    expect(bare.drainSeconds).toBe(5);
    expect(bare.startSeconds).toBeCloseTo(35, 0);
  });

  test('keeps a minimum where it is told one', () => {
    const load = generate(step({ atHour: 1, before: 0, after: 250 }), { name: 'x', hours: 2, startsAt: START });
    expect(new Set(counts(planOracle({ load, capacityPerTask: 100 })))).toEqual(new Set([0, 3]));
    expect(new Set(counts(planOracle({ load, capacityPerTask: 100, minTasks: 2 })))).toEqual(new Set([2, 3]));
  });
});

/** The bill of any plan that is given as counts minute by minute, worked out task by task; the newest task stops first. */
function billOf(plan: readonly number[], charges: TaskCharges): number {
  const end = plan.length * 60;
  const startedAt: number[] = [];
  let seconds = 0;
  const stop = (from: number, to: number) => {
    seconds += Math.min(end, to + charges.drainSeconds) - (from === 0 ? 0 : Math.max(0, from - charges.startSeconds));
  };
  for (const [minute, count] of plan.entries()) {
    while (startedAt.length < count) startedAt.push(minute * 60);
    while (startedAt.length > count) stop(startedAt.pop() ?? 0, minute * 60);
  }
  for (const from of startedAt) stop(from, end);
  return seconds;
}

describe('nobody without overload is cheaper', () => {
  const charges = fc.record({
    startSeconds: fc.integer({ min: 0, max: 200 }),
    drainSeconds: fc.integer({ min: 0, max: 400 }),
  });

  test('of all plans there are, for small needs', () => {
    const small = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(small, charges, (need, cost) => {
        let cheapest = Number.POSITIVE_INFINITY;
        for (let code = 0; code < 3 ** need.length; code++) {
          const plan = need.map((_, i) => Math.floor(code / 3 ** i) % 3);
          if (plan.every((count, i) => count >= (need[i] ?? 0))) cheapest = Math.min(cheapest, billOf(plan, cost));
        }
        expect(cheapestPlan(needs(...need), cost).billedTaskSeconds).toBeCloseTo(cheapest, 6);
      }),
    );
  });

  test('of plans with some more here and there, for large needs', () => {
    const large = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 5 })), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(large, fc.integer({ min: 0, max: 12 }), charges, (pairs, reach, cost) => {
        const need = pairs.map(([tasks]) => tasks);
        const plan = pairs.map(([, more], i) => Math.max(...need.slice(Math.max(0, i - reach), i + reach + 1)) + more);
        const best = cheapestPlan(needs(...need), cost);
        expect(best.billedTaskSeconds).toBeLessThanOrEqual(billOf(plan, cost) + 1e-6);
        expect(counts(best).every((count, i) => (count ?? 0) >= (need[i] ?? 0))).toBe(true);
      }),
    );
  });
});

/** Runs a plant by orders given minute by minute. */
function follow(load: Load, orders: readonly number[], seed: number) {
  const plant = createPlant({ load, seed, desired: orders[0] ?? 0 });
  const changes: CountChange[] = [];
  for (const [minute, count] of orders.entries()) {
    plant.advanceTo(load.startsAt + minute * MINUTE);
    const from = plant.view().desired;
    if (count === from) continue;
    plant.setDesiredCount(count);
    changes.push({ at: plant.now, from, to: count });
  }
  plant.advanceTo(load.endsAt);
  return score(plant.rows(), changes, planOracle({ load }));
}

/** The most that is needed between now and so many minutes ahead, and some minutes back. */
function ordersFor(load: Load, lead: number, back: number, more: number): number[] {
  const minutes = planOracle({ load }).minutes.map(({ inService }) => inService ?? 0);
  return minutes.map((_, i) => Math.max(...minutes.slice(Math.max(0, i - back), i + lead + 1)) + more);
}

describe('in the plant', () => {
  test('its own plan, ordered three minutes ahead, has hardly any overload and costs hardly more', () => {
    const load = dayWithFlashCrowd(1);
    const { overloadedPct, costRatio } = follow(load, ordersFor(load, 3, 0, 0), 5);
    expect(overloadedPct).toBeLessThan(0.01);
    expect(costRatio).toBeGreaterThanOrEqual(1);
    expect(costRatio).toBeLessThan(1.03);
  });

  test('whoever orders in time has no overload and is dearer', () => {
    const tasks = fc.array(fc.double({ min: 0.1, max: 40, noNaN: true }), { minLength: 4, maxLength: 30 });
    const style = fc.record({
      lead: fc.integer({ min: 3, max: 8 }),
      back: fc.integer({ min: 0, max: 10 }),
      more: fc.integer({ min: 0, max: 3 }),
      seed: fc.integer({ min: 0, max: 1000 }),
    });
    fc.assert(
      fc.property(tasks, style, (levels, { lead, back, more, seed }) => {
        const hills: Shape = (second) => (levels[Math.floor(second / 600)] ?? 1) * 100;
        const load = generate(hills, { name: 'hills', hours: levels.length / 6, startsAt: START });
        const { overloadedPct, costRatio } = follow(load, ordersFor(load, lead, back, more), seed);
        fc.pre(overloadedPct === 0);
        expect(costRatio ?? Number.NaN).toBeGreaterThanOrEqual(1 - 1e-9);
      }),
      { numRuns: 60 },
    );
  });
});
