/** One number from two sources. */
import { expect, test } from '@jest/globals';
import { agreementOf } from '../../../lib/aws/signals/canary.ts';
import type { Datapoint, Reading } from '../../../lib/policy/observation.ts';
import { minutesAgo } from '../../contracts/signals.ts';

const complete = (...points: Datapoint[]): Reading => ({
  status: 'complete',
  periodSeconds: 60,
  values: minutesAgo(...points),
});
const trusted = complete([5, 200], [4, 220], [3, 210], [2, 0]);

test.each<[string, Reading, number, boolean, string]>([
  ['within a bucket', complete([5, 190], [4, 230], [3, 210]), 0.1, true, 'differ by at most 5.0 %, and 10.0 % may be'],
  ['a zero is a zero', complete([5, 200], [4, 220], [2, 0]), 0, true, 'over 3 periods they differ by at most 0.0 %'],
  ['one period that is far off', complete([5, 200], [4, 220], [3, 300]), 0.1, false, 'differ by at most 42.9 %'],
  ['too few to say', complete([5, 200], [4, 220]), 0.1, false, 'both have 2 periods in common, and 3 are needed'],
  ['other periods', complete([9, 200], [8, 220], [7, 1]), 0.1, false, 'both have 0 periods in common'],
  ['a source that failed', { ...trusted, status: 'failed', cause: 'down' }, 0.1, false, 'down'],
])('%s', (_, other, tolerance, agrees, because) => {
  expect(agreementOf(other, trusted, tolerance)).toMatchObject({ agrees, because: expect.stringContaining(because) });
});
