/** Whether a service can give tasks back, and deploy. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DrainFacts, deadlockWarnings, drainWarnings, isDeadlocked } from '../../../lib/policy/headroom/drain.ts';

const web: DrainFacts = {
  stopTimeoutSeconds: 30,
  deregistrationSeconds: [60],
  hasContainerCheck: false,
  unhealthyAfterSeconds: [60],
  isFargate: true,
};
const worker: DrainFacts = { ...web, deregistrationSeconds: [], unhealthyAfterSeconds: [], hasContainerCheck: true };

describe('draining', () => {
  test('of an ordinary web service and an ordinary worker is in order', () => {
    expect([drainWarnings(web), drainWarnings(worker)]).toEqual([[], []]);
  });

  test.each<[string, DrainFacts, RegExp]>([
    ['without a delay drops requests', { ...web, deregistrationSeconds: [60, 0] }, /deregistration delay is 0 s/],
    [
      'of a worker kills what takes longer',
      { ...worker, secondsPerMessage: 45 },
      /A message takes 45 s, and stopTimeout kills a task after 30 s, .*: set stopTimeout to 45 s or more\.$/,
    ],
    ['on Fargate has an end', { ...worker, secondsPerMessage: 300 }, /Fargate waits at most 120 s: protect tasks/],
    [
      'on instances has none',
      { ...worker, isFargate: false, secondsPerMessage: 300 },
      /set stopTimeout to 300 s or more\.$/,
    ],
    ['needs time at all', { ...web, stopTimeoutSeconds: 0 }, /stopTimeout is 0 s/],
    [
      'is not waited for where checks are slower than it',
      { ...web, unhealthyAfterSeconds: [100] },
      /finds a task unhealthy after 100 s, longer than a task takes to stop \(90 s\)/,
    ],
    ['cannot be seen without any check', { ...worker, hasContainerCheck: false }, /neither a load balancer nor/],
  ])('%s', (_, facts, warning) => {
    expect(drainWarnings(facts)).toEqual([expect.stringMatching(warning)]);
  });
});

describe('a rolling deployment', () => {
  test('that may neither start nor stop a task never ends, and the counts are named', () => {
    expect(deadlockWarnings({ min: 2, max: 20 }, { minimumHealthyPercent: 90, maximumPercent: 125 })).toEqual([
      'At 2 to 3 tasks a deployment can neither start nor stop one (minimumHealthyPercent 90, maximumPercent 125): set maximumPercent to 150 or more.',
    ]);
    expect(deadlockWarnings({ min: 4, max: 20 }, { minimumHealthyPercent: 90, maximumPercent: 125 })).toEqual([]);
    expect(deadlockWarnings({ min: 0, max: 1 }, { minimumHealthyPercent: 100, maximumPercent: 100 })).toEqual([
      expect.stringMatching(/^At 1 task .* set maximumPercent to 200 or more\.$/),
    ]);
    expect(deadlockWarnings({ min: 1, max: 5000 }, { minimumHealthyPercent: 100, maximumPercent: 200 })).toEqual([]);
  });

  test('proceeds with the maximum that is recommended (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 100 }), (tasks, healthy) => {
        const enough = 100 + Math.ceil(100 / tasks);
        for (const more of [tasks, tasks + 1, 3 * tasks])
          expect(isDeadlocked(more, { minimumHealthyPercent: healthy, maximumPercent: enough })).toBe(false);
      }),
    );
  });
});
