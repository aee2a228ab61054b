/** A sweep over many services leaves room for everybody else who reads services in the account. */
import { describe, expect, test } from '@jest/globals';
import { DESCRIBE_LIMITS, describePace } from '../../lib/aws/describe-pace.ts';

const NEVER = new AbortController().signal;

/** When each of `calls` may go out, in ms, all asked for at the same moment. */
async function waits(calls: number, shards: number, clock = { now: () => 0 }): Promise<readonly number[]> {
  const waited: number[] = [];
  const pace = describePace(shards, clock, async (ms) => void waited.push(Math.round(ms)));
  for (let call = 0; call < calls; call++) await pace(NEVER);
  return waited;
}

describe('reads of services', () => {
  test('six hundred services go out at once, the next ten 83 ms later, and so on', async () => {
    expect(await waits(60, 1)).toEqual([]);
    expect(await waits(63, 1)).toEqual([83, 167, 250]);
  });

  test('four shards have a quarter each', async () => {
    expect(await waits(15, 4)).toEqual([]);
    expect(await waits(16, 4)).toEqual([333]);
  });

  test('what was owed is paid back by the next minute', async () => {
    let now = 0;
    const waited: number[] = [];
    const pace = describePace(1, { now: () => now }, async (ms) => void waited.push(Math.round(ms)));
    for (let call = 0; call < 100; call++) await pace(NEVER);
    expect(waited).toHaveLength(40);
    now = 60_000;
    for (let call = 0; call < DESCRIBE_LIMITS.burst; call++) await pace(NEVER);
    expect(waited).toHaveLength(40);
  });

  test('whoever waits when the invocation must end, ends', async () => {
    const pace = describePace(60, { now: () => 0 });
    const ending = new AbortController();
    await pace(ending.signal);
    const second = pace(ending.signal);
    ending.abort(new Error('no time left'));
    await expect(second).rejects.toThrow('no time left');
    await expect(pace(ending.signal)).rejects.toThrow('no time left');
  });
});
