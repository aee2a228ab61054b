/** A human's word above the policy: always with an owner, a reason and an end, and it ends by itself. */
import { describe, test } from '@jest/globals';
import type { Override } from '../../lib/policy/policy.ts';
import { rule, tasks } from '../support/policies.ts';
import { MINUTE, operatorWrites, policy, started, steady, T0, tell, type World, world } from '../support/story.ts';

const warm = rule('warm', 'cpu > 70', tasks(1));
const calm = rule('calm', 'cpu < 40', tasks(1));
const both = { scaleOut: [warm], scaleIn: [calm] };

/** Until minute 5. */
function set(what: Override['set'], owner = 'li'): Override {
  return { id: owner, scope: '*', set: what, owner, reason: 'incident 7', expiresAt: T0 + 5 * MINUTE };
}
const says =
  (...overrides: readonly Override[]) =>
  (given: World) => {
    given.overrides = overrides;
  };

describe('an override', () => {
  test('a pause holds everything, bounds too, and ends by itself', () => {
    tell(world({ policy: policy(both), overrides: [set({ kind: 'pause' })] }), [
      [
        0,
        { cpu: 30 },
        'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; pause by li until 2026-11-18T12:05:00.000Z: incident 7',
      ],
      [
        1,
        { cpu: 90 },
        'hold 4: warm true 1 of 1 (cpu 90) asks 5 from 4; pause by li until 2026-11-18T12:05:00.000Z: incident 7',
      ],
      operatorWrites({ min: 6, max: 60 }),
      [2, { cpu: 60 }, 'hold 4: pause by li until 2026-11-18T12:05:00.000Z: incident 7'],
      [4, { cpu: 60 }, 'hold 4: pause by li until 2026-11-18T12:05:00.000Z: incident 7'],
      ['4:59', {}, 'hold 4: pause by li until 2026-11-18T12:05:00.000Z: incident 7'],
      ['5:00', {}, '4 → 6: min 6 (capacity.min), asked 4'],
    ]);
  });

  test('a floor keeps rules from going below it and raises at once', () => {
    tell(world({ policy: policy(both), overrides: [set({ kind: 'floor', tasks: 9 })] }), [
      [0, { cpu: 30 }, '4 → 9: min 9 (floor by li), asked 3'],
      started,
      [
        2,
        { cpu: 30 },
        'hold 9: 9 in service after 2 min; calm true 1 of 1 (cpu 30) asks 8 from 9; min 9 (floor by li), asked 8',
      ],
      [5, { cpu: 30 }, '9 → 8: calm true 1 of 1 (cpu 30) asks 8 from 9'],
    ]);
  });

  test('a ceiling keeps rules from going above it', () => {
    tell(world({ policy: policy(both), overrides: [set({ kind: 'ceiling', tasks: 4 })] }), [
      [0, { cpu: 90 }, 'hold 4: warm true 1 of 1 (cpu 90) asks 5 from 4; max 4 (ceiling by li), asked 5'],
      [5, { cpu: 90 }, '4 → 5: warm true 1 of 1 (cpu 90) asks 5 from 4'],
    ]);
  });

  test('an exact count replaces what the rules say', () => {
    tell(world({ policy: policy(both), overrides: [set({ kind: 'exact', tasks: 12 })] }), [
      [0, { cpu: 30 }, '4 → 12: exact by li until 2026-11-18T12:05:00.000Z: incident 7'],
      started,
      [
        1,
        { cpu: 95 },
        'hold 12: 12 in service after 60 s; warm true 1 of 1 (cpu 95) asks 5 from 4; 12 already answers it; exact by li until 2026-11-18T12:05:00.000Z: incident 7',
      ],
      [5, { cpu: 30 }, '12 → 11: calm true 1 of 1 (cpu 30) asks 11 from 12'],
    ]);
  });

  test('none goes beyond the capacity: what it bounds is a bound of the place', () => {
    tell(world({ policy: policy({ ...both, capacity: { min: 2, max: 10 } }) }), [
      says(set({ kind: 'floor', tasks: 50 })),
      [0, { cpu: 60 }, '4 → 10: min 10 (capacity.max), asked 4'],
      started,
      says(set({ kind: 'exact', tasks: 0 })),
      [
        1,
        { cpu: 60 },
        '10 → 2: 10 in service after 60 s; exact by li until 2026-11-18T12:05:00.000Z: incident 7; min 2 (capacity.min), asked 0',
      ],
      says(set({ kind: 'ceiling', tasks: 0 })),
      [2, { cpu: 60 }, 'hold 2: warm false (cpu 60); calm false (cpu 60)'],
    ]);
  });

  test('of two people the more careful one is heard, in whatever order they spoke', () => {
    const words: readonly Override[] = [
      set({ kind: 'exact', tasks: 5 }, 'li'),
      set({ kind: 'exact', tasks: 9 }, 'an'),
      set({ kind: 'floor', tasks: 7 }, 'bo'),
    ];
    for (const overrides of [words, words.toReversed()])
      tell(world({ policy: policy(both), overrides }), [
        [0, { cpu: 60 }, '4 → 9: exact by an until 2026-11-18T12:05:00.000Z: incident 7'],
      ]);
  });

  test('an exact count wakes what somebody else had put to zero', () => {
    tell(world({ policy: policy(both), service: steady(0) }), [
      [
        0,
        { cpu: null },
        'hold 0: warm unknown (cpu unknown: the source has no datapoint), holds 15 min more; somebody else set 0: paused until somebody raises it',
      ],
      says(set({ kind: 'exact', tasks: 3 })),
      [1, { cpu: null }, '0 → 3: exact by li until 2026-11-18T12:05:00.000Z: incident 7'],
    ]);
  });
});
