/** The example workflow as a build service runs it: its `run:` steps, word for word, in a small repository of policies. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { diurnal, generate, noise, product } from '../../lib/sim/generate.ts';

const ROOT = resolve(import.meta.dirname, '../..');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly on: { readonly pull_request: { readonly paths: readonly string[] } };
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const workflow: Workflow = parse(readFileSync(join(ROOT, 'examples/workflows/policy-gate.yml'), 'utf8'));
const steps = workflow.jobs.simulate?.steps ?? [];
const runs = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
const GOOD = readFileSync(join(ROOT, 'examples/policies/checkout.yaml'), 'utf8');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'policy-gate-'));
  mkdirSync(join(folder, 'policies'));
  mkdirSync(join(folder, 'traces'));
  mkdirSync(join(folder, '.schmitt'));
  mkdirSync(join(folder, 'bin'));
  // As the second checkout leaves it; its packages are those that are installed here already.
  for (const file of ['package.json', 'package-lock.json']) cpSync(join(ROOT, file), join(folder, '.schmitt', file));
  symlinkSync(join(ROOT, 'lib'), join(folder, '.schmitt/lib'));
  writeFileSync(join(folder, 'traces/checkout.csv'), trace());
  writeFileSync(
    join(folder, 'bin/npm'),
    '#!/bin/sh\n[ "$*" = "ci --prefix .schmitt --omit=dev" ] && [ -f .schmitt/package-lock.json ]\n',
  );
  chmodSync(join(folder, 'bin/npm'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Two days a minute apart, in requests a second. */
function trace(): string {
  const day = product(
    diurnal({ low: 300, high: 1200, peakHour: 14 }),
    noise({ seed: 4, sigma: 0.05, everySeconds: 300 }),
  );
  const load = generate(day, { name: 'checkout', hours: 48, startsAt: Date.UTC(2026, 0, 5) });
  const rows = Array.from({ length: 48 * 60 }, (_, minute) => {
    const at = load.startsAt + minute * 60_000;
    return `${at / 1000},${load.rateAt(at)?.toFixed(2)}`;
  });
  return `timestamp_s,value\n${rows.join('\n')}\n`;
}

/** What the first step that fails says, or the last one. No AWS, no traces of ours, no network but for who asks. */
function gate(policy: string) {
  writeFileSync(join(folder, 'policies/checkout.yaml'), policy);
  rmSync(join(folder, 'report.html'), { force: true });
  const { AWS_PROFILE: _, TRACES_DIR: __, ...env } = process.env;
  const path = [join(folder, 'bin'), dirname(process.execPath), env.PATH].join(delimiter);
  let ended = { status: 0 as number | null, stdout: '', stderr: '', step: '' };
  for (const step of runs) {
    const options = { cwd: folder, encoding: 'utf8', env: { ...env, PATH: path, NODE_OPTIONS: '' } } as const;
    // Build services take bash; the steps are plain enough for any shell, which npm needs as well.
    const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', step], options);
    ended = { status, stdout, stderr, step };
    if (status !== 0) break;
  }
  return ended;
}

describe('the policy gate', () => {
  test('passes a policy that keeps up, and leaves a report', () => {
    const { status, stdout, stderr } = gate(GOOD);
    // On a slow machine it also says how far it has come.
    expect([status, stderr.replace(/^\d+ %, .*\n/gm, '')]).toEqual([0, '']);
    expect(stdout).toMatch(/^checkout +\d[\s\S]*^aws-target-tracking +\d[\s\S]*^oracle +\d/m);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/);
  }, 120_000);

  test('stops one that is overloaded, with the sentence, and leaves a report all the same', () => {
    const { status, stderr, step } = gate(GOOD.replace('max: 60', 'max: 8'));
    expect([status, step]).toEqual([1, runs.at(-1)]);
    expect(stderr).toMatch(
      /^checkout on checkout fails 'overloadedPct > 0\.5 \|\| changesPerDay > 60': overloadedPct is \d\S*, changesPerDay is \S+\.$/m,
    );
    expect(existsSync(join(folder, 'report.html'))).toBe(true);
  }, 120_000);

  test('stops one that is no policy before it plays anything', () => {
    const { status, stderr, step } = gate(GOOD.replace("'cpu > 70'", "'cup > 70'"));
    expect([status, step]).toEqual([2, 'node .schmitt/lib/cli/main.ts validate policies']);
    expect(stderr).toContain('cup');
  }, 60_000);
});

describe('what the workflow takes for granted', () => {
  test('it reads the repository and nothing else, when a policy or a load changes', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(workflow.on.pull_request.paths).toEqual(expect.arrayContaining(['policies/**', 'traces/**']));
  });

  test('Schmitt lies where the steps look for it, and the report is kept also where the gate stops', () => {
    const checkout = steps.find((step) => step.with?.path !== undefined && step.uses?.startsWith('actions/checkout'));
    expect(checkout?.with?.path).toBe('.schmitt');
    expect(steps.at(-1)).toMatchObject({ if: 'always()', with: { path: 'report.html' } });
  });

  test('the command needs none of the packages that --omit=dev leaves out', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const loaded = importedFrom(join(ROOT, 'lib/cli/main.ts'));
    expect(loaded.filter((name) => name in devDependencies && !(name in dependencies))).toEqual([]);
    expect(loaded).toContain('commander');
  });
});

/** Packages that a file and what it imports name, statically or not. */
function importedFrom(
  entry: string,
  seen: Set<string> = new Set(),
  packages: Set<string> = new Set(),
): readonly string[] {
  if (seen.has(entry)) return [...packages];
  seen.add(entry);
  const text = readFileSync(entry, 'utf8').replace(/^import type [\s\S]*?;$/gm, '');
  for (const [, from = ''] of text.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)'([^']+)'/g)) {
    if (from.startsWith('.')) importedFrom(resolve(dirname(entry), from), seen, packages);
    else
      packages.add(
        from
          .split('/')
          .slice(0, from.startsWith('@') ? 2 : 1)
          .join('/'),
      );
  }
  return [...packages];
}
