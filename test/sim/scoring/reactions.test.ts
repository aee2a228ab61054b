/** Steps of a load, the same for everybody, and how long each scaler takes to be there. */
import { describe, expect, test } from '@jest/globals';
import { noise, product, ramp, type Shape, step, sum } from '../../../lib/sim/generate.ts';
import { Reactions } from '../../../lib/sim/scoring/reactions.ts';
import { stepsOf } from '../../../lib/sim/scoring/steps.ts';
import { loadOf, START } from '../stage.ts';

const minutesOf = (shape: Shape, hours = 6) => stepsOf(loadOf(shape, hours), 80).map((at) => (at - START) / 60_000);

describe('a step of the load', () => {
  test.each<[string, Shape, number[]]>([
    ['threefold at 02:00', step({ atHour: 2, before: 3, after: 9 }), [120]],
    ['down is none', step({ atHour: 2, before: 9, after: 3 }), []],
    ['less than 30 % is none', step({ atHour: 2, before: 8, after: 10 }), []],
    ['less than a task is none', step({ atHour: 2, before: 0.2, after: 0.9 }), []],
    ['out of nothing', step({ atHour: 2, before: 0, after: 2 }), [120]],
    [
      'two, an hour apart',
      sum(step({ atHour: 2, before: 3, after: 6 }), step({ atHour: 3, before: 0, after: 6 })),
      [120, 180],
    ],
    ['a ramp over three hours is none', ramp({ from: 3, to: 9, startHour: 1, endHour: 4 }), []],
    ['a spike of two minutes is none', (second) => (second >= 7200 && second < 7320 ? 20 : 4), []],
    ['noise is none', product(() => 6, noise({ seed: 3, sigma: 0.05, everySeconds: 60 })), []],
  ])('%s', (_, shape, expected) => {
    expect(minutesOf(shape)).toEqual(expected);
  });

  test('beside a gap is none: nobody knows what came before it', () => {
    const load = loadOf(step({ atHour: 2, before: 3, after: 9 }), 6);
    const gap = load.values.map((rate, i) => (i >= 112 && i < 118 ? Number.NaN : rate));
    expect(stepsOf({ ...load, rateAt: (at) => gap[(at - START) / 60_000] || null }, 80)).toEqual([]);
  });
});

describe('a reaction', () => {
  /** `[second, tasks in service]` at a load of 900 requests a second, of which a task serves 100 in time. */
  function reactionTo(steps: number[], ...service: [number, number][]): readonly number[] {
    const reactions = new Reactions(
      steps.map((second) => START + second * 1000),
      100,
    );
    for (const [second, tasks] of service) reactions.take(START + second * 1000, 900, tasks);
    return reactions.finish(START + 7_200_000);
  }

  test.each<[string, number[], [number, number][], number[]]>([
    [
      'lasts until enough tasks serve',
      [60],
      [
        [0, 3],
        [60, 3],
        [200, 8],
        [386, 9],
      ],
      [326],
    ],
    [
      'is none where they were there',
      [60],
      [
        [0, 9],
        [60, 9],
      ],
      [0],
    ],
    [
      'counts an hour at most',
      [60],
      [
        [60, 3],
        [7000, 9],
      ],
      [3600],
    ],
    ['ends with the run', [6600], [[6600, 3]], [600]],
    [
      'ends where the next step begins',
      [60, 600],
      [
        [60, 3],
        [600, 3],
        [700, 9],
      ],
      [540, 100],
    ],
    [
      'is looked for after a step only',
      [],
      [
        [0, 3],
        [60, 9],
      ],
      [],
    ],
  ])('%s', (_, steps, service, expected) => {
    expect(reactionTo(steps, ...service)).toEqual(expected);
  });
});
