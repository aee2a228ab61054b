/** Who set a count is told with it where it is known, whichever comes first: the count or the name. */
import { describe, expect, test } from '@jest/globals';
import { perTask, rule, tasks } from '../support/policies.ts';
import { cpu, happens, MINUTE, policy, type Row, somebodySets, T0, tell, type World, world } from '../support/story.ts';

const MIRA = 'arn:aws:sts::123456789012:assumed-role/ops/mira';
const warm = rule('warm', 'cpu > 70', tasks(1));

/** CloudTrail tells of an `UpdateService` that was called so many minutes into the story. */
function heardOf(desired: number, minute: number, principal = MIRA): Row {
  return happens({ update: { at: T0 + minute * MINUTE, desired, principal } });
}

const quiet = () => world({ policy: policy({ targets: [perTask('cpu', 50)], signals: { cpu } }) });
const HOLD = 'cpu needs 4 tasks (cpu 50), inside tolerance';

describe('the name of who set a count', () => {
  test('that comes before the count is seen is told with it', () => {
    tell(quiet(), [
      [0, { cpu: 50 }, `hold 4: ${HOLD}`],
      heardOf(9, 1),
      [1, { cpu: 50 }, `hold 4: ${HOLD}`],
      somebodySets(9),
      [2, { cpu: 22 }, `9 → 4: ${MIRA} set 4 → 9, adopted; cpu needs 3.96 tasks (cpu 22)`],
    ]);
  });

  test('that comes later is told then, once', () => {
    tell(quiet(), [
      [0, { cpu: 50 }, `hold 4: ${HOLD}`],
      somebodySets(5),
      [1, { cpu: 40 }, 'hold 5: somebody else set 4 → 5, adopted; cpu needs 4 tasks (cpu 40), inside tolerance'],
      heardOf(5, 1),
      [2, { cpu: 40 }, `hold 5: it was ${MIRA} who set 4 → 5; cpu needs 4 tasks (cpu 40), inside tolerance`],
      [3, { cpu: 40 }, 'hold 5: cpu needs 4 tasks (cpu 40), inside tolerance'],
    ]);
  });

  test('of a call with another count, or from long before, is nobody here', () => {
    tell(quiet(), [
      [0, { cpu: 50 }, `hold 4: ${HOLD}`],
      heardOf(7, 1),
      somebodySets(5),
      [1, { cpu: 40 }, 'hold 5: somebody else set 4 → 5, adopted; cpu needs 4 tasks (cpu 40), inside tolerance'],
      heardOf(4, 2),
      [2, { cpu: 40 }, 'hold 5: cpu needs 4 tasks (cpu 40), inside tolerance'],
      somebodySets(4),
      [30, { cpu: 50 }, `hold 4: somebody else set 5 → 4, adopted; ${HOLD}`],
    ]);
  });

  test('stands in the breaker that three reversals open', () => {
    const undone = (minute: number): readonly Row[] => [
      heardOf(4, minute),
      somebodySets(4),
      [minute, { cpu: 80 }, `4 → 5: ${MIRA} set 5 → 4, adopted; warm true 1 of 1 (cpu 80) asks 5 from 4`],
    ];
    tell(world({ policy: policy({ scaleOut: [warm] }) }), [
      [0, { cpu: 80 }, '4 → 5: warm true 1 of 1 (cpu 80) asks 5 from 4'],
      ...undone(1),
      ...undone(2),
      heardOf(4, 3),
      somebodySets(4),
      [
        3,
        { cpu: 80 },
        `hold 4: ${MIRA} set 5 → 4, adopted; warm true 1 of 1 (cpu 80) asks 5 from 4; breaker open: ${MIRA} undoes our changes, tries again in 5 min`,
      ],
    ]);
  });

  test('comes into that breaker also when it is known only later', () => {
    const undone = (minute: number, rest: string): readonly Row[] => [
      somebodySets(4),
      [minute, { cpu: 80 }, `${rest.slice(0, 6)} somebody else set 5 → 4, adopted${rest.slice(6)}`],
    ];
    const asks = 'warm true 1 of 1 (cpu 80) asks 5 from 4';
    const given: World = world({ policy: policy({ scaleOut: [warm] }) });
    tell(given, [
      [0, { cpu: 80 }, `4 → 5: ${asks}`],
      ...undone(1, `4 → 5:; ${asks}`),
      ...undone(2, `4 → 5:; ${asks}`),
      somebodySets(4),
      [
        3,
        { cpu: 80 },
        `hold 4: somebody else set 5 → 4, adopted; ${asks}; breaker open: somebody else undoes our changes, tries again in 5 min`,
      ],
      heardOf(4, 3),
      [
        4,
        { cpu: 80 },
        `hold 4: it was ${MIRA} who set 5 → 4; ${asks}; breaker open: ${MIRA} undoes our changes, tries again in 4 min`,
      ],
    ]);
    expect(given.state.lastChange).toMatchObject({ by: 'foreign', principal: MIRA });
  });
});
