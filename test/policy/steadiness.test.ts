/** Only a steady service has something to spare: crash loops, outages, deployments, protection. */
import { describe, test } from '@jest/globals';
import type { Pace } from '../../lib/policy/policy.ts';
import { FREE_IN, FREE_OUT, percent, perTask, rule, tasks } from '../support/policies.ts';
import { cpu, happens, policy, rps, started, steady, tell, world } from '../support/story.ts';

const emergency = rule('emergency', 'cpu > 80', percent(50, 2));
const calm = rule('calm', 'cpu < 40', tasks(1));
const guard = { holdInWhile: ['errors > 1'], unknownAbstainsAfterSeconds: 900, whenBlindFor: [] };

describe('a steady service', () => {
  test('a crash-looping service is neither raised nor cut', () => {
    tell(world({ policy: policy({ scaleOut: [emergency], scaleIn: [calm] }) }), [
      [0, { cpu: 60 }, 'hold 4: emergency false (cpu 60); calm false (cpu 60)'],
      happens({ running: 2, inService: 2, pending: 2 }),
      [1, { cpu: 30 }, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; no scale-in: 2 of 4 not in service'],
      [2, { cpu: 30 }, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; no scale-in: 2 of 4 not in service'],
      [4, { cpu: 30 }, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; no scale-in: 2 of 4 not in service'],
      [
        5,
        { cpu: 30 },
        'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; no scale-in: 2 of 4 not in service; 2 not in service for 4 min: neither raised nor cut',
      ],
      [
        6,
        { cpu: 95 },
        'hold 4: emergency true 1 of 1 (cpu 95) asks 6 from 4; 2 not in service for 5 min: neither raised nor cut',
      ],
      [
        7,
        { cpu: 30 },
        'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; no scale-in: 2 of 4 not in service; 2 not in service for 6 min: neither raised nor cut',
      ],
      started,
      [8, { cpu: 30 }, '4 → 3: calm true 1 of 1 (cpu 30) asks 3 from 4'],
    ]);
  });

  test('tasks that ECS cannot place are not asked for again: nothing is piled on', () => {
    tell(world({ policy: policy({ scaleOut: [emergency] }) }), [
      [0, { cpu: 60 }, 'hold 4: emergency false (cpu 60)'],
      [1, { cpu: 95 }, '4 → 6: emergency true 1 of 1 (cpu 95) asks 6 from 4'],
      [3, { cpu: 95 }, 'hold 6: emergency true (cpu 95), waits for evidence from after its last change'],
      [4, { cpu: 95 }, 'hold 6: emergency true (cpu 95), waits for evidence from after its last change'],
      [
        5,
        { cpu: 95 },
        'hold 6: 2 of 6 not in service 4 min after 4 → 6 (2 pending): counted as a failure; emergency true 1 of 1 (cpu 95) asks 9 from 6; 2 not in service for 4 min: neither raised nor cut',
      ],
      [
        60,
        { cpu: 95 },
        'hold 6: emergency true 1 of 1 (cpu 95) asks 9 from 6; 2 not in service for 59 min: neither raised nor cut',
      ],
      [61, { cpu: 30 }, 'hold 6: 2 not in service for 60 min: neither raised nor cut'],
      started,
      [
        62,
        { cpu: 95 },
        'hold 6: 6 in service after 61 min; emergency true (cpu 95), waits for evidence from after its last change',
      ],
    ]);
  });

  test('an hour without room does not become the time that starting is believed to take', () => {
    tell(world({ policy: policy({ scaleOut: [emergency] }) }), [
      [0, { cpu: 60 }, 'hold 4: emergency false (cpu 60)'],
      [1, { cpu: 95 }, '4 → 6: emergency true 1 of 1 (cpu 95) asks 6 from 4'],
      [
        61,
        { cpu: 60 },
        'hold 6: 2 of 6 not in service 60 min after 4 → 6 (2 pending): counted as a failure; 2 not in service for 60 min: neither raised nor cut',
      ],
      started,
      [62, { cpu: 60 }, 'hold 6: 6 in service after 61 min; emergency false (cpu 60)'],
      happens({ running: 5, inService: 5, pending: 1 }),
      [63, { cpu: 60 }, 'hold 6: emergency false (cpu 60)'],
      [70, { cpu: 60 }, 'hold 6: emergency false (cpu 60)'],
      [71, { cpu: 60 }, 'hold 6: 1 not in service for 8 min: neither raised nor cut'],
    ]);
  });

  test('an error storm is not calm', () => {
    const signals = { cpu, errors: rps };
    tell(world({ policy: policy({ signals, scaleIn: [calm], guard }) }), [
      [0, { cpu: 5, errors: 60 }, 'hold 4: calm true 1 of 1 (cpu 5) asks 3 from 4; no scale-in: errors > 1'],
      [
        1,
        { cpu: 5, errors: 'failed' },
        'hold 4: calm true 1 of 1 (cpu 5) asks 3 from 4; no scale-in: errors > 1 is unknown',
      ],
      [2, { cpu: 30, errors: 0.2 }, '4 → 3: calm true 1 of 1 (cpu 30) asks 3 from 4'],
    ]);
  });

  test('an unhealthy target is not spare', () => {
    tell(world({ policy: policy({ scaleIn: [calm] }) }), [
      happens({ unhealthy: 1 }),
      [0, { cpu: 30 }, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; no scale-in: 1 unhealthy'],
      happens({ unhealthy: 0 }),
      [1, { cpu: 30 }, '4 → 3: calm true 1 of 1 (cpu 30) asks 3 from 4'],
    ]);
  });

  test('nothing scales in under a deployment, out stays possible', () => {
    tell(world({ policy: policy({ scaleOut: [emergency], scaleIn: [calm] }) }), [
      happens({ deploying: true, running: 8 }),
      [0, { cpu: 30 }, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; no scale-in: a deployment is in progress'],
      [1, { cpu: 95 }, '4 → 6: emergency true 1 of 1 (cpu 95) asks 6 from 4'],
      started,
      happens({ deploying: false }),
      [2, { cpu: 30 }, '6 → 5: 6 in service after 60 s; calm true 1 of 1 (cpu 30) asks 5 from 6'],
    ]);
  });

  test('a deployment whose tasks fail is not raised to max', () => {
    tell(world({ policy: policy({ scaleOut: [emergency], scaleIn: [calm] }) }), [
      [0, { cpu: 60 }, 'hold 4: emergency false (cpu 60); calm false (cpu 60)'],
      happens({ deploying: true, running: 3, inService: 3, pending: 1 }),
      [1, { cpu: 79 }, 'hold 4: emergency false (cpu 79); calm false (cpu 79)'],
      [5, { cpu: 79 }, 'hold 4: 1 not in service for 4 min: neither raised nor cut'],
      [
        6,
        { cpu: 95 },
        'hold 4: emergency true 1 of 1 (cpu 95) asks 6 from 4; 1 not in service for 5 min: neither raised nor cut',
      ],
      [
        7,
        { cpu: 100 },
        'hold 4: emergency true 1 of 1 (cpu 100) asks 6 from 4; 1 not in service for 6 min: neither raised nor cut',
      ],
    ]);
  });

  test('running above desired is normal: zone rebalancing and protected tasks do not hold', () => {
    tell(world({ policy: policy({ scaleIn: [calm] }) }), [
      happens({ running: 5, inService: 5 }),
      [0, { cpu: 30 }, '4 → 3: calm true 1 of 1 (cpu 30) asks 3 from 4'],
    ]);
  });

  test('a task that is still starting is not spare', () => {
    tell(world({ policy: policy({ scaleIn: [calm] }), service: steady(4) }), [
      [0, { cpu: 60 }, 'hold 4: calm false (cpu 60)'],
      happens({ running: 3, inService: 3, pending: 1 }),
      [1, { cpu: 30 }, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; no scale-in: 1 of 4 not in service'],
      happens({ running: 4, pending: 1, inService: 4 }),
      [2, { cpu: 30 }, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; no scale-in: 1 pending'],
      happens({ running: 4, pending: 0, inService: 4 }),
      [3, { cpu: 30 }, '4 → 3: calm true 1 of 1 (cpu 30) asks 3 from 4'],
    ]);
  });

  test('a deployment that resets the count is undone at once, up to what the load needs', () => {
    const out: Pace = { ...FREE_OUT, upTo: { percent: 100, tasks: 4, pick: 'larger', periodSeconds: 60 } };
    const targets = [perTask('cpu', 50)];
    tell(world({ policy: policy({ targets, pace: { out, in: FREE_IN } }), service: steady(20) }), [
      [0, { cpu: 50 }, 'hold 20: cpu needs 20 tasks (cpu 50), inside tolerance'],
      [1, { cpu: 40 }, '20 → 16: cpu needs 16 tasks (cpu 40)'],
      happens(steady(4, { deploying: true, running: 20, inService: 20 })),
      ['2:15', {}, '4 → 16: somebody else set 16 → 4, adopted; cpu needs 16 tasks (cpu 40)'],
    ]);
  });
});
