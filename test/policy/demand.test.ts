/** Targets: a number belongs to the tasks that made it, several targets together, queues, tolerance, and waking from zero. */
import { describe, test } from '@jest/globals';
import type { Pace, Target } from '../../lib/policy/policy.ts';
import { FREE_IN, FREE_OUT, perTask, rule, tasks } from '../support/policies.ts';
import { cpu, happens, policy, queue, rps, started, steady, tell, type World, world } from '../support/story.ts';

/** 2 s each, four at a time, nothing older than 30 s: one task a 60 messages. */
const jobs: Target = {
  kind: 'backlog',
  name: 'jobs',
  signal: 'jobs',
  finishWithinSeconds: 30,
  secondsPerMessage: 2,
  parallelPerTask: 4,
  tolerance: { out: 0.1, in: 0.1 },
};

/** The source does not say how many tasks made its datapoints. */
function withoutTasks(given: World): void {
  for (const points of Object.values(given.history))
    for (const [index, [start, value]] of points.entries()) points[index] = [start, value];
}

describe('demand', () => {
  test('the average belongs to the tasks that made it, not to those that came since', () => {
    const given = world({ policy: policy({ targets: [perTask('cpu', 50)] }) });
    tell(given, [
      [1, { cpu: 90 }, '4 → 8: cpu needs 7.2 tasks (cpu 90)'],
      started,
      ['2:20', {}, 'hold 8: 8 in service after 25 s; cpu needs 7.2 tasks (cpu 90), inside tolerance'],
      [2, { cpu: 56 }, '8 → 9: cpu needs 8.96 tasks (cpu 56)'],
    ]);
  });

  test('where the source does not say how many tasks made it, the count in force then is meant', () => {
    const given = world({ policy: policy({ targets: [perTask('cpu', 50)] }) });
    tell(given, [
      [0, { cpu: 50 }, 'hold 4: cpu needs 4 tasks (cpu 50), inside tolerance'],
      [1, { cpu: 90 }, '4 → 8: cpu needs 7.2 tasks (cpu 90)'],
      started,
      withoutTasks,
      ['2:20', {}, 'hold 8: 8 in service after 25 s; cpu needs 7.2 tasks (cpu 90), inside tolerance'],
    ]);
  });

  test('a service seen for the first time was measured by the tasks that run, not by those that are desired', () => {
    const given = world({ policy: policy({ targets: [perTask('cpu', 50)] }), service: steady(4, { desired: 10 }) });
    tell(given, [
      (given) => {
        given.history.cpu = [[given.startsAt, 80]];
      },
      [1, {}, 'hold 10: cpu needs 6.4 tasks (cpu 80); no scale-in: 6 of 10 not in service'],
    ]);
  });

  test('during a deployment demand sums both revisions', () => {
    const given = world({ policy: policy({ targets: [perTask('cpu', 50)] }) });
    tell(given, [
      [0, { cpu: 50 }, 'hold 4: cpu needs 4 tasks (cpu 50), inside tolerance'],
      happens({ running: 8, inService: 8, deploying: true }),
      [1, { cpu: 26 }, 'hold 4: cpu needs 4.16 tasks (cpu 26), inside tolerance'],
      happens({ running: 8, inService: 8, deploying: true }),
      [2, { cpu: 33 }, '4 → 6: cpu needs 5.28 tasks (cpu 33)'],
    ]);
  });

  test('several targets: the largest goes out, the most cautious comes in', () => {
    const signals = { cpu, rps };
    tell(world({ policy: policy({ signals, targets: [perTask('cpu', 50), perTask('rps', 100)] }) }), [
      [1, { cpu: 70, rps: 900 }, '4 → 9: rps needs 9 tasks (rps 900)'],
      started,
      [2, { cpu: 25, rps: 900 }, 'hold 9: 9 in service after 60 s; cpu needs 4.5 tasks (cpu 25); rps still needs 9'],
      [3, { cpu: 20, rps: 600 }, '9 → 6: rps needs 6 tasks (rps 600)'],
      [4, { cpu: 20, rps: 200 }, '6 → 3: cpu needs 2.4 tasks (cpu 20)'],
    ]);
  });

  test('across the list and the targets the most cautious comes in', () => {
    const calm = rule('calm', 'cpu < 40', tasks(1));
    const calmer = rule('calmer', 'cpu < 20', tasks(3));
    tell(world({ policy: policy({ scaleIn: [calm, calmer], targets: [perTask('cpu', 50)] }), service: steady(20) }), [
      [1, { cpu: 10 }, '20 → 17: calmer true 1 of 1 (cpu 10) asks 17 from 20'],
      [3, { cpu: 30 }, '17 → 16: calm true 1 of 1 (cpu 30) asks 16 from 17'],
    ]);
  });

  test('inside its tolerance a target abstains, so that waste does not stay for ever', () => {
    const calm = rule('calm', 'cpu < 46', tasks(1));
    tell(world({ policy: policy({ scaleIn: [calm], targets: [perTask('cpu', 50)] }), service: steady(20) }), [
      [1, { cpu: 54.9 }, 'hold 20: calm false (cpu 54.9); cpu needs 22 tasks (cpu 54.9), inside tolerance'],
      [2, { cpu: 55.1 }, '20 → 23: cpu needs 22 tasks (cpu 55.1)'],
      started,
      [
        3,
        { cpu: 49 },
        'hold 23: 23 in service after 60 s; calm false (cpu 49); cpu needs 22.5 tasks (cpu 49), inside tolerance',
      ],
      [4, { cpu: 45.5 }, '23 → 22: calm true 1 of 1 (cpu 45.5) asks 22 from 23'],
      [
        5,
        { cpu: 45 },
        'hold 22: calm true (cpu 45), waits for evidence from after its last change; cpu needs 19.8 tasks (cpu 45), inside tolerance',
      ],
    ]);
  });

  test('at the very edge of its tolerance a target is inside', () => {
    tell(world({ policy: policy({ targets: [perTask('cpu', 50)] }), service: steady(4) }), [
      [1, { cpu: 55 }, 'hold 4: cpu needs 4.4 tasks (cpu 55), inside tolerance'],
      [2, { cpu: 55.1 }, '4 → 5: cpu needs 4.41 tasks (cpu 55.1)'],
    ]);
  });

  test('the last spare task of a small service is not given back and taken again', () => {
    tell(world({ policy: policy({ targets: [perTask('cpu', 50)] }), service: steady(4) }), [
      [1, { cpu: 37.5 }, 'hold 4: cpu needs 3 tasks (cpu 37.5), inside tolerance'],
      [2, { cpu: 37 }, '4 → 3: cpu needs 2.96 tasks (cpu 37)'],
    ]);
  });

  test('a backlog asks for as many tasks as finish it in time', () => {
    tell(world({ policy: policy({ signals: { cpu, jobs: queue }, targets: [jobs] }) }), [
      [1, { cpu: 50, jobs: 240 }, 'hold 4: jobs needs 4 tasks (jobs 240), inside tolerance'],
      [2, { cpu: 50, jobs: 600 }, '4 → 10: jobs needs 10 tasks (jobs 600)'],
      started,
      [
        3,
        { cpu: 50, jobs: 0 },
        '10 → 2: 10 in service after 60 s; jobs needs 0 tasks (jobs 0); min 2 (capacity.min), asked 0',
      ],
    ]);
  });

  test('waking from zero jumps straight to what the load asks for', () => {
    const out: Pace = { ...FREE_OUT, upTo: { percent: 100, tasks: 4, pick: 'larger', periodSeconds: 60 } };
    const capacity = { min: 0, max: 60 };
    const signals = { jobs: queue };
    const given = world({
      policy: policy({ signals, targets: [jobs], capacity, pace: { out, in: FREE_IN } }),
      service: steady(0),
    });
    tell(given, [
      [0, { jobs: 0 }, 'hold 0: jobs needs 0 tasks (jobs 0), inside tolerance'],
      [1, { jobs: 1800 }, '0 → 30: jobs needs 30 tasks (jobs 1800)'],
      [2, { jobs: 3000 }, '30 → 50: jobs needs 50 tasks (jobs 3000)'],
      started,
      [3, { jobs: 1 }, '50 → 1: 50 in service after 60 s; jobs needs 0.0167 tasks (jobs 1)'],
      [4, { jobs: 0 }, '1 → 0: jobs needs 0 tasks (jobs 0)'],
    ]);
  });
});
