import { describe, expect, test } from '@jest/globals';
import { createKpa, type KpaOptions } from '../../../lib/sim/peers/knative/kpa.ts';
import { DEFAULT_KPA, type KpaRules, type KpaState, scale } from '../../../lib/sim/peers/knative/scale.ts';
import { at, type Situation, seen } from './seen.ts';

/** As config-autoscaler has it by default, at one of the metric per replica. */
const RULES: KpaRules = { ...DEFAULT_KPA, target: 1 };
const calm = (): KpaState => ({ panicAt: null, panicFloor: 0, delay: null });

function scaled(load: number, ready: number, state = calm(), rules: Partial<KpaRules> = {}, seconds = 0): number {
  return scale({ stable: load, panic: load }, ready, { ...RULES, ...rules }, state, at(seconds));
}

describe('Knative documentation: config-autoscaler by default', () => {
  test('panic-threshold-percentage 200: twice the ready replicas is a panic, less is none', () => {
    const [below, twice] = [19, 20].map((load) => {
      const state = calm();
      scaled(load, 10, state);
      return state.panicAt;
    });
    expect([below, twice]).toEqual([null, at(0)]);
  });

  test('max-scale-up-rate 1000 and max-scale-down-rate 2: 50 at once from one, and half of ten', () => {
    expect(scaled(50, 1)).toBe(50);
    expect(scaled(2000, 1)).toBe(1000);
    expect(scaled(1, 10)).toBe(5);
  });
});

describe('Knative autoscaler: what a panic is judged by', () => {
  test('whole replicas: 1.1 of the metric beside one replica wants two', () => {
    const state = calm();
    scaled(1.1, 1, state);
    expect(state.panicAt).toBe(at(0));
  });

  test('what the load wants, not what the rate limit leaves of it', () => {
    const state = calm();
    expect(scaled(30, 10, state, { maxScaleUpRate: 1.1 })).toBe(11);
    expect(state.panicAt).toBe(at(0));
  });

  test('replicas that are ready, not those already asked for: while they start the panic lasts', () => {
    const state = calm();
    scaled(25, 10, state);
    expect(scaled(25, 10, state, {}, 30)).toBe(25);
    expect(state.panicAt).toBe(at(30));
  });
});

const load = (arrivedPerSecond: number, more: Partial<NonNullable<Situation['sample']>> = {}): Situation => ({
  sample: {
    at: 0,
    seconds: 2,
    arrivedPerSecond,
    servedPerSecond: arrivedPerSecond,
    concurrency: 4,
    ready: 10,
    cpuPercent: 50,
    ...more,
  },
});

/** Decides every 2 s; what it wants each time, or what there is. */
function play(options: KpaOptions, situations: readonly Situation[], before: number) {
  const peer = createKpa(options);
  let desired = before;
  return situations.map((situation, i) => {
    desired = peer.decide(seen({ desired, ...situation, seconds: 2 * (i + 1) })) ?? desired;
    return desired;
  });
}

const repeat = (situation: Situation, times: number) => new Array<Situation>(times).fill(situation);

describe('the peer', () => {
  test('the panic window is a tenth of the stable one: three times the load is all seen after six seconds', () => {
    const calmRun = repeat({ ...load(100), desired: 10 }, 60);
    const surge = repeat({ ...load(300), inService: 10 }, 3);
    const wanted = play({ target: 10 }, [...calmRun, ...surge], 10);
    // A third, two thirds and all of the panic window; before it is a panic the stable window wants 11 for 107 a second.
    expect(wanted.slice(-4)).toEqual([10, 11, 24, 30]);
  });

  test('requests that come count, those that wait for a replica too', () => {
    expect(play({ target: 10 }, [load(300, { servedPerSecond: 100 })], 10)).toEqual([30]);
  });

  test('requests a second unless it is told to count concurrency', () => {
    expect(play({ target: 10 }, [load(50, { concurrency: 70 })], 1)).toEqual([5]);
    expect(play({ target: 10, metric: 'concurrency' }, [load(50, { concurrency: 70 })], 1)).toEqual([7]);
  });

  test('where nobody knows the load it is not zero: the count stays', () => {
    const first: Situation = { inService: 1, desired: 1 };
    expect(play({ target: 10 }, repeat(first, 40), 1)).toEqual(new Array(40).fill(1));
    const gap = repeat({ inService: 10 }, 60);
    expect(play({ target: 10 }, [{ ...load(100), inService: 1 }, ...gap], 1).at(-1)).toBe(10);
  });

  test('it starts in panic beside several replicas, so without load it waits a stable window', () => {
    const wanted = play({ target: 10 }, repeat({ ...load(0), inService: 10 }, 32), 10);
    // Its start at 2 s is the beginning of the panic; that ends once more than 60 s have passed.
    expect(wanted).toEqual([...new Array<number>(31).fill(10), 5]);
  });

  test('it halves the replicas that are ready, not those that are asked for', () => {
    const quiet = load(0);
    expect(
      play(
        { target: 10 },
        [
          { ...quiet, inService: 1 },
          { ...quiet, desired: 10, inService: 4 },
        ],
        1,
      ),
    ).toEqual([0, 2]);
  });
});
