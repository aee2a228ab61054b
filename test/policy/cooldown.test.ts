/** When the next change may come after one, and how large it may be. */
import { describe, expect, test } from '@jest/globals';
import type { Pace } from '../../lib/policy/policy.ts';
import { FREE_IN, FREE_OUT, percent, perTask, rule, setTo, tasks } from '../support/policies.ts';
import {
  decideAt,
  MINUTE,
  measure,
  policy,
  rehydrated,
  somebodySets,
  started,
  steady,
  T0,
  tell,
  world,
} from '../support/story.ts';

const warm = rule('warm', 'cpu > 70', tasks(1));
const calm = rule('calm', 'cpu < 40', tasks(1));
const inPace = (parts: Partial<Pace>) => ({ out: FREE_OUT, in: { ...FREE_IN, ...parts } });
const outPace = (parts: Partial<Pace>) => ({ out: { ...FREE_OUT, ...parts }, in: FREE_IN });

describe('cooldown', () => {
  test('after out it ends when the capacity is verified and one settled period has passed', () => {
    const verified: Pace['cooldown'] = { kind: 'verified' };
    tell(world({ policy: policy({ scaleOut: [warm], scaleIn: [calm], pace: inPace({ cooldown: verified }) }) }), [
      [0, { cpu: 60 }, 'hold 4: warm false (cpu 60); calm false (cpu 60)'],
      [1, { cpu: 75 }, '4 → 5: warm true 1 of 1 (cpu 75) asks 5 from 4'],
      started,
      [
        2,
        { cpu: 30 },
        'hold 5: 5 in service after 60 s; calm true 1 of 1 (cpu 30) asks 4 from 5; cooldown in, 110 s left',
      ],
      [3, { cpu: 30 }, 'hold 5: calm true 1 of 1 (cpu 30) asks 4 from 5; cooldown in, 50 s left'],
      [4, { cpu: 30 }, '5 → 4: calm true 1 of 1 (cpu 30) asks 4 from 5'],
      [
        5,
        { cpu: 30 },
        'hold 4: warm false (cpu 30); calm true (cpu 30), waits for evidence from after its last change',
      ],
      [6, { cpu: 30 }, '4 → 3: calm true 1 of 1 (cpu 30) asks 3 from 4'],
      [
        7,
        { cpu: 30 },
        'hold 3: warm false (cpu 30); calm true (cpu 30), waits for evidence from after its last change',
      ],
    ]);
  });

  test('at the latest it ends at the learned start time and one settled period', () => {
    const verified: Pace['cooldown'] = { kind: 'verified' };
    tell(world({ policy: policy({ scaleOut: [warm], scaleIn: [calm], pace: inPace({ cooldown: verified }) }) }), [
      [0, { cpu: 60 }, 'hold 4: warm false (cpu 60); calm false (cpu 60)'],
      [1, { cpu: 75 }, '4 → 5: warm true 1 of 1 (cpu 75) asks 5 from 4'],
      [4, { cpu: 30 }, 'hold 5: calm true 1 of 1 (cpu 30) asks 4 from 5; no scale-in: 1 of 5 not in service'],
      started,
      [5, { cpu: 30 }, '5 → 4: 5 in service after 4 min; calm true 1 of 1 (cpu 30) asks 4 from 5'],
    ]);
  });

  test('one in seconds counts from the moment AWS said yes, whichever way it went', () => {
    tell(
      world({
        policy: policy({
          scaleOut: [warm],
          scaleIn: [calm],
          pace: inPace({ cooldown: { kind: 'seconds', seconds: 180 } }),
        }),
      }),
      [
        [0, { cpu: 75 }, '4 → 5: warm true 1 of 1 (cpu 75) asks 5 from 4'],
        started,
        [
          1,
          { cpu: 30 },
          'hold 5: 5 in service after 60 s; calm true 1 of 1 (cpu 30) asks 4 from 5; cooldown in, 2 min left',
        ],
        [2, { cpu: 30 }, 'hold 5: calm true 1 of 1 (cpu 30) asks 4 from 5; cooldown in, 60 s left'],
        [3, { cpu: 30 }, '5 → 4: calm true 1 of 1 (cpu 30) asks 4 from 5'],
        [5, { cpu: 30 }, 'hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; cooldown in, 60 s left'],
        [6, { cpu: 30 }, '4 → 3: calm true 1 of 1 (cpu 30) asks 3 from 4'],
      ],
    );
  });

  test('one towards in never blocks out', () => {
    const pace = inPace({ cooldown: { kind: 'seconds', seconds: 3600 } });
    tell(world({ policy: policy({ scaleOut: [warm], scaleIn: [calm], pace }) }), [
      [0, { cpu: 30 }, '4 → 3: calm true 1 of 1 (cpu 30) asks 3 from 4'],
      [1, { cpu: 75 }, '3 → 5: warm true 1 of 1 (cpu 75) asks 5 from 4'],
      started,
      [
        2,
        { cpu: 30 },
        'hold 5: 5 in service after 60 s; calm true 1 of 1 (cpu 30) asks 4 from 5; cooldown in, 59 min left',
      ],
    ]);
  });

  test('one towards out holds the rule that started it, not a larger wish', () => {
    const flood = rule('flood', 'cpu > 95', percent(100));
    const pace = outPace({ cooldown: { kind: 'seconds', seconds: 600 } });
    tell(world({ policy: policy({ scaleOut: [warm, flood], pace }) }), [
      [0, { cpu: 75 }, '4 → 5: warm true 1 of 1 (cpu 75) asks 5 from 4'],
      started,
      [
        1,
        { cpu: 75 },
        'hold 5: 5 in service after 60 s; warm true (cpu 75), waits for evidence from after its last change',
      ],
      [2, { cpu: 75 }, 'hold 5: warm true (cpu 75), waits for evidence from after its last change'],
      [3, { cpu: 75 }, 'hold 5: warm true 1 of 1 (cpu 75) asks 6 from 5; cooldown out, 7 min left'],
      [4, { cpu: 99 }, '5 → 10: flood true 1 of 1 (cpu 99) asks 10 from 5'],
    ]);
  });

  test("while it runs, another rule's smaller wish still passes", () => {
    const hot = rule('hot', 'cpu > 80', percent(100));
    const pace = outPace({ cooldown: { kind: 'seconds', seconds: 600 } });
    tell(world({ policy: policy({ scaleOut: [hot, warm], pace }) }), [
      [0, { cpu: 85 }, '4 → 8: hot true 1 of 1 (cpu 85) asks 8 from 4'],
      started,
      [1, { cpu: 50 }, 'hold 8: 8 in service after 60 s; hot false (cpu 50); warm false (cpu 50)'],
      [3, { cpu: 85 }, '8 → 9: warm true 1 of 1 (cpu 85) asks 9 from 8; cooldown out, 7 min left'],
    ]);
  });

  test('of two equal wishes the first by name speaks, also while it cools down and the other one carries the change', () => {
    const agent = rule('agent', 'cpu > 75', tasks(2));
    const zeal = rule('zeal', 'cpu > 80', tasks(2));
    const pace = outPace({ cooldown: { kind: 'seconds', seconds: 600 } });
    for (const scaleOut of [
      [agent, zeal],
      [zeal, agent],
    ])
      tell(world({ policy: policy({ scaleOut, pace }) }), [
        [0, { cpu: 77 }, '4 → 6: agent true 1 of 1 (cpu 77) asks 6 from 4'],
        started,
        [
          1,
          { cpu: 50 },
          `hold 6: 6 in service after 60 s; ${scaleOut.map(({ name }) => `${name} false (cpu 50)`).join('; ')}`,
        ],
        [3, { cpu: 77 }, 'hold 6: agent true 1 of 1 (cpu 77) asks 8 from 6; cooldown out, 7 min left'],
        [4, { cpu: 85 }, '6 → 8: agent true 1 of 1 (cpu 85) asks 8 from 6'],
      ]);
  });

  test('a change that AWS refused starts none and spends no evidence', () => {
    const given = world({ policy: policy({ scaleOut: [rule('warm', 'cpu > 70', setTo(6))] }) });
    tell(given, [[0, { cpu: 60 }, 'hold 4: warm false (cpu 60)']]);
    measure(given, 1, { cpu: 75 });
    const refused = decideAt(given, T0 + MINUTE + 55_000);
    expect(refused.decision.to).toBe(6);
    given.state = rehydrated(refused.state);
    given.service = steady(4);
    tell(given, [['2:15', {}, '4 → 6: warm true 1 of 1 (cpu 75) asks 6 from 4']]);
  });
});

describe('step limits', () => {
  test('out: 100 % or 4 tasks a minute, the larger', () => {
    const pace = outPace({ upTo: { percent: 100, tasks: 4, pick: 'larger', periodSeconds: 60 } });
    tell(world({ policy: policy({ targets: [perTask('cpu', 5)], pace }), service: steady(2) }), [
      [0, { cpu: 100 }, '2 → 6: cpu needs 40 tasks (cpu 100); at most 6 within 60 s (asked 40)'],
      ['1:20', {}, 'hold 6: cpu needs 40 tasks (cpu 100); at most 6 within 60 s (asked 40)'],
      started,
      [
        1,
        { cpu: 60 },
        '6 → 12: 6 in service after 60 s; cpu needs 72 tasks (cpu 60); at most 12 within 60 s (asked 72)',
      ],
      started,
      [
        2,
        { cpu: 20 },
        '12 → 24: 12 in service after 60 s; cpu needs 48 tasks (cpu 20); at most 24 within 60 s (asked 48)',
      ],
    ]);
  });

  test('out: the smaller, where the policy says so', () => {
    const pace = outPace({ upTo: { percent: 100, tasks: 4, pick: 'smaller', periodSeconds: 60 } });
    tell(world({ policy: policy({ targets: [perTask('cpu', 5)], pace }), service: steady(10) }), [
      [0, { cpu: 100 }, '10 → 14: cpu needs 200 tasks (cpu 100); at most 14 within 60 s (asked 200)'],
    ]);
  });

  test('in: two steps within one period share one allowance, and one task is always allowed', () => {
    const pace = inPace({ upTo: { percent: 10, tasks: 0, pick: 'larger', periodSeconds: 300 } });
    tell(world({ policy: policy({ targets: [perTask('cpu', 50)], pace }), service: steady(30) }), [
      [0, { cpu: 5 }, '30 → 27: cpu needs 3 tasks (cpu 5); at least 27 within 5 min (asked 3)'],
      [1, { cpu: 5 }, 'hold 27: cpu needs 2.7 tasks (cpu 5); at least 27 within 5 min (asked 3)'],
      [4, { cpu: 5 }, 'hold 27: cpu needs 2.7 tasks (cpu 5); at least 27 within 5 min (asked 3)'],
      [5, { cpu: 5 }, '27 → 25: cpu needs 2.7 tasks (cpu 5); at least 25 within 5 min (asked 3)'],
      somebodySets(5),
      [
        11,
        { cpu: 5 },
        'hold 5: somebody else set 25 → 5, adopted; cpu needs 0.5 tasks (cpu 5); at least 5 within 5 min (asked 1)',
      ],
      [17, { cpu: 5 }, '5 → 4: cpu needs 0.5 tasks (cpu 5); at least 4 within 5 min (asked 1)'],
    ]);
  });

  test('in: counted from the highest count of the period, however short it stood', () => {
    const pace = inPace({ upTo: { percent: 0, tasks: 5, pick: 'larger', periodSeconds: 300 } });
    const idle = rule('idle', 'cpu < 40', setTo(2));
    tell(world({ policy: policy({ scaleIn: [idle], pace }), service: steady(10) }), [
      [0, { cpu: 60 }, 'hold 10: idle false (cpu 60)'],
      somebodySets(20),
      [
        1,
        { cpu: 20 },
        '20 → 15: somebody else set 10 → 20, adopted; idle true 1 of 1 (cpu 20) asks 2 from 20; at least 15 within 5 min (asked 2)',
      ],
      [3, { cpu: 20 }, 'hold 15: idle true 1 of 1 (cpu 20) asks 2 from 15; at least 15 within 5 min (asked 2)'],
      [6, { cpu: 20 }, '15 → 10: idle true 1 of 1 (cpu 20) asks 2 from 15; at least 10 within 5 min (asked 2)'],
    ]);
  });
});
