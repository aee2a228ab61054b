/** One piece of evidence acts once: what keeps an answer from being given again before it could work. */
import { describe, test } from '@jest/globals';
import { percent, perTask, rule, tasks } from '../support/policies.ts';
import { policy, started, tell, world } from '../support/story.ts';

const emergency = rule('emergency', 'cpu > 80', percent(50, 2));
const calm = rule('calm', 'cpu < 40', tasks(1), '3 of 3');

describe('one piece of evidence acts once', () => {
  test('+50 % does not compound while tasks start', () => {
    tell(world({ policy: policy({ scaleOut: [emergency] }) }), [
      [0, { cpu: 60 }, 'hold 4: emergency false (cpu 60)'],
      [1, { cpu: 100 }, '4 → 6: emergency true 1 of 1 (cpu 100) asks 6 from 4'],
      [2, { cpu: 100 }, 'hold 6: emergency true (cpu 100), waits for evidence from after its last change'],
      [3, { cpu: 100 }, 'hold 6: emergency true (cpu 100), waits for evidence from after its last change'],
      [4, { cpu: 100 }, 'hold 6: emergency true (cpu 100), waits for evidence from after its last change'],
      started,
      [
        5,
        { cpu: 100 },
        'hold 6: 6 in service after 4 min; emergency true (cpu 100), waits for evidence from after its last change',
      ],
      [6, { cpu: 100 }, 'hold 6: emergency true (cpu 100), waits for evidence from after its last change'],
      [7, { cpu: 100 }, '6 → 9: emergency true 1 of 1 (cpu 100) asks 9 from 6'],
    ]);
  });

  test('a 20 s tick does not answer a 60 s datapoint three times', () => {
    tell(world({ policy: policy({ cadenceSeconds: 20, scaleOut: [emergency] }) }), [
      [0, { cpu: 60 }, 'hold 4: emergency false (cpu 60)'],
      [1, { cpu: 95 }, '4 → 6: emergency true 1 of 1 (cpu 95) asks 6 from 4'],
      ['2:15', {}, 'hold 6: emergency true (cpu 95), already answered on this evidence'],
      ['2:35', {}, 'hold 6: emergency true (cpu 95), already answered on this evidence'],
      started,
      [
        2,
        { cpu: 95 },
        'hold 6: 6 in service after 60 s; emergency true (cpu 95), waits for evidence from after its last change',
      ],
      ['3:15', {}, 'hold 6: emergency true (cpu 95), waits for evidence from after its last change'],
      [3, { cpu: 95 }, 'hold 6: emergency true (cpu 95), waits for evidence from after its last change'],
      ['4:15', {}, 'hold 6: emergency true (cpu 95), waits for evidence from after its last change'],
      [4, { cpu: 95 }, '6 → 9: emergency true 1 of 1 (cpu 95) asks 9 from 6'],
      ['5:15', {}, 'hold 9: emergency true (cpu 95), already answered on this evidence'],
    ]);
  });

  test("another rule's larger wish passes at once", () => {
    const flood = rule('flood', 'cpu > 95', percent(100));
    tell(world({ policy: policy({ scaleOut: [emergency, flood] }) }), [
      [0, { cpu: 60 }, 'hold 4: emergency false (cpu 60); flood false (cpu 60)'],
      [1, { cpu: 90 }, '4 → 6: emergency true 1 of 1 (cpu 90) asks 6 from 4'],
      [2, { cpu: 99 }, '6 → 8: flood true 1 of 1 (cpu 99) asks 8 from 4'],
      [
        3,
        { cpu: 99 },
        'hold 8: emergency true 1 of 1 (cpu 99) asks 6 from 4; flood true (cpu 99), waits for evidence from after its last change; 4 already starting',
      ],
    ]);
  });

  test("another rule's smaller wish is answered by what is already starting", () => {
    const warm = rule('warm', 'cpu > 70', tasks(1));
    tell(world({ policy: policy({ scaleOut: [emergency, warm] }) }), [
      [0, { cpu: 60 }, 'hold 4: emergency false (cpu 60); warm false (cpu 60)'],
      [1, { cpu: 90 }, '4 → 6: emergency true 1 of 1 (cpu 90) asks 6 from 4'],
      [2, { cpu: 75 }, 'hold 6: warm true 1 of 1 (cpu 75) asks 5 from 4; 2 already starting'],
    ]);
  });

  test('thenWait keeps a rule silent, and nothing scales in under it', () => {
    const patient = rule('patient', 'cpu > 70', tasks(1), '1 of 1', 300);
    const idle = rule('idle', 'cpu < 90', tasks(1));
    tell(world({ policy: policy({ scaleOut: [patient], scaleIn: [idle] }) }), [
      [1, { cpu: 80 }, '4 → 5: patient true 1 of 1 (cpu 80) asks 5 from 4'],
      started,
      [
        2,
        { cpu: 80 },
        'hold 5: 5 in service after 60 s; patient true (cpu 80), waits 4 min more; idle true 1 of 1 (cpu 80) asks 4 from 5',
      ],
      [3, { cpu: 80 }, 'hold 5: patient true (cpu 80), waits 3 min more; idle true 1 of 1 (cpu 80) asks 4 from 5'],
      [5, { cpu: 80 }, 'hold 5: patient true (cpu 80), waits 60 s more; idle true 1 of 1 (cpu 80) asks 4 from 5'],
      [6, { cpu: 80 }, '5 → 6: patient true 1 of 1 (cpu 80) asks 6 from 5'],
    ]);
  });

  test('a step in is not repeated on the evidence of the tasks it removed', () => {
    tell(
      world({ policy: policy({ scaleIn: [calm] }), service: { desired: 8, running: 8, pending: 0, inService: 8 } }),
      [
        [1, { cpu: 20 }, 'hold 8: calm unknown (cpu 20)'],
        [2, { cpu: 20 }, 'hold 8: calm unknown (cpu 20)'],
        [3, { cpu: 20 }, '8 → 7: calm true 3 of 3 (cpu 20) asks 7 from 8'],
        [4, { cpu: 20 }, 'hold 7: calm true (cpu 20), waits for evidence from after its last change'],
        [5, { cpu: 20 }, '7 → 6: calm true 3 of 3 (cpu 20) asks 6 from 7'],
        [6, { cpu: 20 }, 'hold 6: calm true (cpu 20), waits for evidence from after its last change'],
      ],
    );
  });

  test('a target asks for the same count twice and gets it once', () => {
    tell(world({ policy: policy({ targets: [perTask('cpu', 50)] }) }), [
      [0, { cpu: 50 }, 'hold 4: cpu needs 4 tasks (cpu 50), inside tolerance'],
      [1, { cpu: 100 }, '4 → 8: cpu needs 8 tasks (cpu 100)'],
      ['2:15', {}, 'hold 8: cpu needs 8 tasks (cpu 100), inside tolerance'],
      [2, { cpu: 100 }, 'hold 8: cpu needs 8 tasks (cpu 100), inside tolerance'],
      started,
      [3, { cpu: 50 }, 'hold 8: 8 in service after 2 min; cpu needs 8 tasks (cpu 50), inside tolerance'],
    ]);
  });

  test('whatever a rule is called: a name that every object has is remembered too', () => {
    for (const name of ['constructor', '__proto__']) {
      const odd = { ...rule('odd', 'cpu > 80', tasks(1), '1 of 1', 60), name };
      tell(world({ policy: policy({ scaleOut: [odd] }) }), [
        [0, { cpu: 'failed' }, `hold 4: ${name} unknown (cpu unknown: the source answered failed), holds 15 min more`],
        [1, { cpu: 95 }, `4 → 5: ${name} true 1 of 1 (cpu 95) asks 5 from 4`],
        ['2:15', {}, `hold 5: ${name} true (cpu 95), waits 40 s more`],
        ['2:58', {}, `hold 5: ${name} true (cpu 95), already answered on this evidence`],
      ]);
    }
  });
});
