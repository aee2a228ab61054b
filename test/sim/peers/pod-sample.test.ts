import { describe, expect, test } from '@jest/globals';
import { type Look, podSample, TASK_TRAITS } from '../../../lib/sim/peers/pod-sample.ts';
import type { PlantTotals } from '../../../lib/sim/types.ts';
import { at } from './seen.ts';

const CAPACITY = 100;
const NOTHING: PlantTotals = { arrived: 0, served: 0, timedOut: 0, inQueue: 0, billedTaskSeconds: 0 };

function look(seconds: number, inService: number, totals: Partial<PlantTotals> = {}): Look {
  return { at: at(seconds), inService, totals: { ...NOTHING, ...totals } };
}

const sampled = (before: Look, after: Look) => podSample(before, after, CAPACITY, TASK_TRAITS.cpu);

describe('what scraping the tasks tells of a stretch', () => {
  test('tasks that came in the middle of it served half of it: 3000 requests of four and six tasks are 60 % of five', () => {
    const sample = sampled(look(0, 4), look(10, 6, { arrived: 3500, served: 3000, inQueue: 500 }));
    expect(sample).toMatchObject({ seconds: 10, arrivedPerSecond: 350, servedPerSecond: 300, ready: 5 });
    // The base of 3 % is on top; 300 a second keep twelve of the tasks' servers busy, and 500 wait.
    expect(sample?.cpuPercent).toBeCloseTo(63);
    expect(sample?.concurrency).toBeCloseTo(512);
  });

  test('without a task in service there is no CPU, and that is not 0 %', () => {
    expect(sampled(look(0, 0), look(10, 0, { arrived: 100, inQueue: 100 }))?.cpuPercent).toBeNull();
  });

  test('a stretch of no length tells nothing', () => {
    expect(sampled(look(10, 4), look(10, 4))).toBeNull();
  });
});
