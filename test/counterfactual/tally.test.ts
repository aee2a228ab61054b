/** The score: minutes overloaded and task-seconds, ours against theirs. */
import { describe, expect, test } from '@jest/globals';
import { idlePercent } from '../../lib/counterfactual/idle.ts';
import { type Tally, tallied } from '../../lib/counterfactual/tally.ts';
import type { Reading, ServiceObservation } from '../../lib/policy/observation.ts';
import type { ServicePolicy } from '../../lib/policy/policy.ts';
import { cpu, perTask, policy, queue, rps } from '../support/policies.ts';
import { rehydrated } from '../support/story.ts';
import { at, reading, serving, watch } from './looks.ts';

/** The real service has 10 tasks, the virtual one so many from the first minute on. */
function scored(parts: Partial<ServicePolicy>, virtual: number) {
  const own = policy(parts);
  const one = watch(parts);
  let tally: Tally | undefined;
  let known: ServicePolicy = own;
  const score = {
    look(minute: number, signals: Readonly<Record<string, Reading>> = {}, service: ServiceObservation = serving(10)) {
      const seen = one.look(minute, service, signals);
      tally = rehydrated(tallied(tally, known, { service, signals }, seen, at(minute)));
      if (minute === 0) one.decide(0, virtual);
      return tally;
    },
    changePolicy: (more: Partial<ServicePolicy>) => {
      known = policy({ ...parts, ...more });
    },
  };
  score.look(0);
  return score;
}

/** What was overloaded in the minute that began so many minutes after noon, ours first. */
function overloaded({ ours, theirs }: Tally) {
  return [ours.overloadedSeconds, theirs.overloadedSeconds];
}

describe('overload', () => {
  test('is CPU above 90 %: ours where the same load would be too much for our tasks', () => {
    const score = scored({ signals: { cpu } }, 5);
    expect(overloaded(score.look(2, { cpu: reading([1, 44, 10]) }))).toEqual([0, 0]);
    expect(overloaded(score.look(3, { cpu: reading([2, 46, 10]) }))).toEqual([60, 0]);
    expect(overloaded(score.look(4, { cpu: reading([3, 91, 10]) }))).toEqual([120, 60]);
  });

  test('a datapoint is judged once, however often it is read, and one of before the score began not at all', () => {
    const score = scored({ signals: { cpu } }, 5);
    const points = reading([-1, 99, 10], [1, 99, 10]);
    score.look(2, { cpu: points });
    const tally = score.look(3, { cpu: points });
    expect([tally.judgedSeconds, tally.saturatedSeconds, ...overloaded(tally)]).toEqual([60, 60, 60, 60]);
  });

  test('a source that does not answer judges nobody', () => {
    const score = scored({ signals: { cpu } }, 5);
    const failed: Reading = { ...reading([1, 99, 10]), status: 'partial' };
    expect(score.look(2, { cpu: failed }).judgedSeconds).toBe(0);
  });

  test('without CPU a target tells it: a fifth more than it gives each task', () => {
    const score = scored({ signals: { rps }, targets: [perTask('rps', 100)] }, 5);
    expect(overloaded(score.look(2, { rps: reading([1, 590]) }))).toEqual([0, 0]);
    const tally = score.look(3, { rps: reading([2, 610]) });
    expect(overloaded(tally)).toEqual([60, 0]);
    expect(tally.overloaded).toEqual({ words: 'rps above 120 a task', byCpu: false });
  });

  test('of a queue each has its own, and a queue that cannot be worked off in time is overload', () => {
    const target = {
      kind: 'backlog',
      name: 'jobs',
      signal: 'jobs',
      finishWithinSeconds: 60,
      secondsPerMessage: 2,
      parallelPerTask: 4,
      tolerance: { out: 0.1, in: 0.1 },
    } as const;
    const score = scored({ signals: { jobs: queue }, targets: [target] }, 5);
    // 120 messages a task in time: ten tasks can take 1,200. Five leave 600 more a minute.
    expect(overloaded(score.look(1, { jobs: reading([0, 1100]) }))).toEqual([60, 0]);
  });

  test('a policy that reads nothing of the kind is not judged', () => {
    const tally = scored({ signals: {} }, 5).look(2);
    expect([tally.overloaded, tally.judgedSeconds]).toEqual([undefined, 0]);
  });
});

describe('cost', () => {
  test('is what ran, to the second, and a gap in which nobody looked costs nobody anything', () => {
    const score = scored({ signals: { cpu } }, 20);
    // Twenty are asked for at minute 0 and serve at minute 1.
    const tally = score.look(2);
    expect([tally.ours.taskSeconds, tally.theirs.taskSeconds]).toEqual([60 * 10 + 60 * 20, 120 * 10]);
    const later = score.look(60);
    expect([later.ours.taskSeconds, later.watchedSeconds]).toEqual([tally.ours.taskSeconds, 120]);
  });

  test('changes of both are counted', () => {
    const score = scored({ signals: { cpu } }, 5);
    score.look(1, {}, serving(12));
    const tally = score.look(2, {}, serving(8));
    expect([tally.ours.changes, tally.theirs.changes]).toEqual([1, 2]);
    expect([tally.ours.desired, tally.theirs.desired]).toEqual([5, 8]);
  });
});

test('another policy is another score; its mode is not', () => {
  const score = scored({ signals: { cpu } }, 5);
  score.look(1);
  score.changePolicy({ mode: 'shadow' });
  expect(score.look(2).since).toBe(at(0));
  score.changePolicy({ capacity: { min: 3, max: 60 } });
  const tally = score.look(3);
  expect([tally.since, tally.watchedSeconds]).toEqual([at(3), 0]);
});

describe('idle CPU', () => {
  const signals = { cpu, rps };
  /** An hour in which ten tasks show 4 % without work and one percent more for each request per second and task. */
  function hour(requests: (minute: number) => number) {
    const score = scored({ signals }, 5);
    let tally = score.look(1);
    for (let minute = 1; minute < 80; minute++) {
      const rate = requests(minute);
      const measured = { cpu: reading([minute, 4 + rate / 10, 10]), rps: reading([minute, rate]) };
      tally = score.look(minute + 1, measured);
    }
    return tally;
  }

  test('is learned from how CPU follows the requests', () => {
    expect(idlePercent(hour((minute) => 300 + 10 * (minute % 20)).idle)).toBeCloseTo(4, 6);
  });

  test('is not believed while the load has not moved', () => {
    expect(idlePercent(hour((minute) => 300 + (minute % 2) * 1e-9).idle)).toBe(0);
    expect(idlePercent(undefined)).toBe(0);
  });

  test('is not work: beside it the same minute is no overload', () => {
    const learned = hour((minute) => 300 + 10 * (minute % 20));
    // 46.5 % on ten tasks: 42.5 of work each, 85 and 4 idle on five.
    const one = watch({ signals });
    one.look(0, serving(10));
    one.decide(0, 5);
    const measured = { cpu: reading([90, 46.5, 10]) };
    const seen = one.look(92, serving(10), measured);
    const judge = (tally: Tally) => {
      const service = serving(10);
      const next = tallied(
        { ...tally, judgedTo: at(90), until: at(91) },
        policy({ signals }),
        { service, signals: measured },
        seen,
        at(92),
      );
      return next.ours.overloadedSeconds - tally.ours.overloadedSeconds;
    };
    const { idle: _, ...unlearned } = learned;
    expect([judge(learned), judge(unlearned)]).toEqual([0, 60]);
  });
});
