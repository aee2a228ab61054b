/** The virtual service: what moves its counts, and what does not. */
import { describe, expect, test } from '@jest/globals';
import { serving, type Watch, watch } from './looks.ts';

/** Desired, running and pending as the decision sees them. */
function counts(seen: ReturnType<Watch['look']>) {
  const { desired, running, pending } = seen.observation.service;
  return [desired, running, pending];
}

describe('its own decisions', () => {
  test('an increase serves after the usual start time, not before', () => {
    const one = watch();
    expect(counts(one.look(0, serving(4)))).toEqual([4, 4, 0]);
    one.decide(0, 6);
    expect(counts(one.look(0.9, serving(4)))).toEqual([6, 4, 2]);
    // Assumed until it is learned: 60 s.
    expect(counts(one.look(1, serving(4)))).toEqual([6, 6, 0]);
  });

  test('a service that needs three minutes to start lets its increase wait for three', () => {
    const one = watch({}, { startSeconds: [170, 180, 180, 190] });
    one.look(0, serving(4));
    one.decide(0, 6);
    expect(counts(one.look(2.9, serving(4)))).toEqual([6, 4, 2]);
    expect(counts(one.look(3, serving(4)))).toEqual([6, 6, 0]);
  });

  test('a decrease is at once, and takes first what does not serve yet', () => {
    const one = watch();
    one.look(0, serving(4));
    one.decide(0, 7);
    one.decide(0.5, 5);
    expect(counts(one.look(0.5, serving(4)))).toEqual([5, 4, 1]);
    one.decide(0.6, 3);
    expect(counts(one.look(0.7, serving(4)))).toEqual([3, 3, 0]);
    expect(counts(one.look(5, serving(4)))).toEqual([3, 3, 0]);
  });
});

describe('what others do to the real service', () => {
  test('their counts are theirs', () => {
    const one = watch();
    one.look(0, serving(4));
    expect(counts(one.look(1, serving(9)))).toEqual([4, 4, 0]);
    expect(counts(one.look(2, serving(2)))).toEqual([4, 4, 0]);
  });

  test('a deployment runs both revisions of the virtual service too, in proportion', () => {
    const one = watch();
    one.look(0, serving(10));
    one.decide(0, 5);
    const seen = one.look(1, serving(10, { running: 16, pending: 4, deploying: true }));
    expect(counts(seen)).toEqual([5, 8, 2]);
    expect(seen.observation.service.deploying).toBe(true);
    expect(counts(one.look(2, serving(10)))).toEqual([5, 5, 0]);
  });

  test('tasks that crash are missing in proportion, and tasks above desired for another reason are not copied', () => {
    const one = watch();
    one.look(0, serving(10));
    one.decide(0, 20);
    one.look(1, serving(10));
    expect(counts(one.look(2, serving(10, { running: 8, pending: 2, unhealthy: 1 })))).toEqual([20, 16, 4]);
    expect(counts(one.look(3, serving(10, { running: 11 })))).toEqual([20, 20, 0]);
  });

  test('tasks that others have asked for and that still start are no crash', () => {
    const one = watch();
    one.look(0, serving(4));
    expect(counts(one.look(1, { desired: 8, running: 4, pending: 4 }))).toEqual([4, 4, 0]);
  });

  test('somebody stops it: it stops too, and begins again at the real count', () => {
    const one = watch();
    one.look(0, serving(4));
    one.decide(0, 6);
    expect(counts(one.look(2, serving(0)))).toEqual([0, 0, 0]);
    expect(counts(one.look(9, { desired: 3, running: 0, pending: 3 }))).toEqual([3, 0, 3]);
    expect(counts(one.look(10, serving(3)))).toEqual([3, 3, 0]);
  });

  test('a policy that may go to zero itself does not follow a zero', () => {
    const one = watch({ capacity: { min: 0, max: 9 } });
    one.look(0, serving(4));
    expect(counts(one.look(1, serving(0)))).toEqual([4, 4, 0]);
  });

  test('where ECS finds no room for the real tasks it finds none for ours', () => {
    const one = watch();
    one.look(0, serving(4));
    one.look(1, { desired: 8, running: 4, pending: 4 });
    one.decide(7, 6);
    expect(counts(one.look(8, { desired: 8, running: 4, pending: 4 }))).toEqual([6, 4, 2]);
    expect(counts(one.look(9, serving(8)))).toEqual([6, 6, 0]);
  });
});

describe('start times are learned from the real service', () => {
  /** The count rises to 8 at minute 1, and its tasks serve at `servesAt`. */
  function learned(servesAt: number, more: { deploying?: boolean } = {}) {
    const one = watch();
    one.look(0, serving(4));
    for (let minute = 1; minute < servesAt; minute++) one.look(minute, { desired: 8, running: 4, pending: 4, ...more });
    one.look(servesAt, serving(8));
    return one.virtual.startSeconds;
  }

  test('from the look that saw the increase to the look that saw its tasks', () => {
    expect(learned(4)).toEqual([180]);
  });

  test('tasks that serve at the first look took half a minute, as far as anybody knows', () => {
    expect(learned(1)).toEqual([30]);
  });

  test('an hour without room is no start time', () => {
    expect(learned(60)).toEqual([240]);
  });

  test('a deployment measures something else, and so does a count that rises to what runs anyway', () => {
    expect(learned(4, { deploying: true })).toEqual([]);
    const one = watch();
    one.look(0, serving(4, { running: 8 }));
    one.look(1, serving(8));
    expect(one.virtual.startSeconds).toEqual([]);
  });

  test('and the decision is told of them', () => {
    const one = watch({}, { startSeconds: [100, 100, 100] });
    expect(one.look(0, serving(4)).observation.service.startSeconds).toEqual({ p50: 100, p95: 100 });
  });
});
