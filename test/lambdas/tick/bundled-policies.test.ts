import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundledPolicies } from '../../../lambdas/tick/bundled-policies.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'policies-'));
});
afterAll(() => rm(folder, { recursive: true }));

const live = new AbortController().signal;

async function file(name: string, content: unknown): Promise<URL> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(content));
  return pathToFileURL(path);
}

describe('policies beside the function', () => {
  test('are what the build wrote, read once', async () => {
    const set = { version: 'p1', services: [], tagged: [], groups: [], allow: [], deny: [] };
    const at = await file('good.json', set);
    const policies = bundledPolicies(at);
    await expect(policies.load(live)).resolves.toEqual(set);
    await rm(at);
    await expect(policies.load(live)).resolves.toEqual(set);
  });

  test.each([
    ['no-version.json', { services: [] }, 'field version'],
    ['no-services.json', { version: 'p1' }, 'field services'],
    ['a-list.json', [], 'field document'],
  ])('%s is refused in one sentence with the mend', async (name, content, field) => {
    const policies = bundledPolicies(await file(name, content));
    await expect(policies.load(live)).rejects.toThrow(
      `${join(folder, name)}, ${field}: not a compiled policy set; write it again with npm run build.`,
    );
  });

  test('that are not there are a fault', async () => {
    await expect(bundledPolicies(pathToFileURL(join(folder, 'absent.json'))).load(live)).rejects.toThrow('absent.json');
  });
});
