/** Tasks of a change that are not in service in time: the sentence says what became of them. */
import { describe, test } from '@jest/globals';
import { rule, tasks } from '../support/policies.ts';
import { happens, MINUTE, policy, steady, T0, tell, world } from '../support/story.ts';

const emergency = rule('emergency', 'cpu > 90', tasks(2));
const OUT_OF_MEMORY = 'Essential container in task exited (app: exit code 137, OutOfMemoryError)';
const stopped = (minute: number, says: string) => ({ at: T0 + minute * MINUTE, says });
const given = () => world({ policy: policy({ scaleOut: [emergency] }) });
const BEGIN = [0, { cpu: 95 }, '4 → 6: emergency true 1 of 1 (cpu 95) asks 6 from 4'] as const;
const UNPLACED = 'neither raised nor cut';

describe('tasks that are not in service after twice the time that starting takes', () => {
  test('stopped: why, the commonest first, and none from before the change', () => {
    const later = [
      stopped(1, 'CannotPullContainerError: not found'),
      stopped(2, OUT_OF_MEMORY),
      stopped(3, OUT_OF_MEMORY),
    ];
    tell(given(), [
      BEGIN,
      happens({ ...steady(4), desired: 6, stopped: [stopped(-3, 'Spot interruption'), ...later] }),
      [
        5,
        { cpu: 60 },
        `hold 6: 2 of 6 not in service 5 min after 4 → 6 (2 not started, 2 stopped: ${OUT_OF_MEMORY}, 1 stopped: CannotPullContainerError: not found): counted as a failure; 2 not in service for 5 min: ${UNPLACED}`,
      ],
    ]);
  });

  test('unhealthy: by which check', () => {
    const unhealthyBecause = 'Health checks failed with these codes: [502]';
    tell(given(), [
      BEGIN,
      happens({ desired: 6, running: 6, pending: 0, inService: 4, unhealthy: 2, unhealthyBecause }),
      [
        5,
        { cpu: 60 },
        `hold 6: 2 of 6 not in service 5 min after 4 → 6 (2 unhealthy: ${unhealthyBecause}): counted as a failure; 2 not in service for 5 min: ${UNPLACED}`,
      ],
    ]);
  });

  test('where nobody may ask, that is what it says', () => {
    tell(given(), [
      BEGIN,
      happens({ ...steady(4), desired: 6, pending: 2, stoppedUnknown: 'AccessDeniedException: no' }),
      [
        5,
        { cpu: 60 },
        `hold 6: 2 of 6 not in service 5 min after 4 → 6 (2 pending, why tasks stopped is unknown: AccessDeniedException: no): counted as a failure; 2 not in service for 5 min: ${UNPLACED}`,
      ],
      [6, { cpu: 95 }, `hold 6: emergency true 1 of 1 (cpu 95) asks 8 from 6; 2 not in service for 6 min: ${UNPLACED}`],
    ]);
  });
});
