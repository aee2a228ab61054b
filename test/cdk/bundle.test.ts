import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BUNDLE_LIMIT_BYTES, type Bundle, bundleAll } from '../../lib/cdk/bundle.ts';
import { readCompiledPolicies } from '../../lib/policy/document/compiled.ts';
import { fleet, policy } from './synthesized.ts';

const policies = fleet(policy('prod/checkout', 'act'));
let folder = '';
let tick: Bundle;
let validate: Bundle;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dist-'));
  ({ tick, validate } = bundleAll(folder, policies));
});
afterAll(() => rm(folder, { recursive: true }));

/** What a program prints that imports the bundle as Lambda would, in a process of its own without any configuration. */
function running(program: string): string {
  const environment = { PATH: process.env.PATH, NODE_OPTIONS: '--enable-source-maps' };
  const source = `import { handler } from ${JSON.stringify(join(tick.folder, 'index.mjs'))}; ${program}`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', source], {
    encoding: 'utf8',
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

describe("the tick's bundle", () => {
  test('is one module, its source map and its policies', async () => {
    expect((await readdir(tick.folder)).sort()).toEqual(['index.mjs', 'index.mjs.map', 'policies.json']);
    const written: unknown = JSON.parse(await readFile(join(tick.folder, 'policies.json'), 'utf8'));
    expect(readCompiledPolicies(written)).toEqual(policies);
  });

  test('is the same wherever it is made, and tells nothing of the machine', async () => {
    const elsewhere = join(folder, 'deep/deeper');
    const again = bundleAll(elsewhere, policies).tick;
    for (const file of ['index.mjs', 'index.mjs.map', 'policies.json']) {
      expect(await readFile(join(again.folder, file), 'utf8')).toBe(await readFile(join(tick.folder, file), 'utf8'));
    }
    const { sources } = JSON.parse(await readFile(join(tick.folder, 'index.mjs.map'), 'utf8'));
    expect(sources).toContain('lib/policy/decide.ts');
    expect(sources.filter((source: string) => !/^(lib|lambdas|node_modules)\//.test(source))).toEqual([]);
  });

  test('stays under 700 KB', () => {
    expect(tick.bytes).toBeLessThan(BUNDLE_LIMIT_BYTES);
  });

  test('has the policy engine and the adapters in it, and nothing that only a build or a desk needs', () => {
    const sources = [...tick.bytesBySource.keys()];
    expect(sources).toEqual(expect.arrayContaining(['lambdas/tick', 'lib/loop', 'lib/policy', 'lib/aws']));
    const unwanted =
      /^(yaml|zod|aws-cdk-lib|constructs|cdk-nag|esbuild|aws-xray-sdk.*|@aws-lambda-powertools\/tracer)$/;
    expect(sources.filter((source) => unwanted.test(source))).toEqual([]);
    expect(sources.filter((source) => /^lib\/(cdk|cli|sim|local|report)$/.test(source))).toEqual([]);
  });

  test('loads without configuration and exports the handler', () => {
    expect(running('console.log(typeof handler)')).toBe('function');
  });

  test('says what is missing when it is called without its environment', () => {
    const printed = running("try { await handler({ shard: '0' }, {}); } catch (error) { console.log(error.message); }");
    expect(printed).toBe(
      'Environment variable TABLE_NAME is missing: set it to the name of the DynamoDB table of the stack.',
    );
  });
});

describe("the validator's bundle", () => {
  test('reads what operators write, and asks AWS nothing', () => {
    const sources = [...validate.bytesBySource.keys()];
    expect(sources).toEqual(expect.arrayContaining(['yaml', 'zod', 'lib/policy', 'lambdas/validate']));
    expect(sources.filter((source) => /^(@aws-sdk\/client-|lib\/(aws|loop|cdk|sim))/.test(source))).toEqual([]);
  });
});
