/** Real traces through reader, plant and oracle. They lie outside the project: TRACES_DIR says where. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ratePercentile } from '../../lib/sim/load.ts';
import { planOracle } from '../../lib/sim/oracle.ts';
import { createPlant } from '../../lib/sim/plant.ts';
import { score } from '../../lib/sim/scores.ts';
import { readTrace, scaleLoad } from '../../lib/sim/trace.ts';

const FOLDER = process.env.TRACES_DIR ?? resolve(import.meta.dirname, '../..', '../shared/traces');

if (!existsSync(FOLDER)) {
  test(`real traces are not tested: there is no ${FOLDER}; set TRACES_DIR to the folder of traces`, () => {
    expect(existsSync(FOLDER)).toBe(false);
  });
} else {
  describe('real traces', () => {
    test.each([
      ['worldcup98_d00_59.csv', 59, 60, false],
      ['nasa_jul95.csv', 27.56, 60, true],
      ['ms_mongo_app_01.csv', 11, 60, false],
      ['nab_asg_cpu_misconfig.csv', 62.67, 300, true],
      ['nab_nyc_taxi.csv', 215, 1800, false],
    ])('%s is read as its index says', async (name, days, intervalSeconds, lostNoise) => {
      const trace = await readTrace(join(FOLDER, name));
      expect((trace.endsAt - trace.startsAt) / 86_400_000).toBeCloseTo(days, 1);
      expect(trace).toMatchObject({ intervalSeconds, lostNoise, gaps: 0, stepSeconds: 60 });
      const known = trace.values.filter((value) => !Number.isNaN(value)).length;
      expect(known).toBe(trace.values.length);
    });

    test('three days of a flash crowd: a fleet for the peak has no overload and costs a multiple of the oracle', async () => {
      const load = scaleLoad(await readTrace(join(FOLDER, 'worldcup98_d00_59.csv'), { last: '3d' }));
      expect(ratePercentile(load, 0.95)).toBeCloseTo(1200, 6);
      const peak = Math.ceil(Math.max(...load.values) / 100);
      const plant = createPlant({ load, seed: 1, desired: peak });
      plant.advanceTo(load.endsAt);
      const scores = score(plant.rows(), [], planOracle({ load }));
      expect(scores).toMatchObject({ days: 3, overloadedPct: 0, gapMinutes: 0, changesPerDay: 0 });
      expect(scores.costRatio).toBeGreaterThan(1.5);
    });
  });
}
