import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundledPolicies } from '../../../lambdas/tick/bundled-policies.ts';
import { compiledPolicies } from '../../../lib/policy/document/compiled.ts';
import { versionOf } from '../../../lib/policy/document/version.ts';
import type { PolicySet } from '../../../lib/policy/policy.ts';
import { policiesContract } from '../../contracts/policies.ts';

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

const NOTHING = { services: [], tagged: [], groups: [], allow: [], deny: [] };
const SET: PolicySet = { version: versionOf(NOTHING), ...NOTHING };

policiesContract('beside the function', async (set) => bundledPolicies(await file('any.json', compiledPolicies(set))));

describe('policies beside the function', () => {
  test('are read once', async () => {
    const at = await file('good.json', compiledPolicies(SET));
    const policies = bundledPolicies(at);
    await expect(policies.load(live)).resolves.toEqual(SET);
    await rm(at);
    await expect(policies.load(live)).resolves.toEqual(SET);
  });

  test.each([
    ['no-format.json', SET, 'its format v is undefined, and this Schmitt reads 1'],
    ['by-hand.json', { ...compiledPolicies(SET), deny: ['prod/*'] }, `version is ${SET.version}`],
    ['a-list.json', [], 'it is no compiled policy set'],
  ])('%s is refused in one sentence with the mend', async (name, content, fault) => {
    const policies = bundledPolicies(await file(name, content));
    await expect(policies.load(live)).rejects.toThrow(`${join(folder, name)}: ${fault}`);
    await expect(policies.load(live)).rejects.toThrow('; compile the policies again.');
  });

  test('that are not there are a fault', async () => {
    await expect(bundledPolicies(pathToFileURL(join(folder, 'absent.json'))).load(live)).rejects.toThrow('absent.json');
  });
});
