import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'app-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the app as the CDK CLI does, with an environment that has no credentials and no Region in it. */
function runApp(name: string, context: Readonly<Record<string, string>>) {
  const outdir = join(folder, name);
  const { status, stderr } = spawnSync(process.execPath, ['lib/cdk/app.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  return { status, stderr, outdir };
}

const read = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

describe('the app', () => {
  test('synthesizes one stack with the built function, without credentials', () => {
    const { status, stderr, outdir } = runApp('examples', { policies: 'examples/policies' });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(existsSync(join(outdir, 'Schmitt.template.json'))).toBe(true);

    const { files } = read(outdir, 'Schmitt.assets.json');
    const folders = Object.values(files as Record<string, { source: { path: string; packaging: string } }>)
      .filter(({ source }) => source.packaging === 'zip')
      .map(({ source }) => source.path);
    expect(folders).toHaveLength(1);
    const asset = join(outdir, folders[0] ?? '');
    expect(existsSync(join(asset, 'index.mjs'))).toBe(true);
    expect(read(asset, 'policies.json')).toMatchObject({
      services: [{ cluster: 'prod', service: 'checkout', mode: 'shadow' }],
    });
  });

  test.each([
    [
      'a folder that is not there',
      'nowhere',
      'Policies folder "nowhere" does not exist: give a folder of .yaml files.\n',
    ],
    [
      'a folder without policies',
      'lib/cdk',
      'Policies folder "lib/cdk" holds no .yaml file: write one, or give another folder.\n',
    ],
  ])('refuses %s in one sentence and writes nothing', (_case, policies, sentence) => {
    const { status, stderr, outdir } = runApp(policies.replace('/', '-'), { policies });
    expect({ status, stderr }).toEqual({ status: 2, stderr: sentence });
    expect(existsSync(join(outdir, 'Schmitt.template.json'))).toBe(false);
  });
});
