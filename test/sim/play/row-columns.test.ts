/** Pictures of long runs: as they come, and no peak lost. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ColumnWriter, type RowColumns } from '../../../lib/sim/play/row-columns.ts';
import type { PlantRow } from '../../../lib/sim/types.ts';

const row = (minute: number, load: number | null): PlantRow => ({
  at: minute * 60_000,
  load,
  desired: 1,
  running: 1,
  inService: 1,
  cpu: load,
  requests: load ?? 0,
  requestsAboveCapacity: (load ?? 0) * 60,
  billedTaskSeconds: 60,
});

function columnsOf(loads: readonly (number | null)[], mostPoints: number): RowColumns {
  const writer = new ColumnWriter(loads.length, mostPoints);
  for (const [minute, load] of loads.entries()) writer.take(row(minute, load));
  return writer.finish();
}

describe('a picture', () => {
  test('of few minutes has them all', () => {
    const { at, values, bucketMinutes } = columnsOf([3, null, 5], 10);
    expect([[...at], [...values.load], bucketMinutes]).toEqual([[0, 60, 120], [3, Number.NaN, 5], 1]);
  });

  test('of many leaves the smallest and the largest of each bucket, in the order they came', () => {
    const { at, values, bucketMinutes } = columnsOf([3, 9, 1, 4, 4, 8], 4);
    expect(bucketMinutes).toBe(3);
    expect([...at]).toEqual([0, 90, 180, 270]);
    expect([...values.load]).toEqual([9, 1, 4, 8]);
    expect([...values.above]).toEqual([9, 9, 8, 8]);
  });

  test('is unknown only where the whole bucket is', () => {
    expect([...columnsOf([null, null, null, 7, null, null], 4).values.load]).toEqual([Number.NaN, Number.NaN, 7, 7]);
  });

  test('keeps the extremes of any run, and never more points than asked for', () => {
    const loads = fc.array(fc.option(fc.integer({ min: 0, max: 1000 })), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(loads, fc.integer({ min: 4, max: 60 }), (all, mostPoints) => {
        const { at, values } = columnsOf(all, mostPoints);
        const known = all.filter((load) => load !== null);
        const drawn = [...values.load].filter((value) => !Number.isNaN(value));
        expect(at).toHaveLength(values.load.length);
        expect(at.length).toBeLessThanOrEqual(Math.max(mostPoints, 0));
        expect([...at].every((second, i) => i === 0 || second > (at[i - 1] ?? 0))).toBe(true);
        if (known.length === 0) expect(drawn).toEqual([]);
        else expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([Math.min(...known), Math.max(...known)]);
      }),
    );
  });
});
