/** Scores of runs small enough to reckon by hand. */
import { describe, expect, test } from '@jest/globals';
import type { OraclePlan } from '../../lib/sim/oracle.ts';
import { score } from '../../lib/sim/scores.ts';
import type { PlantRow } from '../../lib/sim/types.ts';
import { START } from './stage.ts';

const MINUTE = 60_000;

function row(minute: number, more: Partial<PlantRow> = {}): PlantRow {
  return {
    at: START + minute * MINUTE,
    load: 100,
    desired: 2,
    running: 2,
    inService: 2,
    cpu: 50,
    requests: 6000,
    requestsAboveCapacity: 0,
    billedTaskSeconds: 120,
    ...more,
  };
}

function day(change: (minute: number) => Partial<PlantRow> = () => ({})): PlantRow[] {
  return Array.from({ length: 1440 }, (_, minute) => row(minute, change(minute)));
}

function oracle(billedTaskSeconds: number): OraclePlan {
  return { minutes: [], billedTaskSeconds, starts: 0 };
}

/** `[minute, from, to]` */
function changes(...list: readonly (readonly [number, number, number])[]) {
  return list.map(([minute, from, to]) => ({ at: START + minute * MINUTE, from, to }));
}

describe('overload and cost', () => {
  test('overload is the share of requests, cost the multiple of the oracle’s', () => {
    const rows = day((minute) => ({ requestsAboveCapacity: minute < 144 ? 3000 : 0 }));
    expect(score(rows, [], oracle(1440 * 80))).toMatchObject({
      days: 1,
      overloadedPct: 5,
      costRatio: 1.5,
      gapMinutes: 0,
    });
  });

  test('minutes nobody knows are left out of both, and counted', () => {
    const gap = { load: null, cpu: null, requests: 0, requestsAboveCapacity: 0 };
    const rows = day((minute) => (minute < 720 ? gap : { requestsAboveCapacity: 600 }));
    expect(score(rows, [], oracle(720 * 60))).toMatchObject({
      days: 1,
      gapMinutes: 720,
      overloadedPct: 10,
      costRatio: 2,
    });
  });

  test('an oracle that needs nothing has no ratio; no request is no overload', () => {
    const rows = day(() => ({ requests: 0, load: 0 }));
    expect(score(rows, [], oracle(0))).toMatchObject({ overloadedPct: 0, costRatio: null });
    expect(score([], [], oracle(0))).toMatchObject({ days: 0, changesPerDay: 0, reversalsPerDay: 0 });
  });
});

describe('changes', () => {
  test.each([
    ['none', changes(), [0, 0, 0]],
    ['out and in with half an hour between is a reversal', changes([10, 2, 4], [40, 4, 3]), [1, 1, 1]],
    ['later than that it is none', changes([10, 2, 4], [41, 4, 3]), [1, 1, 0]],
    ['in and out again is one too', changes([10, 4, 3], [12, 3, 5]), [1, 1, 1]],
    ['the same direction never is', changes([10, 2, 3], [11, 3, 4], [12, 4, 5]), [3, 0, 0]],
    ['to and fro counts each turn', changes([10, 2, 3], [11, 3, 2], [12, 2, 3], [13, 3, 2]), [2, 2, 3]],
    ['a change to the same count is none', changes([10, 2, 3], [11, 3, 3], [12, 3, 2]), [1, 1, 1]],
  ])('%s', (_, list, [scaleOuts, scaleIns, reversalsPerDay]) => {
    const scores = score(day(), list, oracle(1));
    expect(scores).toMatchObject({ scaleOuts, scaleIns, reversalsPerDay });
    expect(scores.changesPerDay).toBe((scaleOuts ?? 0) + (scaleIns ?? 0));
  });

  test('per day means per day of the run', () => {
    const twoDays = [...day(), ...day().map((one) => ({ ...one, at: one.at + 1440 * MINUTE }))];
    expect(score(twoDays, changes([10, 2, 4], [20, 4, 2]), oracle(1))).toMatchObject({
      days: 2,
      changesPerDay: 1,
      reversalsPerDay: 0.5,
    });
  });
});
