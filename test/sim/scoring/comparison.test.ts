/** Numbers of many runs put together: fronts, families, intervals, elasticity. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ElasticityTally } from '../../../lib/sim/scoring/elasticity.ts';
import { familyOf, macroAverage } from '../../../lib/sim/scoring/families.ts';
import { costAt, frontOf, overloadAt } from '../../../lib/sim/scoring/front.ts';
import { bootstrap } from '../../../lib/sim/scoring/interval.ts';

const point = (cost: number, overload: number) => ({ cost, overload });

describe('a front', () => {
  const points = [point(2, 1), point(1, 5), point(3, 0), point(2.5, 2), point(1.5, 5)];

  test('leaves out what another point beats in both', () => {
    expect(frontOf(points)).toEqual([point(1, 5), point(2, 1), point(3, 0)]);
  });

  test.each([
    ['between two settings', 1.5, 3],
    ['at one', 2, 1],
    ['dearer than the dearest', 9, 0],
    ['cheaper than the cheapest nobody knows', 0.9, undefined],
  ])('at equal cost, %s', (_, cost, overload) => {
    expect(overloadAt(points, cost)).toBe(overload);
  });

  test.each([
    ['between two settings', 0.5, 2.5],
    ['no overload at all', 0, 3],
    ['more than the cheapest', 7, 1],
  ])('at equal overload, %s', (_, overload, cost) => {
    expect(costAt(points, overload)).toBe(cost);
  });

  test('where every setting is overloaded there is no cost of doing without', () => {
    expect(costAt([point(1, 5), point(2, 1)], 0.5)).toBeUndefined();
  });

  test('nobody is better on the front than one of its points in everything', () => {
    const some = fc.array(
      fc.record({
        cost: fc.double({ min: 1, max: 5, noNaN: true }),
        overload: fc.double({ min: 0, max: 9, noNaN: true }),
      }),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(some, fc.double({ min: 1, max: 5, noNaN: true }), (all, cost) => {
        const overload = overloadAt(all, cost);
        if (overload === undefined) return all.every((one) => one.cost > cost);
        return (
          all.some((one) => one.cost <= cost && one.overload >= overload) && all.some((one) => one.overload <= overload)
        );
      }),
    );
  });
});

describe('families', () => {
  test.each([
    ['slow growth to flash crowds (match days from d 40)', 'flash crowds'],
    ['diurnal+weekly, 2 outages (drop to ~0, jump back)', 'outages'],
    ['CloudWatch; batch on/off 0<->90 %', 'bursts'],
    ['diurnal with 3x level shift mid-trace', 'level shifts'],
    ['clean diurnal', 'seasons'],
  ])('%s: %s', (character, family) => {
    expect(familyOf(character)).toBe(family);
  });

  test('count alike, however many traces each has', () => {
    const values = [
      { family: 'seasons', value: 1 },
      { family: 'seasons', value: 1 },
      { family: 'seasons', value: 4 },
      { family: 'bursts', value: 8 },
    ];
    expect(macroAverage(values)).toMatchObject({ mean: 5, worst: { family: 'bursts', value: 8 } });
    expect(macroAverage([])).toBeUndefined();
  });
});

describe('an interval', () => {
  test('holds the mean, is the same each time, and is a point where all values agree', () => {
    const values = [3, 4, 5, 9, 2];
    const found = bootstrap(values);
    expect(found?.mean).toBeCloseTo(4.6);
    expect(found && found.low < 4.6 && found.high > 4.6).toBe(true);
    expect(bootstrap(values)).toEqual(found);
    expect(bootstrap([2, 2, 2])).toEqual({ mean: 2, low: 2, high: 2 });
    expect(bootstrap([])).toBeUndefined();
  });
});

describe('elasticity', () => {
  const of = (...minutes: [demand: number, supply: number][]) => {
    const tally = new ElasticityTally();
    for (const [demand, supply] of minutes) tally.take(demand, supply);
    return tally.result();
  };

  test.each<[string, [number, number][], object]>([
    [
      'just right',
      [
        [4, 4],
        [4, 4],
      ],
      { underPct: 0, overPct: 0, underTimePct: 0, instabilityPct: 0, jitterPerDay: 0 },
    ],
    [
      'half of what is needed, half of the time',
      [
        [4, 4],
        [4, 2],
      ],
      { underPct: 25, underTimePct: 50, overPct: 0 },
    ],
    [
      'twice as much',
      [
        [4, 8],
        [4, 8],
      ],
      { overPct: 100, overTimePct: 100, underPct: 0 },
    ],
    [
      'supply that does not follow',
      [
        [4, 4],
        [5, 4],
        [6, 4],
      ],
      { instabilityPct: 100, jitterPerDay: -960 },
    ],
    [
      'supply that moves by itself',
      [
        [4, 4],
        [4, 5],
        [4, 4],
      ],
      { instabilityPct: 100, jitterPerDay: 960 },
    ],
    [
      'both up',
      [
        [4, 4],
        [5, 6],
      ],
      { instabilityPct: 0, jitterPerDay: 0 },
    ],
  ])('%s', (_, minutes, expected) => {
    expect(of(...minutes)).toMatchObject(expected);
  });

  test('nothing is compared over a minute nobody knows', () => {
    const tally = new ElasticityTally();
    tally.take(4, 4);
    tally.skip();
    tally.take(8, 4);
    expect(tally.result()).toMatchObject({ instabilityPct: 0, underTimePct: 50 });
  });
});
