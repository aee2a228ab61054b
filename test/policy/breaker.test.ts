/** What fails again and again is not tried again at once; one success closes it. */
import { describe, expect, test } from '@jest/globals';
import { type Breaker, standingOf, tripped, withFailure } from '../../lib/policy/breaker.ts';
import type { Override } from '../../lib/policy/policy.ts';
import { EMPTY_STATE } from '../../lib/policy/state.ts';
import { rule, setTo, tasks } from '../support/policies.ts';
import {
  happens,
  operatorWrites,
  policy,
  somebodySets,
  started,
  steady,
  T0,
  tell,
  type World,
  world,
} from '../support/story.ts';

const MINUTE = 60_000;
const DENIED = 'AccessDeniedException: not allowed';
const warm = rule('warm', 'cpu > 70', tasks(1));
const calm = rule('calm', 'cpu < 40', tasks(1));

/** ECS said no, so often, at minute `minute`. */
function refused(minute: number, times: number): Breaker {
  let breaker: Breaker | undefined;
  for (let i = 0; i < times; i++) breaker = withFailure(breaker, T0 + minute * MINUTE, DENIED);
  if (breaker === undefined) throw new RangeError('never is no failure');
  return breaker;
}

function broken(times: number, more: Partial<World> = {}): World {
  const given = world({ policy: policy({ scaleOut: [warm], scaleIn: [calm] }), ...more });
  given.state = { ...EMPTY_STATE, breaker: refused(0, times) };
  return given;
}

describe('the breaker of a service', () => {
  test('two failures are no pattern', () => {
    tell(broken(2), [[1, { cpu: 90 }, '4 → 5: warm true 1 of 1 (cpu 90) asks 5 from 4']]);
  });

  test('three in a row open it: what was asked for is said and not done', () => {
    tell(broken(3), [
      [
        1,
        { cpu: 90 },
        `hold 4: warm true 1 of 1 (cpu 90) asks 5 from 4; breaker open after 3 failures: ${DENIED}, tries again in 3 min`,
      ],
      [2, { cpu: 60 }, `hold 4: breaker open after 3 failures: ${DENIED}, tries again in 2 min`],
      [
        3,
        { cpu: 30 },
        `hold 4: calm true 1 of 1 (cpu 30) asks 3 from 4; breaker open after 3 failures: ${DENIED}, tries again in 65 s`,
      ],
    ]);
  });

  test('after the back-off one change is tried; in service it closes', () => {
    tell(broken(3), [
      [5, { cpu: 90 }, '4 → 5: warm true 1 of 1 (cpu 90) asks 5 from 4'],
      [
        6,
        { cpu: 90 },
        'hold 5: warm true (cpu 90), waits for evidence from after its last change; breaker half open: waits for what becomes of the change that is tried',
      ],
      started,
      [
        7,
        { cpu: 60 },
        'hold 5: 5 in service after 2 min; a change succeeded after 3 failures: breaker closed; warm false (cpu 60); calm false (cpu 60)',
      ],
      [8, { cpu: 30 }, '5 → 4: calm true 1 of 1 (cpu 30) asks 4 from 5'],
    ]);
  });

  test('a decrease that ECS took closes it too', () => {
    tell(broken(3), [
      [5, { cpu: 30 }, '4 → 3: calm true 1 of 1 (cpu 30) asks 3 from 4'],
      [
        6,
        { cpu: 60 },
        'hold 3: a change succeeded after 3 failures: breaker closed; warm false (cpu 60); calm false (cpu 60)',
      ],
    ]);
  });

  test('tasks that come late close it while it is still open', () => {
    const given = broken(2);
    tell(given, [
      [0, { cpu: 90 }, '4 → 5: warm true 1 of 1 (cpu 90) asks 5 from 4'],
      happens({ pending: 0 }),
      [
        4,
        { cpu: 60 },
        'hold 5: 1 of 5 not in service 4 min after 4 → 5 (1 not started): counted as a failure; 1 not in service for 4 min: neither raised nor cut; breaker open after 3 failures: 4 → 5 not in service after 4 min (1 not started), tries again in 5 min',
      ],
      started,
      [
        6,
        { cpu: 60 },
        'hold 5: 5 in service after 6 min; a change succeeded after 3 failures: breaker closed; warm false (cpu 60); calm false (cpu 60)',
      ],
    ]);
  });

  test('a count that a person asks for passes; the bounds of the policy wait and are named', () => {
    const given = broken(3);
    const floor: Override = {
      id: 'o1',
      scope: 'prod/checkout',
      set: { kind: 'floor', tasks: 9 },
      owner: 'mira',
      reason: 'sale',
      expiresAt: T0 + 3_600_000,
    };
    tell(given, [
      operatorWrites({ min: 6, max: 60 }),
      [
        1,
        { cpu: 60 },
        `hold 4: min 6 (capacity.min), asked 4; breaker open after 3 failures: ${DENIED}, tries again in 3 min`,
      ],
      (asked) => {
        asked.overrides = [floor];
      },
      [2, { cpu: 60 }, '4 → 9: min 9 (floor by mira), asked 4'],
    ]);
  });

  test('a change given up waiting for is counted once, and nothing is piled on', () => {
    const given = world({ policy: policy({ scaleOut: [warm, rule('flood', 'cpu > 95', setTo(30))] }) });
    tell(given, [
      [0, { cpu: 80 }, '4 → 5: warm true 1 of 1 (cpu 80) asks 5 from 4'],
      [
        4,
        { cpu: 99 },
        'hold 5: 1 of 5 not in service 4 min after 4 → 5 (1 pending): counted as a failure; warm true 1 of 1 (cpu 99) asks 6 from 5; flood true 1 of 1 (cpu 99) asks 30 from 5; 1 not in service for 4 min: neither raised nor cut',
      ],
      [
        5,
        { cpu: 99 },
        'hold 5: warm true 1 of 1 (cpu 99) asks 6 from 5; flood true 1 of 1 (cpu 99) asks 30 from 5; 1 not in service for 5 min: neither raised nor cut',
      ],
    ]);
    expect(given.state.breaker?.failures).toBe(1);
  });

  test("somebody else's change is not our failure", () => {
    const given = world({ policy: policy({ scaleOut: [warm] }) });
    tell(given, [
      [0, { cpu: 60 }, 'hold 4: warm false (cpu 60)'],
      somebodySets(5),
      happens(steady(5, { running: 4, inService: 4, pending: 1 })),
      [1, { cpu: 60 }, 'hold 5: somebody else set 4 → 5, adopted; warm false (cpu 60)'],
      [9, { cpu: 60 }, 'hold 5: 1 not in service for 8 min: neither raised nor cut'],
    ]);
    expect(given.state.breaker).toBeUndefined();
  });
});

describe('the back-off', () => {
  test('doubles from five minutes to an hour, and what fails while it is open changes nothing', () => {
    let breaker = refused(0, 3);
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      const { at, openUntil = 0 } = breaker;
      waits.push((openUntil - at) / MINUTE);
      expect([standingOf(breaker, openUntil - 1), standingOf(breaker, openUntil)]).toEqual(['open', 'halfOpen']);
      expect(withFailure(breaker, openUntil - 1, DENIED).openUntil).toBe(openUntil);
      breaker = withFailure(breaker, openUntil, DENIED);
    }
    expect(waits).toEqual([5, 10, 20, 40, 60, 60]);
  });

  test('begins anew after a success, which leaves no breaker', () => {
    expect(standingOf(undefined, T0)).toBe('closed');
    expect(tripped(undefined, T0, 'undone').openUntil).toBe(T0 + 5 * MINUTE);
  });
});
