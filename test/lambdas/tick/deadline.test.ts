import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { withDeadline } from '../../../lambdas/tick/deadline.ts';
import { invocation } from './invocation.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const left = (ms: number) => invocation({ getRemainingTimeInMillis: () => ms });

/** Work that ends only when it is told to, and says what it did on its way out. */
function untilAborted(abort: AbortSignal, done: string[]): Promise<string> {
  return new Promise((resolve) => {
    abort.addEventListener('abort', () => {
      done.push('lease given back');
      resolve('stopped');
    });
  });
}

describe('a deadline', () => {
  test('stops the work one second before Lambda would, and waits for its way out', async () => {
    const done: string[] = [];
    const work = withDeadline(left(30_000), 1000, (abort) => untilAborted(abort, done));

    jest.advanceTimersByTime(28_999);
    expect(done).toEqual([]);
    jest.advanceTimersByTime(1);

    await expect(work).resolves.toBe('stopped');
    expect(done).toEqual(['lease given back']);
  });

  test('that is already past stops the work at once', async () => {
    const work = withDeadline(left(300), 1000, (abort) => untilAborted(abort, []));
    jest.advanceTimersByTime(0);
    await expect(work).resolves.toBe('stopped');
  });

  test('tells the work why', async () => {
    let reason: unknown;
    const work = withDeadline(left(1000), 1000, (abort) => {
      abort.addEventListener('abort', () => {
        reason = abort.reason;
      });
      return untilAborted(abort, []);
    });
    jest.advanceTimersByTime(0);
    await work;
    expect(reason).toEqual(new Error('The tick was stopped 1000 ms before the time limit of the function.'));
  });

  test('leaves no timer behind, whether the work ends well or not', async () => {
    await withDeadline(left(30_000), 1000, async () => 'well');
    await expect(withDeadline(left(30_000), 1000, () => Promise.reject(new Error('not well')))).rejects.toThrow();
    expect(jest.getTimerCount()).toBe(0);
  });
});
