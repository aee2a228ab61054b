/** Bounds hold, gently: up at once, down as any scale-in. */
import { describe, test } from '@jest/globals';
import type { Pace } from '../../lib/policy/policy.ts';
import { FREE_IN, FREE_OUT, rule, tasks } from '../support/policies.ts';
import { happens, operatorWrites, policy, started, steady, tell, world } from '../support/story.ts';

const warm = rule('warm', 'cpu > 70', tasks(1));
const calm = rule('calm', 'cpu < 40', tasks(1));
/** At most a tenth in five minutes. */
const gently: Pace = { ...FREE_IN, upTo: { percent: 10, tasks: 1, pick: 'larger', periodSeconds: 300 } };
describe('bounds', () => {
  test('max: 6 for 60 does not kill 54 tasks', () => {
    tell(world({ policy: policy({ scaleOut: [warm], pace: { out: FREE_OUT, in: gently } }), service: steady(60) }), [
      [0, { cpu: 60 }, 'hold 60: warm false (cpu 60)'],
      operatorWrites({ min: 2, max: 6 }),
      [1, { cpu: 60 }, '60 → 54: max 6 (capacity.max), asked 60; at least 54 within 5 min (asked 6)'],
      [2, { cpu: 66 }, 'hold 54: max 6 (capacity.max), asked 54; at least 54 within 5 min (asked 6)'],
      [6, { cpu: 68 }, '54 → 49: max 6 (capacity.max), asked 54; at least 49 within 5 min (asked 6)'],
      operatorWrites({ min: 2, max: 60 }),
      [7, { cpu: 60 }, 'hold 49: warm false (cpu 60)'],
    ]);
  });

  test('a max under what runs is not approached through an outage', () => {
    const given = world({ policy: policy({ scaleOut: [warm], capacity: { min: 2, max: 10 } }), service: steady(20) });
    tell(given, [
      [
        0,
        { cpu: 'failed' },
        'hold 20: warm unknown (cpu unknown: the source answered failed), holds 15 min more; max 10 (capacity.max), asked 20; no scale-in: no signal is known',
      ],
      happens({ running: 18, inService: 18 }),
      [1, { cpu: 60 }, 'hold 20: max 10 (capacity.max), asked 20; no scale-in: 2 of 20 not in service'],
      happens({ running: 20, inService: 20, deploying: true }),
      [2, { cpu: 60 }, 'hold 20: max 10 (capacity.max), asked 20; no scale-in: a deployment is in progress'],
      happens({ deploying: false }),
      [3, { cpu: 60 }, '20 → 10: max 10 (capacity.max), asked 20'],
    ]);
  });

  test('a max under what runs is approached also under load: it is what the operator allows', () => {
    const given = world({
      policy: policy({ scaleOut: [warm], capacity: { min: 2, max: 10 }, pace: { out: FREE_OUT, in: gently } }),
      service: steady(20),
    });
    tell(given, [[0, { cpu: 90 }, '20 → 18: max 10 (capacity.max), asked 21; at least 18 within 5 min (asked 10)']]);
  });

  test('a min that rose is reached at once', () => {
    tell(world({ policy: policy({ scaleIn: [calm] }) }), [
      [0, { cpu: 60 }, 'hold 4: calm false (cpu 60)'],
      operatorWrites({ min: 9, max: 60 }),
      [1, { cpu: 30 }, '4 → 9: min 9 (capacity.min), asked 3'],
    ]);
  });

  test('a hold passes the bounds too', () => {
    tell(world({ policy: policy({ scaleOut: [warm] }), service: steady(1) }), [
      [0, { cpu: 'failed' }, '1 → 2: min 2 (capacity.min), asked 1'],
    ]);
  });

  test('no wish goes above max', () => {
    tell(world({ policy: policy({ scaleOut: [rule('warm', 'cpu > 70', tasks(9))], capacity: { min: 2, max: 6 } }) }), [
      [0, { cpu: 90 }, '4 → 6: warm true 1 of 1 (cpu 90) asks 13 from 4; max 6 (capacity.max), asked 13'],
      started,
      [
        3,
        { cpu: 90 },
        'hold 6: 6 in service after 3 min; warm true (cpu 90), waits for evidence from after its last change',
      ],
    ]);
  });
});
