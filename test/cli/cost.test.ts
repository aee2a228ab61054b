/** `schmitt cost` as a person runs it. */
import { describe, expect, test } from '@jest/globals';
import { schmitt } from './schmitt.ts';

describe('schmitt cost', () => {
  test('prints the month by item, with the prices’ Region and day, against target tracking', async () => {
    const { exitCode, stdout, stderr } = await schmitt(['cost', '--policy', 'examples/web.yaml']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^A month of 1 service, US dollars, list prices of us-east-1 on 2026-11-20/);
    for (const item of [
      'reads',
      'Lambda',
      'DynamoDB',
      'schedule',
      'logs',
      'own metrics',
      'alarms',
      'dashboard',
      'keys',
    ]) {
      expect(stdout).toMatch(new RegExp(`^${item} +\\d`, 'm'));
    }
    expect(stdout).toMatch(/^reads +0\.88 +87\.6k metrics$/m);
    expect(stdout).toMatch(/^own metrics +2\.00 to 6\.00/m);
    expect(stdout).toMatch(/^target tracking +0\.20 +2 alarms/m);
    expect(stdout).toMatch(/^by PromQL +0\.01 to 0\.04 +1 metric enriched and read there instead, /m);
  });

  test('for many services like those of the policy, as JSON', async () => {
    const { exitCode, stdout } = await schmitt([
      ...['cost', '--policy', 'examples/web.yaml', '--services', '10000', '--json'],
    ]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ region: 'us-east-1', date: '2026-11-20', services: 10_000 });
  });

  test.each([
    [['cost'], 'required option'],
    [['cost', '--policy', 'gone.yaml'], 'gone.yaml: there is no such file or folder'],
    [['cost', '--policy', 'examples/web.yaml', '--services', '0'], 'Give a whole number from 1 to 1000000.'],
    [['cost', '--policy', 'package.json'], 'package.json:'],
  ])('%j is bad input', async (args, words) => {
    const { exitCode, stdout, stderr } = await schmitt(args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });
});
