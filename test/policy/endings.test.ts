/** Where things end, made by chance: at min, at a fixed point, and never earlier for a tick that was lost. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ServicePolicy } from '../../lib/policy/policy.ts';
import { anyPolicy, anyRun, changeIn, changeOut, type Minute, paceIn, paceOut } from '../support/arbitrary.ts';
import { perTask, rule } from '../support/policies.ts';
import { happen } from '../support/runs.ts';
import { cpu, decideAt, MINUTE, measure, policy, rps, started, steady, type World, world } from '../support/story.ts';

const momentOf = (given: World, minute: number) => given.startsAt + minute * MINUTE + 55_000;

describe('a lost tick', () => {
  test('may delay a scale-in, never advances one', () => {
    let delayed = 0;
    fc.assert(
      fc.property(anyPolicy, anyRun, fc.nat(), (given, run, chance) => {
        const quiet = run.filter(({ event }) => event.kind !== 'somebodySets');
        const every = firstChange(given, quiet, undefined);
        const fewer = firstChange(given, quiet, chance % run.length);
        if (fewer?.action !== 'in' || every?.action === 'out') return;
        expect(every?.minute ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(fewer.minute);
        if (every !== undefined && every.minute < fewer.minute) delayed += 1;
      }),
      { numRuns: 1500 },
    );
    expect(delayed).toBeGreaterThan(20);
  });
});

function firstChange(given: ServicePolicy, run: readonly Minute[], lost: number | undefined) {
  const told = world({ policy: given, service: steady(8) });
  for (const [minute, { event, measured }] of run.entries()) {
    happen(told, event);
    measure(told, minute, measured);
    if (minute === lost) continue;
    const { action } = decideAt(told, momentOf(told, minute)).decision;
    if (action !== 'hold') return { minute, action };
  }
  return undefined;
}

/** Counts of a service over `minutes`, each minute measured from the count in service; tasks start `startMinutes` after they are asked for. */
function counts(
  told: World,
  minutes: number,
  startMinutes: number,
  signals: (inService: number) => Minute['measured'],
) {
  const desired: number[] = [];
  let changedAt = Number.NEGATIVE_INFINITY;
  for (let minute = 0; minute < minutes; minute++) {
    if (minute - changedAt >= startMinutes) started(told);
    measure(told, minute, signals(told.service.inService ?? told.service.running));
    if (decideAt(told, momentOf(told, minute)).decision.action !== 'hold') changedAt = minute;
    desired.push(told.service.desired);
  }
  return desired;
}

describe('a condition that is true for ever', () => {
  test('towards in ends at min and stays there', () => {
    const capacity = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 5, max: 16 }));
    const trueFor = fc.constantFrom('1 of 1' as const, '3 of 3' as const);
    fc.assert(
      fc.property(capacity, changeIn, trueFor, paceIn, (range, change, m, inPace) => {
        const [min, max] = range;
        const calm = rule('calm', 'cpu < 40', change.kind === 'setTo' ? { ...change, tasks: min } : change, m);
        const pace = { ...policy().pace, in: inPace };
        const told = world({ policy: policy({ capacity: { min, max }, scaleIn: [calm], pace }), service: steady(max) });
        const seen = counts(told, 250, 1, () => ({ cpu: 20 }));
        expect(seen.slice(-20)).toEqual(Array(20).fill(min));
        expect(seen).toEqual(seen.toSorted((a, b) => b - a));
      }),
      { numRuns: 60 },
    );
  });
});

describe('one constant overload', () => {
  const load = fc.integer({ min: 1, max: 1500 });
  const startMinutes = fc.integer({ min: 0, max: 3 });
  /** One task bears 100 requests a second at 100 %. */
  const busy = (total: number) => (inService: number) => ({
    cpu: Math.min(100, total / Math.max(1, inService)),
    rps: total,
  });

  test('is answered by a rule until it is over, then nothing moves', () => {
    fc.assert(
      fc.property(load, startMinutes, changeOut, paceOut, (total, minutes, change, outPace) => {
        fc.pre(change.kind !== 'setTo');
        const warm = rule('warm', 'cpu > 70', change, '2 of 2');
        const pace = { ...policy().pace, out: outPace };
        const told = world({
          policy: policy({ scaleOut: [warm], pace, capacity: { min: 1, max: 100 } }),
          service: steady(2),
        });
        const seen = counts(told, 300, minutes, busy(total));
        const last = seen.at(-1) ?? 0;
        expect(seen.slice(-60)).toEqual(Array(60).fill(last));
        expect(total / last).toBeLessThanOrEqual(70);
        expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });

  test('is answered by a target with what it needs, and never with more', () => {
    fc.assert(
      fc.property(load, startMinutes, paceOut, fc.constantFrom('cpu', 'rps'), (total, minutes, outPace, signal) => {
        const target = perTask(signal, 50);
        const pace = { ...policy().pace, out: outPace };
        const capacity = { min: 1, max: 100 };
        const told = world({
          policy: policy({ signals: { cpu, rps }, targets: [target], pace, capacity }),
          service: steady(2),
        });
        const seen = counts(told, 300, minutes, busy(total));
        const needed = Math.max(1, Math.ceil(total / 50));
        expect(new Set(seen.slice(-60)).size).toBe(1);
        expect(Math.max(2, ...seen)).toBeLessThanOrEqual(Math.max(2, needed));
        expect(total / (seen.at(-1) ?? 0)).toBeLessThanOrEqual(50 * 1.1 + 1e-9);
      }),
      { numRuns: 60 },
    );
  });
});
