/** The README is executed: its policies are parsed, its links lead somewhere, its commands run. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parsePolicies } from '../lib/policy/document/parse.ts';

const ROOT = resolve(import.meta.dirname, '..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const ci = readFileSync(join(ROOT, '.ci/run'), 'utf8');

function blocks(language: string): readonly string[] {
  return [...readme.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, body = '']) => body);
}

/** Each command of the README, and who runs it: this file, or `.ci/run` where it is the test run itself. */
const RUNS: Record<string, () => void> = {
  'npm ci': () => expect(ci).toMatch(/^npm ci$/m),
  'npm test': () => expect(ci).toMatch(/^npm test /m),
  'npm start': () => expect(started()).toMatch(/run\.html$/m),
  'npm start -- --signal sqs': () => expect(started('--signal', 'sqs')).toMatch(/signals\.html$/m),
  'npx schmitt validate examples/web.yaml': () => {
    expect(schmitt('validate', 'examples/web.yaml')).toMatch(/^prod\/web .*: first out 2 min after the load/);
  },
  'npx schmitt simulate --policy examples/web.yaml --workload day --days 1 --against aws-target-tracking': () => {
    const args = '--policy examples/web.yaml --workload day --days 1 --against aws-target-tracking'.split(' ');
    expect(schmitt('simulate', ...args)).toMatch(/aws-target-tracking/);
  },
  'npx cdk synth --quiet': () => {
    const out = mkdtempSync(join(tmpdir(), 'readme-'));
    const run = spawnSync('npx', ['cdk', 'synth', '--quiet', '--output', out], { cwd: ROOT, encoding: 'utf8' });
    expect([run.status, run.status === 0 ? '' : run.stderr]).toEqual([0, '']);
    expect(existsSync(join(out, 'Schmitt.template.json'))).toBe(true);
    rmSync(out, { recursive: true });
  },
};

/** Deployed to an emulator by `npm run test:cloud`, in the order of the README. */
for (const command of ['bootstrap', 'deploy', 'deploy --parameters Mode=act', 'destroy']) {
  RUNS[`npx cdk ${command}`] = () => expect(ci).toMatch(/npm run (--silent )?test:cloud/);
}

/** Run in an app of a user's own by `npm run test:package`, which reads them here. */
for (const command of [
  'npm run build:package',
  'npm install ../schmitt/dist/schmitt-0.1.0.tgz',
  'npx schmitt simulate --policy node_modules/schmitt/examples/web.yaml --workload day --days 1 --html day.html',
]) {
  RUNS[command] = () => expect(ci).toMatch(/npm run (--silent )?test:package/);
}

/** Without waiting, and with its files somewhere else; answers what it printed. */
function started(...args: readonly string[]): string {
  const out = mkdtempSync(join(tmpdir(), 'readme-'));
  const words = ['start', '--silent', '--', ...args, '--speed', 'max', '--out', out];
  const run = spawnSync('npm', words, { cwd: ROOT, encoding: 'utf8' });
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
  rmSync(out, { recursive: true });
  return run.stdout;
}

/** As an operator types it; answers what it printed. */
function schmitt(...args: readonly string[]): string {
  const run = spawnSync('npx', ['schmitt', ...args], { cwd: ROOT, encoding: 'utf8' });
  expect([run.status, run.status === 0 ? '' : run.stderr]).toEqual([0, '']);
  return run.stdout;
}

describe('README.md', () => {
  const commands = blocks('sh').flatMap((block) => block.trim().split('\n'));

  test.each([...new Set(commands)])(
    '%s',
    (command) => {
      expect(Object.keys(RUNS)).toContain(command);
      RUNS[command]?.();
    },
    120_000,
  );

  test.each(blocks('yaml'))('a policy that is shown is a policy', (text) => {
    expect(parsePolicies([{ name: 'README.md', text }]).services.map(({ service }) => service)).toEqual(['checkout']);
  });

  test('every link leads somewhere', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(ROOT, link)))).toEqual([]);
    expect(links.length).toBeGreaterThan(4);
  });
});
