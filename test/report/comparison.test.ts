/** The page that compares, as text, and what is packed into it. `test/browser` opens it in one. */
import { Script } from 'node:vm';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { renderComparisonPage } from '../../lib/report/comparison/page.ts';
import { blocksOf, type RunPayload, type ScenePayload } from '../../lib/report/comparison/payload.ts';
import { aComparison, HOSTILE, pictureOf } from './a-comparison.ts';

const opened = <T>(packed: string): T => JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString());

describe('the page of a comparison', () => {
  const page = renderComparisonPage(aComparison());

  test('fetches nothing and runs nothing but what it carries', () => {
    const policy = page.match(/Content-Security-Policy" content="([^"]*)"/)?.[1] ?? '';
    expect(policy.replaceAll('&#39;', "'")).toMatch(
      /^default-src 'none'; script-src 'sha256-\S+' 'sha256-\S+'; style-src 'sha256-\S+'; base-uri 'none'; form-action 'none'$/,
    );
    expect(page.replace(/<script[\s\S]*?<\/script>/g, '')).not.toMatch(/<[^>]*\b(?:src|href)=/);
  });

  test('its modules fit into one scope', () => {
    const module = page.match(/<script type="module">([\s\S]*?)<\/script>/)?.[1] ?? '';
    expect(() => new Script(`(async () => {${module}})`)).not.toThrow();
    expect(module).not.toMatch(/^(?:import|export) /m);
  });

  test('draws the slowest answer as wide as there is room, and the others in proportion', () => {
    expect([...page.matchAll(/<rect width="([\d.]+)"/g)].slice(0, 3).map(([, width]) => width)).toEqual([
      '100.0',
      '25.0',
      '50.0',
    ]);
  });

  test('has the scores, the points and the assumptions as text, for those without a picture', () => {
    const words = page.replace(/<script[\s\S]*?<\/script>|<style>[\s\S]*?<\/style>/g, '').replace(/<[^>]*>/g, ' ');
    const plain = words.replace(/\s+/g, ' ');
    expect(plain).toContain('ours 0.5 ±0.1 1.9');
    expect(plain).toContain('keda 60 % 1.6 1.2 %');
    expect(plain).toContain('keda 120 s not answered before the next ours 30 s 60 s');
    expect(plain).toContain('Seed 1');
    expect(page).not.toContain(HOSTILE);
  });
});

describe('what is packed', () => {
  test('has the load once for all runs of a load', () => {
    const blocks = blocksOf(aComparison());
    expect(blocks.map(([id]) => id)).toEqual(['scene-0', 'run-0-0', 'run-0-1', 'scene-1', 'run-1-0']);
    const scene = opened<ScenePayload>(blocks[0]?.[1] ?? '');
    expect([scene.runs, scene.capacityPerTask, scene.load.deltas.length]).toEqual([['ours', 'keda'], 50, 1440]);
    expect(Object.keys(opened<RunPayload>(blocks[1]?.[1] ?? '').columns)).not.toContain('load');
  });

  test('has the sentences of a policy, and none for a scaler that gives none', () => {
    const [, ours, keda] = blocksOf(aComparison()).map(([, packed]) => opened<RunPayload>(packed));
    expect(ours?.decisions).toMatchObject([[expect.any(Number), 4, 8, 'changed', expect.stringContaining('cpu true')]]);
    expect(ours?.holds).toMatchObject([[expect.any(Number), 'hold 4: cpu false (cpu 61)']]);
    expect(ours?.thresholds.map(({ value }) => value)).toEqual([70, 40]);
    expect(keda?.decisions).toMatchObject([[expect.any(Number), 4, 8, 'changed', '']]);
  });

  test('loses points before it grows beyond its room, and no overload', () => {
    const comparison = aComparison(20 * 1440);
    const room = 2_000;
    const blocks = blocksOf(comparison, room);
    expect(blocks.reduce((sum, [, packed]) => sum + packed.length, 0)).toBeLessThanOrEqual(room);
    const { columns } = opened<RunPayload>(blocks[1]?.[1] ?? '');
    expect(columns.above.deltas.length).toBeLessThan(20 * 1440);
    const largest = Math.max(...columns.above.deltas.map((delta) => (delta ?? 0) * columns.above.unit));
    expect(largest).toBeCloseTo(100, 0);
  });

  test('thirteen scalers over thirty days fit into a megabyte with the page around them', () => {
    const comparison = aComparison();
    const [scene] = comparison.scenes;
    if (scene === undefined) throw new Error('a comparison has a scene');
    const noisy = (index: number) => {
      const taken = pictureOf(30 * 1440, index, '4 → 8');
      const cpu = taken.columns.values.cpu.map((value, minute) => value * (1 + 0.02 * Math.sin(minute * minute)));
      return { ...taken, columns: { ...taken.columns, values: { ...taken.columns.values, cpu } } };
    };
    const entries = Array.from({ length: 13 }, (_, index) => ({
      name: `scaler ${index}`,
      isPolicy: false,
      cells: [{ value: '1' }, { value: '1' }],
      picture: noisy(index),
    }));
    const page = renderComparisonPage({ ...comparison, scenes: [{ ...scene, entries }] });
    expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
  });
});
