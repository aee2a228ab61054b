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
const RUNS: Readonly<Record<string, () => void>> = {
  'npm ci': () => expect(ci).toMatch(/^npm ci$/m),
  'npm test': () => expect(ci).toMatch(/^npm test /m),
  'npm start': () => {
    const out = mkdtempSync(join(tmpdir(), 'readme-'));
    const run = spawnSync('npm', ['start', '--silent', '--', '--speed', 'max', '--out', out], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    expect(run.stdout).toContain(join(out, 'run.html'));
    rmSync(out, { recursive: true });
  },
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
