import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createKpa } from '../../../lib/sim/peers/knative/kpa.ts';
import {
  DEFAULT_KPA,
  type KpaRules,
  type KpaState,
  scale,
  startingState,
} from '../../../lib/sim/peers/knative/scale.ts';
import { at, IdealService, seen } from './seen.ts';

/** As the project's own tests set it up. */
const RULES: KpaRules = { ...DEFAULT_KPA, target: 10, maxScaleUpRate: 10, maxScaleDownRate: 10 };
const calm = (): KpaState => startingState(1, at(0), RULES);

interface Case {
  readonly stable: number;
  readonly panic: number;
  readonly ready?: number;
  readonly rules?: Partial<KpaRules>;
  readonly state?: KpaState;
  readonly seconds?: number;
}

function scaled({ stable, panic, ready = 1, rules, state = calm(), seconds = 0 }: Case): number {
  return scale({ stable, panic }, ready, { ...RULES, ...rules }, state, at(seconds));
}

describe('Knative autoscaler_test: one decision', () => {
  test.each<[string, Case, number]>([
    ['no load, to zero', { stable: 0, panic: 0 }, 0],
    ['stable mode, concurrency', { stable: 50, panic: 10 }, 5],
    ['unlimited burst capacity', { stable: 21, panic: 26, rules: { target: 181 } }, 1],
    ['no change, already scaled', { stable: 50, panic: 50, ready: 5 }, 5],
    ['small scale-up rate', { stable: 3, panic: 3.1, ready: 2, rules: { target: 1, maxScaleUpRate: 1.1 } }, 3],
    ['small scale-down rate', { stable: 1, panic: 1, ready: 100, rules: { maxScaleDownRate: 1.1 } }, 90],
    [
      'small scale-down rate, not reachable',
      { stable: 1, panic: 1, ready: 100, rules: { maxScaleDownRate: 1.1, isReachable: false } },
      1,
    ],
    ['panic doubles the count', { stable: 50, panic: 100 }, 10],
    ['rate limit up', { stable: 1000, panic: 1001 }, 10],
    ['rate limit down', { stable: 1, panic: 1, ready: 100 }, 10],
    ['no ready replica counts as one', { stable: 1000, panic: 888, ready: 0 }, 10],
    ['activation scale without load', { stable: 0, panic: 0, rules: { activationScale: 2 } }, 0],
    ['activation scale', { stable: 1, panic: 0, rules: { activationScale: 2 } }, 2],
  ])('%s', (_name, one, expected) => {
    expect(scaled(one)).toBe(expected);
  });

  test.each([
    ['stable larger than panic', 50, 50],
    ['stable less than panic', 20, 30],
  ])('in panic, %s', (_name, stable, expected) => {
    const state = { panicAt: at(-5), panicFloor: 5, delay: null };
    expect(scaled({ stable, panic: 30, ready: 5, rules: { target: 1 }, state })).toBe(expected);
  });
});

describe('Knative autoscaler_test: panic over time', () => {
  test('a surge, a slower increase, and the end of the panic after a stable window', () => {
    const state = calm();
    const rules = { target: 1 };
    expect(scaled({ stable: 11, panic: 25, ready: 10, rules, state })).toBe(25);
    expect(scaled({ stable: 30, panic: 41, ready: 40, rules, state, seconds: 30 })).toBe(41);
    expect(state.panicAt).toBe(at(0));
    expect(scaled({ stable: 50, panic: 56, ready: 55, rules, state, seconds: 62 })).toBe(50);
    expect(state).toMatchObject({ panicAt: null, panicFloor: 0 });
  });

  test('a surge in the panic prolongs it', () => {
    const state = calm();
    const rules = { target: 1 };
    expect(scaled({ stable: 11, panic: 25, ready: 10, rules, state })).toBe(25);
    expect(scaled({ stable: 30, panic: 80, ready: 40, rules, state, seconds: 30 })).toBe(80);
    expect(state.panicAt).toBe(at(30));
  });

  test('no scale-down in a panic, and one after it', () => {
    const state = calm();
    expect(scaled({ stable: 100, panic: 1000, ready: 10, state })).toBe(100);
    expect(scaled({ stable: 1, panic: 1, ready: 10, state, seconds: 30 })).toBe(100);
    expect(scaled({ stable: 1, panic: 1, ready: 10, state, seconds: 60 })).toBe(100);
    expect(scaled({ stable: 1, panic: 1, ready: 10, state, seconds: 61 })).toBe(1);
  });

  test('a load that grows sixfold each second is followed', () => {
    const state = calm();
    const counts = [6, 36, 216, 1296].map((load, i) =>
      scaled({ stable: load, panic: load, ready: 6 ** i, rules: { target: 1 }, state, seconds: i }),
    );
    expect(counts).toEqual([6, 36, 216, 1296]);
  });

  test('beside several ready replicas it starts in panic, so that a restart scales nothing down', () => {
    const starting = [0, 1, 2].map((ready) => startingState(ready, at(0), RULES));
    expect(starting.map(({ panicAt }) => panicAt)).toEqual([null, null, at(0)]);
    expect(scaled({ stable: 0, panic: 0, ready: 2, state: startingState(2, at(0), RULES), seconds: 2 })).toBe(2);
  });
});

describe('Knative autoscaler_test: scale-down delay', () => {
  const delay = { panicThreshold: 100, scaleDownDelaySeconds: 300 };

  test('a count is held for the delay and not longer', () => {
    const state = startingState(0, at(0), { ...RULES, ...delay });
    const wanted = [
      [2, 40],
      [300, 0],
      [302, 0],
      [540, 40],
      [600, 30],
      [660, 0],
      [840, 0],
      [900, 0],
    ].map(([seconds = 0, load = 0]) => scaled({ stable: load, panic: load, ready: 0, rules: delay, state, seconds }));
    expect(wanted).toEqual([4, 4, 0, 4, 4, 4, 3, 0]);
  });

  test('what a panic asked for is held for the delay too', () => {
    const state = startingState(1, at(0), { ...RULES, scaleDownDelaySeconds: 300 });
    const rules = { scaleDownDelaySeconds: 300 };
    expect(scaled({ stable: 100, panic: 1000, ready: 10, rules, state })).toBe(100);
    expect(scaled({ stable: 1, panic: 1, ready: 10, rules, state, seconds: 62 })).toBe(100);
    expect(state.panicAt).toBeNull();
    expect(scaled({ stable: 1, panic: 1, ready: 10, rules, state, seconds: 400 })).toBe(1);
  });

  test('a part of a slot is a slot: a delay of 3 s holds for two of 2 s', () => {
    const rules = { panicThreshold: 100, scaleDownDelaySeconds: 3 };
    const state = startingState(0, at(0), { ...RULES, ...rules });
    const loads = [40, 0, 0].map((load, i) =>
      scaled({ stable: load, panic: load, ready: 0, rules, state, seconds: 2 * i }),
    );
    expect(loads).toEqual([4, 4, 0]);
  });

  test('a delay of nothing is no window at all', () => {
    const state = startingState(0, at(0), RULES);
    expect(scaled({ stable: 40, panic: 40, ready: 0, rules: { panicThreshold: 100 }, state })).toBe(4);
    expect(scaled({ stable: 20, panic: 20, ready: 0, rules: { panicThreshold: 100 }, state, seconds: 0.5 })).toBe(2);
  });

  test('a revision that nobody reaches any more does not wait', () => {
    const state = startingState(0, at(0), { ...RULES, ...delay });
    expect(scaled({ stable: 40, panic: 40, ready: 0, rules: delay, state, seconds: 2 })).toBe(4);
    expect(scaled({ stable: 0, panic: 0, ready: 0, rules: { ...delay, isReachable: false }, state, seconds: 4 })).toBe(
      0,
    );
  });
});

describe('the peer', () => {
  test('without delays it ends at the load ÷ the target, rounded up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 5000 }), fc.integer({ min: 1, max: 80 }), (load, before) => {
        const service = new IdealService(load, before);
        expect(service.run(createKpa({ target: 70 }), 0.2)).toBe(Math.max(1, Math.ceil(load / 70)));
      }),
      { numRuns: 30 },
    );
  });

  test('it says nothing while it has seen nothing', () => {
    expect(createKpa({ target: 70 }).decide(seen({ sample: null }))).toBeUndefined();
  });
});
