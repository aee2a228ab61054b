import { expect, test } from '@jest/globals';
import { readSteppedLoad } from '../../lib/cli/stepped-load.ts';

const options = (seed: number) => ({ seed, tasksAtP95: 20 });

test('the load is three times as high from one moment to the next, six times in five hours', async () => {
  const { load, steps } = await readSteppedLoad(options(1), 60);
  expect((load.endsAt - load.startsAt) / 3_600_000).toBe(5);
  expect(steps).toHaveLength(6);
  for (const at of steps) {
    const rise = (load.rateAt(at) ?? 0) / (load.rateAt(at - 1) ?? 1);
    expect(rise).toBeGreaterThan(2.8);
    expect(rise).toBeLessThan(3.2);
    expect((load.rateAt(at + 20 * 60_000) ?? 0) / (load.rateAt(at) ?? 1)).toBeLessThan(0.4);
  }
});

test('steps fall anywhere in a minute; a seed has always the same ones', async () => {
  const inMinute = async (seed: number) => (await readSteppedLoad(options(seed), 60)).steps.map((at) => at % 60_000);
  expect(new Set(await inMinute(1)).size).toBeGreaterThan(3);
  expect(await inMinute(1)).toEqual(await inMinute(1));
  expect(await inMinute(1)).not.toEqual(await inMinute(2));
});
