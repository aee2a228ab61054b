/** The rings are law: a folder says what it may know, and this test holds the arrows. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '..');

interface Ring {
  /** Other rings it may import. */
  readonly rings: readonly string[];
  /** Packages and node built-ins it may import. */
  readonly packages: RegExp;
}

const RINGS: Readonly<Record<string, Ring>> = {
  'lib/policy': { rings: [], packages: /^(zod(\/.*)?|yaml|cron-parser|@marcbachmann\/cel-js)$/ },
  'lib/counterfactual': { rings: ['lib/policy'], packages: /^$/ },
  'lib/loop': { rings: ['lib/policy', 'lib/counterfactual'], packages: /^$/ },
  'lib/aws': { rings: ['lib/policy', 'lib/loop'], packages: /^(@aws-sdk\/|@smithy\/|@aws-lambda-powertools\/|node:)/ },
  'lib/sim': {
    rings: ['lib/policy', 'lib/loop', 'lib/counterfactual'],
    packages: /^(node:|pure-rand(\/.*)?|d3-random|simple-statistics|csv-parse(\/.*)?)$|^node:/,
  },
  'lib/local': { rings: ['lib/sim', 'lib/policy'], packages: /^(node:.*|dynalite)$/ },
  'lib/report': { rings: ['lib/policy', 'lib/sim'], packages: /^(node:|uplot)/ },
  'lib/cli': {
    rings: [
      'lib/policy',
      'lib/counterfactual',
      'lib/loop',
      'lib/aws',
      'lib/sim',
      'lib/local',
      'lib/report',
      'lib/cli',
      'lambdas',
    ],
    packages: /^(?!aws-cdk-lib|constructs|@aws-sdk\/)/,
  },
  'lib/cdk': { rings: ['lib/policy'], packages: /^(node:|aws-cdk-lib|constructs|cdk-nag|esbuild)/ },
  lambdas: {
    rings: ['lib/policy', 'lib/loop', 'lib/aws'],
    packages: /^(@middy\/|@aws-lambda-powertools\/|aws-lambda$|zod(\/.*)?$)/,
  },
};

interface Import {
  readonly file: string;
  readonly from: string;
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = text.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)'([^']+)'/g);
  return [...found].map((match) => ({ file, from: match[1] ?? '' }));
}

function ringOf(file: string): string | undefined {
  return Object.keys(RINGS).find((ring) => file.startsWith(`${ring}/`));
}

/** One sentence for each import that its ring forbids. */
function forbidden({ file, from }: Import): string[] {
  const ring = ringOf(file);
  if (ring === undefined) return [`${file} lies in no ring`];
  const law = RINGS[ring];
  if (law === undefined) return [];
  if (!from.startsWith('.')) return law.packages.test(from) ? [] : [`${file} (${ring}) may not import ${from}`];
  const target = relative(ROOT, resolve(ROOT, dirname(file), from));
  const targetRing = ringOf(target);
  if (targetRing === ring || (targetRing !== undefined && law.rings.includes(targetRing))) return [];
  return [`${file} (${ring}) may not import ${target}`];
}

const files = [...sources('lib'), ...sources('lambdas')];

describe('rings', () => {
  test('every import follows an arrow', () => {
    expect(files.flatMap(importsOf).flatMap(forbidden)).toEqual([]);
  });

  test('the law forbids what it should (planted)', () => {
    expect(forbidden({ file: 'lib/loop/tick.ts', from: '@aws-sdk/client-ecs' })).toHaveLength(1);
    expect(forbidden({ file: 'lib/policy/decide.ts', from: 'node:fs' })).toHaveLength(1);
    expect(forbidden({ file: 'lib/policy/decide.ts', from: '../loop/tick.ts' })).toHaveLength(1);
    expect(forbidden({ file: 'lib/cdk/stack.ts', from: '../aws/ecs.ts' })).toHaveLength(1);
    expect(forbidden({ file: 'lib/loop/tick.ts', from: '../policy/decide.ts' })).toHaveLength(0);
  });
});

const IMPURE = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.|\bawait\b|\bconsole\.|\bsetTimeout\b/;

describe('purity', () => {
  const pure = files.filter((file) => file.startsWith('lib/policy/') || file.startsWith('lib/counterfactual/'));
  test.each(pure)('%s has no clock, no chance, no environment, no await', (file) => {
    const code = readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(code.match(IMPURE)?.[0] ?? 'pure').toBe('pure');
  });

  test('time in lib/loop comes from the clock port alone', () => {
    const offenders = files
      .filter((file) => file.startsWith('lib/loop/'))
      .filter((file) =>
        /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\./.test(readFileSync(join(ROOT, file), 'utf8')),
      );
    expect(offenders).toEqual([]);
  });
});

test('every npm script runs on Node 24', () => {
  expect(process.versions.node.split('.')[0]).toBe('24');
});

test('no folder is called utils, common, helpers or manager', () => {
  expect(files.filter((file) => /(^|\/)(utils?|common|helpers?|managers?)(\/|\.ts$)/.test(file))).toEqual([]);
});

describe('docs/architecture.md', () => {
  const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');

  test('draws exactly the arrows of the law', () => {
    const drawn = [...page.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} --> ${to}`).sort();
    const short = (ring: string) => ring.replace('lib/', '');
    const law = Object.entries(RINGS).flatMap(([ring, { rings }]) =>
      rings.filter((other) => other !== ring).map((other) => `${short(ring)} --> ${short(other)}`),
    );
    expect(drawn).toEqual(law.sort());
  });

  test('names the steps of a decision in their order', () => {
    const code = readFileSync(join(ROOT, 'lib/policy/decide.ts'), 'utf8');
    const list = /ORDER[^[]*= \[([\s\S]*?)\];/.exec(code)?.[1] ?? '';
    const steps = [...list.matchAll(/^\s*(\w+),/gm)].map(([, step]) => step).join(' → ');
    expect(page).toContain(`\`${steps}\``);
  });
});
