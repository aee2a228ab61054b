/** Each story is one answer of the design, named after the incident it prevents. The expected column is what the operator reads. */
import { describe, test } from '@jest/globals';
import { percent, rule, tasks } from '../support/policies.ts';
import { policy, started, tell, world } from '../support/story.ts';

const emergency = rule('emergency', 'cpu > 80', percent(50, 2));
const warm = rule('warm', 'cpu > 70', tasks(1), '3 of 3');
const calm = rule('calm', 'cpu < 40', tasks(1), '3 of 3');

describe('two thresholds and a memory', () => {
  test('between the thresholds nothing moves', () => {
    tell(world({ policy: policy({ scaleOut: [warm], scaleIn: [calm] }) }), [
      [0, { cpu: 55 }, 'hold 4: warm false (cpu 55); calm false (cpu 55)'],
      [1, { cpu: 60 }, 'hold 4: warm false (cpu 60); calm false (cpu 60)'],
      [2, { cpu: 45 }, 'hold 4: warm false (cpu 45); calm false (cpu 45)'],
    ]);
  });

  test('one hot minute is not a trend', () => {
    tell(world({ policy: policy({ scaleOut: [warm], scaleIn: [calm] }) }), [
      [0, { cpu: 55 }, 'hold 4: warm false (cpu 55); calm false (cpu 55)'],
      [1, { cpu: 75 }, 'hold 4: warm true 1 of 3 (cpu 75), 2 more periods would do'],
      [2, { cpu: 77 }, 'hold 4: warm true 2 of 3 (cpu 77), 1 more period would do'],
      [3, { cpu: 60 }, 'hold 4: warm false (cpu 60); calm false (cpu 60)'],
      [4, { cpu: 71 }, 'hold 4: warm true 2 of 3 (cpu 71), 2 more periods would do'],
      [5, { cpu: 72 }, 'hold 4: warm true 2 of 3 (cpu 72), 1 more period would do'],
      [6, { cpu: 73 }, '4 → 5: warm true 3 of 3 (cpu 73) asks 5 from 4'],
    ]);
  });

  test('a spike is answered once', () => {
    tell(world({ policy: policy({ scaleOut: [emergency, warm], scaleIn: [calm] }) }), [
      [0, { cpu: 60 }, 'hold 4: emergency false (cpu 60); warm false (cpu 60); calm false (cpu 60)'],
      [1, { cpu: 95 }, '4 → 6: emergency true 1 of 1 (cpu 95) asks 6 from 4'],
      [2, { cpu: 95 }, 'hold 6: emergency true (cpu 95), waits for evidence from after its last change'],
      [
        3,
        { cpu: 95 },
        'hold 6: emergency true (cpu 95), waits for evidence from after its last change; warm true 3 of 3 (cpu 95) asks 5 from 4; 2 already starting',
      ],
      started,
      [
        4,
        { cpu: 90 },
        'hold 6: 6 in service after 3 min; emergency true (cpu 90), waits for evidence from after its last change; warm true 3 of 3 (cpu 90) asks 5 from 4; 6 already answers it',
      ],
      [5, { cpu: 60 }, 'hold 6: emergency false (cpu 60); warm false (cpu 60); calm false (cpu 60)'],
      [6, { cpu: 60 }, 'hold 6: emergency false (cpu 60); warm false (cpu 60); calm false (cpu 60)'],
    ]);
  });

  test('a spike that grows is answered again once its tasks are in service', () => {
    tell(world({ policy: policy({ scaleOut: [emergency], scaleIn: [calm] }) }), [
      [0, { cpu: 60 }, 'hold 4: emergency false (cpu 60); calm false (cpu 60)'],
      [1, { cpu: 95 }, '4 → 6: emergency true 1 of 1 (cpu 95) asks 6 from 4'],
      started,
      [
        2,
        { cpu: 95 },
        'hold 6: 6 in service after 60 s; emergency true (cpu 95), waits for evidence from after its last change',
      ],
      [3, { cpu: 95 }, 'hold 6: emergency true (cpu 95), waits for evidence from after its last change'],
      [4, { cpu: 95 }, '6 → 9: emergency true 1 of 1 (cpu 95) asks 9 from 6'],
    ]);
  });

  test('calm gives back one task at a time, on fresh evidence', () => {
    tell(world({ policy: policy({ scaleOut: [warm], scaleIn: [calm] }) }), [
      [0, { cpu: 30 }, 'hold 4: warm false (cpu 30); calm unknown (cpu 30)'],
      [1, { cpu: 30 }, 'hold 4: warm false (cpu 30); calm unknown (cpu 30)'],
      [2, { cpu: 30 }, '4 → 3: calm true 3 of 3 (cpu 30) asks 3 from 4'],
      [
        3,
        { cpu: 30 },
        'hold 3: warm false (cpu 30); calm true (cpu 30), waits for evidence from after its last change',
      ],
      [4, { cpu: 30 }, '3 → 2: calm true 3 of 3 (cpu 30) asks 2 from 3'],
      [
        5,
        { cpu: 30 },
        'hold 2: warm false (cpu 30); calm true (cpu 30), waits for evidence from after its last change',
      ],
      [6, { cpu: 30 }, 'hold 2: calm true 3 of 3 (cpu 30) asks 1 from 2; min 2 (capacity.min), asked 1'],
      [7, { cpu: 30 }, 'hold 2: calm true 3 of 3 (cpu 30) asks 1 from 2; min 2 (capacity.min), asked 1'],
    ]);
  });
});
