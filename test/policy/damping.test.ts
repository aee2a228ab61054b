/** What keeps one wish from becoming a swing: m of n, stabilization, and ticks that never happened. */
import { describe, test } from '@jest/globals';
import type { Pace } from '../../lib/policy/policy.ts';
import { FREE_IN, FREE_OUT, perTask, rule, tasks } from '../support/policies.ts';
import { measureFor, policy, steady, tell, world } from '../support/story.ts';

const warm = rule('warm', 'cpu > 70', tasks(1));
const calm = rule('calm', 'cpu < 40', tasks(1));
const inPace = (parts: Partial<Pace>) => ({ out: FREE_OUT, in: { ...FREE_IN, ...parts } });
const outPace = (parts: Partial<Pace>) => ({ out: { ...FREE_OUT, ...parts }, in: FREE_IN });

describe('trueFor', () => {
  test('3 of 5: two cool minutes do not hide a hot quarter of an hour', () => {
    tell(world({ policy: policy({ scaleOut: [rule('warm', 'cpu > 70', tasks(1), '3 of 5')] }) }), [
      [0, { cpu: 60 }, 'hold 4: warm unknown (cpu 60), holds 15 min more'],
      [1, { cpu: 75 }, 'hold 4: warm unknown (cpu 75), holds 14 min more'],
      [2, { cpu: 60 }, 'hold 4: warm unknown (cpu 60), holds 13 min more'],
      [3, { cpu: 75 }, 'hold 4: warm unknown (cpu 75), holds 12 min more'],
      [4, { cpu: 65 }, 'hold 4: warm false (cpu 65)'],
      [5, { cpu: 75 }, '4 → 5: warm true 3 of 5 (cpu 75) asks 5 from 4'],
    ]);
  });

  test('lost ticks do not lose evidence: the source has the history', () => {
    const given = world({ policy: policy({ scaleOut: [rule('warm', 'cpu > 70', tasks(1), '3 of 3')] }) });
    measureFor(given, 0, 2, { cpu: 75 });
    tell(given, [[3, { cpu: 75 }, '4 → 5: warm true 3 of 3 (cpu 75) asks 5 from 4']]);
  });

  test('a hole in the history is unknown, neither true nor false', () => {
    const given = world({
      policy: policy({ scaleOut: [warm], scaleIn: [rule('calm', 'cpu < 40', tasks(1), '3 of 3')] }),
    });
    measureFor(given, 0, 1, { cpu: 30 });
    tell(given, [
      [3, { cpu: 30 }, 'hold 4: warm false (cpu 30); calm unknown (cpu 30)'],
      [4, { cpu: 30 }, 'hold 4: warm false (cpu 30); calm unknown (cpu 30)'],
      [5, { cpu: 30 }, '4 → 3: calm true 3 of 3 (cpu 30) asks 3 from 4'],
    ]);
  });
});

describe('stabilization', () => {
  test('in: the largest wish of the window counts', () => {
    const targets = [perTask('cpu', 50)];
    const given = world({
      policy: policy({ targets, pace: inPace({ stabilizationSeconds: 180 }) }),
      service: steady(20),
    });
    tell(given, [
      [0, { cpu: 50 }, 'hold 20: cpu needs 20 tasks (cpu 50), inside tolerance'],
      [1, { cpu: 30 }, 'hold 20: cpu needs 12 tasks (cpu 30); 12 not yet wanted for all of 3 min, 2 min left'],
      [2, { cpu: 35 }, 'hold 20: cpu needs 14 tasks (cpu 35); 14 not yet wanted for all of 3 min, 60 s left'],
      [3, { cpu: 25 }, '20 → 14: cpu needs 10 tasks (cpu 25); 10 not yet wanted for all of 3 min, 2 min left'],
      [4, { cpu: 25 }, 'hold 14: cpu needs 7 tasks (cpu 25); 7 not yet wanted for all of 3 min, 2 min left'],
      [5, { cpu: 30 }, '14 → 10: cpu needs 8.4 tasks (cpu 30); 9 not yet wanted for all of 3 min, 60 s left'],
    ]);
  });

  test('out: only what is wanted for the whole window', () => {
    const targets = [perTask('cpu', 50)];
    const given = world({
      policy: policy({ targets, pace: outPace({ stabilizationSeconds: 120 }) }),
      service: steady(20),
    });
    tell(given, [
      [0, { cpu: 50 }, 'hold 20: cpu needs 20 tasks (cpu 50), inside tolerance'],
      [1, { cpu: 80 }, 'hold 20: cpu needs 32 tasks (cpu 80); 32 not yet wanted for all of 2 min, 60 s left'],
      [2, { cpu: 90 }, '20 → 32: cpu needs 36 tasks (cpu 90); 36 not yet wanted for all of 2 min, 60 s left'],
      [3, { cpu: 90 }, '32 → 36: cpu needs 36 tasks (cpu 90)'],
    ]);
  });

  test('a lost tick delays a scale-in, never advances one', () => {
    const patient = policy({ scaleIn: [calm], pace: inPace({ stabilizationSeconds: 180 }) });
    const every = world({ policy: patient });
    measureFor(every, 0, 3, { cpu: 30 });
    tell(every, [
      [0, {}, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; 3 not yet wanted for all of 3 min'],
      [1, {}, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; 3 not yet wanted for all of 3 min'],
      [2, {}, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; 3 not yet wanted for all of 3 min'],
      [3, {}, '4 → 3: calm true 1 of 1 (cpu 30) asks 3 from 4'],
    ]);
    const given = world({ policy: patient });
    measureFor(given, 0, 7, { cpu: 30 });
    tell(given, [
      [0, {}, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; 3 not yet wanted for all of 3 min'],
      [1, {}, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; 3 not yet wanted for all of 3 min'],
      [3, {}, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; 3 not yet wanted for all of 3 min'],
      [4, {}, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; 3 not yet wanted for all of 3 min'],
      [5, {}, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; 3 not yet wanted for all of 3 min'],
      [6, {}, '4 → 3: calm true 1 of 1 (cpu 30) asks 3 from 4'],
    ]);
  });

  test('a tick that comes half a turn late is not lost; a second later it is', () => {
    const waits = 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; 3 not yet wanted for all of 3 min';
    for (const [late, at425] of [
      ['2:25', '4 → 3: calm true 1 of 1 (cpu 30) asks 3 from 4'],
      ['2:26', waits],
    ] as const) {
      const given = world({ policy: policy({ scaleIn: [calm], pace: inPace({ stabilizationSeconds: 180 }) }) });
      measureFor(given, 0, 7, { cpu: 30 });
      tell(given, [
        [0, {}, waits],
        [late, {}, waits],
        ['3:25', {}, waits],
        ['4:25', {}, at425],
      ]);
    }
  });

  test('a service that was never seen before does not scale in at first sight', () => {
    const given = world({ policy: policy({ scaleIn: [calm], pace: inPace({ stabilizationSeconds: 120 }) }) });
    measureFor(given, -10, 0, { cpu: 30 });
    tell(given, [[0, {}, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; 3 not yet wanted for all of 2 min']]);
  });
});
