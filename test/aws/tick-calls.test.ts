/** What a tick may read and write, counted at the local cloud; `npm run bench:act` prints it for a thousand services too. */
import { expect, test } from '@jest/globals';
import { measureTicks } from '../../bench/act/measure.ts';

test.each([1, 30])(
  'a quiet tick of %d services writes the lease twice and the rings once, a change three times more, and reads its headroom',
  async (services) => {
    const [quiet, change] = await measureTicks(services);
    const lease = { UpdateItem: 2, Query: 1, BatchGetItem: 1, GetItem: 1 };
    const describing = Math.ceil(services / 10);
    expect(quiet).toMatchObject({ writes: 3, changed: 0 });
    expect(quiet?.calls).toEqual({ ...lease, PutItem: 1, DescribeServices: describing, GetMetricData: 1 });
    expect(change).toMatchObject({ writes: 6, changed: 1 });
    expect(change?.calls).toEqual({
      ...{ ...lease, GetItem: 2 },
      ...{ PutItem: 3, BatchWriteItem: 1, DescribeServices: describing + 1, GetMetricData: 1, UpdateService: 1 },
    });
  },
  60_000,
);
