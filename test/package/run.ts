/**
 * The package as a user has it: built, packed, installed into an app of their own by the README's commands, and run by the Node of this
 * checkout and by the host's: `npm run test:package`. Asks the registry for what npm's cache does not have.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tellEach, tellEnd } from '../support/tell-each.ts';
import { asCommonJs, onSources, ownApp } from './own-app.ts';
import { blocksOf, createStage, filesIn, type Node, ROOT, type Stage } from './stage.ts';

const SECTION = 'Use it in an app of your own';
const COMMANDS = blocksOf(SECTION, 'sh').flatMap((block) => block.trim().split('\n'));
const APP = ownApp(blocksOf(SECTION, 'ts').join('\n'));

const STORIES: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  'the README builds, installs and simulates': async ({ run, app }) => {
    assert.equal(COMMANDS.length, 3);
    for (const command of COMMANDS) run(command);
    assert.match(readFileSync(join(app, 'day.html'), 'utf8'), /uPlot/);
  },
  'it holds what users need, and nothing else': async ({ installed }) => {
    const top = ['LICENSE', 'README.md', 'docs', 'examples', 'functions', 'lib', 'package.json'];
    assert.deepEqual(readdirSync(installed).sort(), top);
    const files = filesIn(installed);
    const read = (folder: string) =>
      filesIn(join(folder, 'lib/report')).filter((file) => /browser\/.*\.(js|css)$/.test(file));
    assert.deepEqual(read(installed), read(ROOT));
    assert.deepEqual(
      files.filter((file) => /^lib\/.*(?<!\.d)\.ts$|^lib\/(local|cdk\/package)\//.test(file)),
      [],
    );
    const telling = files.filter((file) => readFileSync(join(installed, file), 'utf8').includes(ROOT));
    assert.deepEqual(telling, [], 'names a folder of this machine');
  },
  'the command runs without the CDK': async (stage) => {
    assert.equal(readdirSync(join(stage.app, 'node_modules')).includes('aws-cdk-lib'), false);
    for (const node of stage.nodes) commandRuns(stage, node);
  },
  'an app of TypeScript knows the types': async (stage) => {
    stage.link('aws-cdk-lib', 'constructs', 'typescript', '@types');
    typesOf(stage, APP);
    assert.throws(() => typesOf(stage, APP.replace('min: 2', "min: 'two'")), /own\.ts\(.*TS2322/);
  },
  "an app of JavaScript makes the checkout's resources, with functions that load": async (stage) => {
    const index = pathToFileURL(join(ROOT, 'lib/cdk/index.ts'));
    const [own] = stage.nodes;
    const expected = synthesized(stage, 'sources.mjs', onSources(APP, index), own);
    assert.ok(Object.keys(expected.Resources).length > 30);
    for (const node of stage.nodes) assert.deepEqual(synthesized(stage, 'own.mjs', APP, node), expected);
    assert.deepEqual(synthesized(stage, 'own.cjs', asCommonJs(APP), stage.nodes.at(-1)), expected);
    functionsLoad(stage);
  },
};

function commandRuns({ run, app }: Stage, node: Node): void {
  assert.match(run('npx schmitt --help', node), /^Usage: schmitt/);
  assert.match(run('npx schmitt validate node_modules/schmitt/examples/web.yaml', node), /valid, no warnings/);
  assert.equal(typeof JSON.parse(run('npx schmitt schema', node)), 'object');
  const simulate = 'npx schmitt simulate --policy node_modules/schmitt/examples/web.yaml --workload day --days 1';
  rmSync(join(app, 'day.html'), { force: true });
  assert.match(run(`${simulate} --against aws-target-tracking --html day.html`, node), /aws-target-tracking/);
  const page = readFileSync(join(app, 'day.html'), 'utf8');
  for (const part of ['comparison/browser/scatter.js', 'comparison/browser/comparison.css']) {
    const [line = ''] =
      readFileSync(join(ROOT, 'lib/report', part), 'utf8').match(/^(?:export )?function .*\{$|^\..*\{$/m) ?? [];
    assert.ok(line !== '' && page.includes(line.replace('export ', '')), `the page lacks ${part}`);
  }
}

/** Throws what the compiler says. */
function typesOf({ write, run }: Stage, app: string): void {
  write('own.ts', app);
  const options = '--strict --noEmit --skipLibCheck --module nodenext --target es2022 --types node';
  run(`node node_modules/typescript/bin/tsc ${options} --ignoreConfig own.ts`);
}

interface Template {
  readonly Resources: Readonly<Record<string, unknown>>;
}

/** A hash is of the source map too, which names the sources from where it lies. */
const HASH = /\b[0-9a-f]{64}\b/g;

function synthesized({ write, run, app }: Stage, file: string, text: string, node: Node | undefined): Template {
  write(file, text);
  run(`node ${file}`, node, { CDK_OUTDIR: `${file}.out` });
  return JSON.parse(readFileSync(join(app, `${file}.out/Own.template.json`), 'utf8').replace(HASH, 'hash'));
}

/** The packaged functions are the ones that the checkout would deploy. */
function functionsLoad({ app }: Stage): void {
  const modules = (out: string) =>
    filesIn(join(app, out))
      .filter((file) => file.endsWith('index.mjs'))
      .map((file) => join(app, out, file));
  const codes = (out: string) =>
    modules(out)
      .map((file) => readFileSync(file, 'utf8'))
      .sort();
  assert.equal(codes('own.mjs.out').length, 3);
  assert.deepEqual(codes('own.mjs.out'), codes('sources.mjs.out'));
  for (const file of modules('own.mjs.out')) {
    const program = `import(${JSON.stringify(file)}).then(({ handler }) => console.log(typeof handler))`;
    const printed = execFileSync(process.execPath, ['--eval', program], { encoding: 'utf8', env: {} });
    assert.equal(printed, 'function\n');
  }
}

const stage = createStage();
console.log(`Node ${stage.nodes.map(({ version }) => version).join(' and ')}`);
const failed = await tellEach(STORIES, stage);
stage.remove();
tellEnd(Object.keys(STORIES).length, failed);
