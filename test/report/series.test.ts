import { describe, expect, test } from '@jest/globals';
import { payloadOf } from '../../lib/report/payload.ts';
import { columnsOf, thin, type Values } from '../../lib/report/series.ts';
import { aRun } from './a-run.ts';

function unpacked({ unit, deltas }: { unit: number; deltas: Values }): Values {
  let sum = 0;
  return deltas.map((delta) => {
    sum += delta ?? 0;
    return delta === null ? null : sum * unit;
  });
}

function largest(values: Values): number {
  return Math.max(...values.map((value) => value ?? 0));
}

describe('packing', () => {
  const run = aRun();
  const { columns } = payloadOf(run);

  test('counts come back as they were', () => {
    expect(unpacked(columns.desired)).toEqual(run.rows.map(({ desired }) => desired));
  });

  test('the load comes back finer than a screen can show, and its gap stays a gap', () => {
    const most = largest(run.rows.map(({ load }) => load));
    for (const [index, value] of unpacked(columns.load).entries()) {
      const load = run.rows[index]?.load ?? null;
      if (load === null) expect(value).toBeNull();
      else expect(Math.abs((value ?? 0) - load)).toBeLessThan(most / 10_000);
    }
    expect(unpacked(columns.load).filter((value) => value === null)).toHaveLength(30);
  });

  test('the smallest overload is still above zero', () => {
    const rows = run.rows.map((row, index) => ({
      ...row,
      requestsAboveCapacity: index === 700 ? 0.001 : index === 900 ? 1e9 : 0,
    }));
    const above = unpacked(payloadOf({ ...run, rows }).columns.above);
    expect(above[700]).toBeGreaterThan(0);
    expect(above[701]).toBe(0);
  });
});

describe('thinning a long run', () => {
  const columns = columnsOf(aRun(3).rows);
  const thinned = thin(columns, 400);

  test('leaves at most as many rows as asked, in order of time', () => {
    expect(thinned.at.length).toBeLessThanOrEqual(400);
    expect(thinned.at).toEqual([...thinned.at].sort((one, other) => one - other));
    expect(new Set(Object.values(thinned).map((values) => values.length)).size).toBe(1);
  });

  test('loses no peak and no trough', () => {
    expect(largest(thinned.load)).toBe(largest(columns.load));
    expect(largest(thinned.cpu)).toBe(largest(columns.cpu));
    expect(Math.min(...thinned.desired.map(Number))).toBe(Math.min(...columns.desired.map(Number)));
  });

  test('every minute above capacity lies in a bucket that shows it', () => {
    const bucket = Math.ceil(columns.at.length / 200);
    for (const [index, above] of columns.above.entries()) {
      if ((above ?? 0) === 0) continue;
      const place = Math.floor(index / bucket) * 2;
      expect(thinned.above[place]).toBeGreaterThanOrEqual(above ?? 0);
      expect(thinned.above[place + 1]).toBeGreaterThanOrEqual(above ?? 0);
    }
  });

  test('a short run is left alone', () => {
    expect(thin(columns, columns.at.length)).toBe(columns);
  });
});
