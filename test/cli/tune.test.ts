/** A policy with other numbers, and the command that sweeps them. */
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { rounded, thresholdsIn, withThresholds } from '../../lib/cli/tune/numbers-in.ts';
import { NOW, variantsOf } from '../../lib/cli/tune/variants.ts';
import { differences, UNCHANGED, vary } from '../../lib/cli/tune/vary.ts';
import { percent, perTask, policy, rule, tasks } from '../support/policies.ts';
import { schmitt } from './schmitt.ts';

jest.setTimeout(60_000);

const WEB = policy({
  scaleOut: [rule('hot', 'cpu > 85', percent(50)), rule('warm', 'cpu > 65', tasks(2), '2 of 3')],
  scaleIn: [rule('calm', 'cpu < 40', tasks(-1), '6 of 6')],
});

describe('the numbers of a condition', () => {
  test.each([
    ['cpu > 70', ['cpu 70']],
    ['70 < cpu', ['cpu 70']],
    ["(cpu > 80 && rps >= 1000.5) || avg(cpu, '5m') > 50", ['cpu 80', 'rps 1000.5', "avg(cpu, '5m') 50"]],
    ['cpu * 2 > 140', ['cpu * 2 140']],
    ['!(cpu < 3)', ['cpu 3']],
    ['jobs == 0', []],
    ['cpu > rps', []],
  ])('%s', (condition, found) => {
    const thresholds = thresholdsIn(condition, ['cpu', 'rps', 'jobs']);
    expect(thresholds.map(({ of, value }) => `${of} ${value}`)).toEqual(found);
  });

  test('are changed where they stand, and nothing else is', () => {
    const condition = '(cpu > 80 && rps > 1000) || 2.50 < rps';
    expect(withThresholds(condition, ['cpu', 'rps'], ({ value }) => value / 3)).toBe(
      '(cpu > 26.7 && rps > 333) || 0.833 < rps',
    );
  });
});

describe('a variation', () => {
  test.each([
    ['level', 1.1, ['hot: cpu > 85 → cpu > 93.5', 'warm: cpu > 65 → cpu > 71.5', 'calm: cpu < 40 → cpu < 44']],
    ['level', 1.3, ['hot: cpu > 85 → cpu > 98', 'warm: cpu > 65 → cpu > 84.5', 'calm: cpu < 40 → cpu < 52']],
    ['gap', 0.8, ['calm: cpu < 40 → cpu < 32']],
    ['step', 2, ['hot: addPercent 50 → addPercent 100', 'warm: add 2 → add 4']],
    ['step', 0.1, ['hot: addPercent 50 → addPercent 5', 'warm: add 2 → add 1']],
    ['patience', 2, ['calm: 6 of 6 → 12 of 12']],
  ] as const)('%s × %p', (knob, factor, changes) => {
    const own = vary(WEB, { ...UNCHANGED, [knob]: factor });
    expect(own && differences(WEB, own)).toEqual(changes);
  });

  test('moves a target with the thresholds', () => {
    const own = vary(policy({ targets: [perTask('cpu', 60)] }), { ...UNCHANGED, level: 0.9 });
    expect(own?.targets).toMatchObject([{ perTask: 54 }]);
  });

  test('that would scale the same load out and in is none', () => {
    expect(vary(WEB, { ...UNCHANGED, gap: 1.7 })).toBeUndefined();
  });

  test('of nothing changes nothing; of any kind leaves a policy that decides', () => {
    expect(vary(WEB, UNCHANGED)).toEqual(WEB);
    const factor = fc.double({ min: 0.3, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.record({ level: factor, gap: factor, step: factor, patience: factor }), (variation) => {
        const own = vary(WEB, variation);
        if (own === undefined) return;
        const [out, calm] = [own.scaleOut.at(-1), own.scaleIn[0]];
        const value = (when = '') => thresholdsIn(when, ['cpu'])[0]?.value ?? Number.NaN;
        expect(value(out?.when)).toBeGreaterThan(value(calm?.when));
        expect(calm?.trueFor.m).toBeLessThanOrEqual(calm?.trueFor.n ?? 0);
        expect(rounded(value(out?.when))).toBe(value(out?.when));
      }),
    );
  });
});

test('the variants begin with the policy as it is, and no two are alike', () => {
  const variants = variantsOf(WEB, ['level', 'step']);
  expect(variants[0]).toMatchObject({ name: NOW, policy: WEB });
  expect(new Set(variants.map(({ policy: own }) => JSON.stringify(own))).size).toBe(variants.length);
  expect(variants.length).toBeLessThanOrEqual(21);
  expect(variants.map(({ name }) => name)).toContain('level ×0.9, step ×2');
});

describe('schmitt tune', () => {
  const args = ['tune', '--policy', 'examples/web.yaml', '--workload', 'step', '--days', '1', '--vary', 'level'];

  test('says what is cheaper, what is calmer, and what to write for it', async () => {
    const { exitCode, stdout } = await schmitt(args);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^Over 24 hours the policy costs [\d.]+ times the oracle, and [\d.]+ % of the requests come above its capacity\. Of 6 variants /,
    );
    expect(stdout).toMatch(/^▸ now +\d/m);
  });

  test('as JSON has a run for each variant, the present one first', async () => {
    const { stdout } = await schmitt([...args, '--json']);
    const { trace, runs } = JSON.parse(stdout);
    expect([trace, runs.length, runs[0].name]).toEqual(['step', 7, 'now']);
    const costs = new Map(runs.map(({ name, costRatio }: { name: string; costRatio: number }) => [name, costRatio]));
    expect(costs.get('level ×0.7')).toBeGreaterThan(costs.get('level ×1.3') as number);
  });

  test('knows its knobs', async () => {
    const { exitCode, stderr } = await schmitt(['tune', '--policy', 'examples/web.yaml', '--vary', 'speed']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Give some of level, gap, step, patience');
  });
});
