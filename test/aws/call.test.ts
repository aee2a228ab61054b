/** The bounds around every call. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { batchesOf, inParallel } from '../../lib/aws/batches.ts';
import { clauseOf, limited, statusOf } from '../../lib/aws/call.ts';

const live = (): AbortSignal => new AbortController().signal;
const never = () => new Promise<never>(() => undefined);

describe('a limited call', () => {
  afterEach(() => void jest.useRealTimers());

  test('answers, and leaves no timer behind', async () => {
    jest.useFakeTimers();
    expect(await limited(1_000, live(), async () => 'answer')).toBe('answer');
    expect(jest.getTimerCount()).toBe(0);
  });

  test('ends at its limit even where the client does not listen, and tells the client', async () => {
    jest.useFakeTimers();
    let given: AbortSignal | undefined;
    const call = limited(1_000, live(), (signal) => {
      given = signal;
      return never();
    });
    jest.advanceTimersByTime(999);
    expect(given?.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    await expect(call).rejects.toMatchObject({ name: 'TimeoutError', message: 'no answer within 1000 ms' });
    expect(given?.aborted).toBe(true);
  });

  test('ends with the reason of the abort, and does not begin after it', async () => {
    const abort = new AbortController();
    const call = limited(1_000, abort.signal, never);
    abort.abort(new Error('the time is over'));
    await expect(call).rejects.toThrow('the time is over');
    const begun = jest.fn(never);
    await expect(limited(1_000, abort.signal, begun)).rejects.toThrow('the time is over');
    expect(begun).not.toHaveBeenCalled();
  });
});

describe('work in batches', () => {
  test('has no batch above the size', () => {
    expect(batchesOf(2, [1, 2, 3, 4, 5])).toEqual([[1, 2], [3, 4], [5]]);
    expect(batchesOf(2, [])).toEqual([]);
  });

  test('runs so many at once and no more, and answers in order', async () => {
    let [running, most] = [0, 0];
    const work = async (item: number) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return item * 10;
    };
    expect(await inParallel(3, [1, 2, 3, 4, 5, 6, 7], work)).toEqual([10, 20, 30, 40, 50, 60, 70]);
    expect(most).toBe(3);
  });

  test('starts nothing after a failure, and ends when all that runs has ended', async () => {
    const ended: number[] = [];
    const work = async (item: number) => {
      if (item === 1) throw new Error('one');
      await new Promise(setImmediate);
      ended.push(item);
    };
    await expect(inParallel(2, [1, 2, 3, 4], work)).rejects.toThrow('one');
    expect(ended).toEqual([2]);
  });
});

test('a failure is one clause, and has a status where AWS gave one', () => {
  const throttled = Object.assign(new Error('Rate exceeded'), {
    name: 'Throttling',
    $metadata: { httpStatusCode: 400 },
  });
  expect([clauseOf(throttled), statusOf(throttled)]).toEqual(['Throttling: Rate exceeded', 400]);
  expect([clauseOf(new Error('')), statusOf(new Error(''))]).toEqual(['Error', undefined]);
  expect(clauseOf('torn')).toBe('Error: torn');
});
