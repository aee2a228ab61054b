/** `schmitt simulate` as a person runs it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ROOT, schmitt } from './schmitt.ts';

jest.setTimeout(60_000);

const WEB = ['--policy', 'examples/web.yaml'];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'schmitt-simulate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** A day in which the load steps up threefold at noon. */
function aDay(name: string): string {
  const rows = Array.from({ length: 1440 }, (_, minute) => `${minute * 60},${minute < 720 ? 400 : 1200}`);
  return written(name, ['timestamp_s,value', ...rows, ''].join('\n'));
}

const FIELDS = [
  'name',
  'overloadedPct',
  'overSloPct',
  'costRatio',
  'changesPerDay',
  'reversalsPerDay',
  'reactionSecondsP50',
  'reactionSecondsP95',
];

describe('--json', () => {
  test('is one object with a run for the policy and each of the others, and nothing else', async () => {
    const others = 'aws-target-tracking,kubernetes-hpa@0.7,oracle';
    const {
      exitCode: code,
      stdout,
      stderr,
    } = await schmitt(['simulate', ...WEB, '--trace', aDay('noon.csv'), '--against', others, '--json']);
    expect([code, stderr]).toEqual([0, '']);
    const found = JSON.parse(stdout);
    expect(Object.keys(found)).toEqual(['trace', 'days', 'runs']);
    expect([found.trace, found.days]).toEqual(['noon', 1]);
    expect(found.runs.map(({ name }: { name: string }) => name)).toEqual([
      'web',
      'aws-target-tracking',
      'kubernetes-hpa@0.7',
      'oracle',
    ]);
    for (const run of found.runs) expect(Object.keys(run)).toEqual(FIELDS);
    const [web, tracking, , oracle] = found.runs;
    // One step of the load: three of three minutes, the publication and the evaluation, then the tasks start.
    expect(tracking.reactionSecondsP50).toBeGreaterThan(360);
    expect(web.reactionSecondsP50).toBeLessThan(tracking.reactionSecondsP50);
    expect(oracle).toMatchObject({ overloadedPct: 0, costRatio: 1, reactionSecondsP50: null });
  });

  test('of several traces is a list, the macro-average of their families last', async () => {
    const traces = [aDay('one.csv'), aDay('two.csv')];
    written(
      'index.json',
      JSON.stringify([
        { file: 'one.csv', character: 'clean diurnal' },
        { file: 'two.csv', character: 'flash crowds (x158)' },
      ]),
    );
    const { stdout } = await schmitt(['simulate', ...WEB, '--trace', ...traces, '--json']);
    const found = JSON.parse(stdout);
    expect(found.map(({ trace, days }: { trace: string; days: number }) => [trace, days])).toEqual([
      ['one', 1],
      ['two', 1],
      ['macro-average', 2],
    ]);
    expect(found[2].runs[0].costRatio).toBeCloseTo((found[0].runs[0].costRatio + found[1].runs[0].costRatio) / 2, 9);
  });

  test('is the same for the same seed, and another for another', async () => {
    const run = async (seed: string) =>
      (await schmitt(['simulate', ...WEB, '--workload', 'noise', '--days', '1', '--seed', seed, '--json'])).stdout;
    const [first, again, other] = [await run('4'), await run('4'), await run('5')];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });
});

describe('the gate', () => {
  const gate = (condition: string) =>
    schmitt(['simulate', ...WEB, '--trace', aDay('gate.csv'), '--fail-if', condition]);

  test('stops a policy with the sentence and exit 1', async () => {
    const { exitCode: code, stderr } = await gate('overloadedPct > 50 || changesPerDay > 2');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^web on gate fails 'overloadedPct > 50 \|\| changesPerDay > 2': overloadedPct is [\d.]+, changesPerDay is \d+\.\n$/,
    );
  });

  test('says a figure in full where its rounded one would have passed', async () => {
    const { exitCode, stderr } = await gate('reactionSecondsP50 > 411.9 && costRatio > 1.7413');
    expect([exitCode, stderr]).toEqual([
      1,
      "web on gate fails 'reactionSecondsP50 > 411.9 && costRatio > 1.7413': reactionSecondsP50 is 412, costRatio is 1.741365770517722.\n",
    ]);
  });

  test('lets the others be as they are, and a good policy pass', async () => {
    const { exitCode: code, stdout, stderr } = await gate('changesPerDay > 600');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('gate: 24 hours scored');
  });
});

describe('the table', () => {
  const others = 'aws-target-tracking-20s@0.7,kubernetes-hpa';

  test('fits into 80 columns, with long names and with intervals, and has no colours where nobody wants them', async () => {
    const args = ['--trace', aDay('wide.csv'), '--against', others, '--seeds', '3', '--sweep'];
    const { stdout } = await schmitt(['simulate', ...WEB, ...args], '', { NO_COLOR: '1', FORCE_COLOR: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toMatch(/^aws-target-tracking-20s +[\d.]+ .* [\d]+ \/ \d+\n {2}@0\.7 +±[\d.]+/m);
  });
});

describe('whose policy is whose', () => {
  test('a policy called as another scaler is not mixed up with it, and the gate looks at the policy alone', async () => {
    const policy = written('keda.yaml', readFileSync(join(ROOT, 'examples/web.yaml'), 'utf8'));
    const args = ['--trace', aDay('names.csv'), '--against', 'keda', '--fail-if', 'reactionSecondsP50 < 100', '--json'];
    const { exitCode, stdout, stderr } = await schmitt(['simulate', '--policy', policy, ...args]);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout).runs.map(({ name }: { name: string }) => name)).toEqual([policy, 'keda']);
  });

  test('traces of the same name in two folders keep their paths', async () => {
    const files = ['a', 'b'].map((name) => {
      mkdirSync(join(folder, name), { recursive: true });
      return aDay(`${name}/day.csv`);
    });
    const { stdout } = await schmitt(['simulate', ...WEB, '--trace', ...files, '--json']);
    expect(JSON.parse(stdout).map(({ trace }: { trace: string }) => trace)).toEqual([...files, 'macro-average']);
  });
});

describe('who stops early', () => {
  const command = [join(ROOT, 'lib/cli/main.ts'), 'simulate', ...WEB];

  test('a reader that leaves changes neither the verdict of the gate nor the page', async () => {
    const page = join(folder, 'left.html');
    const args = [...command, '--days', '1', '--html', page, '--fail-if', 'costRatio > 1'];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.destroy();
    const [status] = await once(child, 'close');
    expect(status).toBe(1);
    expect(readFileSync(page, 'utf8')).toMatch(/<\/html>\s*$/);
  });

  test('standard output on a full disk is a fault in one sentence', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [...command, '--days', '1'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    expect([status, stderr]).toEqual([1, 'standard output cannot be written (ENOSPC)\n']);
  });

  test('Ctrl-C ends everything, writes nothing and is no verdict of the gate', async () => {
    const page = join(folder, 'stopped.html');
    const args = ['simulate', ...WEB, '--days', '300', '--seeds', '20', '--html', page, '--fail-if', 'costRatio > 1'];
    const child = spawn(process.execPath, [join(ROOT, 'lib/cli/main.ts'), ...args], { cwd: ROOT });
    const ended = once(child, 'close');
    let said = '';
    // Its first line of progress says that it is at work.
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (said === '') child.kill('SIGINT');
      said += text;
    });
    expect(await ended).toEqual([130, null]);
    expect(said).toMatch(/Stopped by Ctrl-C; nothing was written\.\n$/);
    expect(existsSync(page)).toBe(false);
  });
});

describe('--sweep', () => {
  test('compares where the others cost the same and where they are overloaded the same', async () => {
    const args = ['simulate', ...WEB, '--trace', aDay('sweep.csv'), '--against', 'keda', '--sweep', '--seeds', '2'];
    const { exitCode: code, stdout } = await schmitt(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Overloaded +Cost at\n +at equal cost +equal overload\n/);
    expect(stdout).toMatch(/^web +keda +(never so cheap|[\d.]+ %) +(never so calm|[\d.]+ ×)$/m);
    // The table shows the peer once, at its usual setting.
    expect(stdout.match(/^keda/gm)).toHaveLength(1);
  });
});

describe('bad input is one sentence and exit 2', () => {
  test.each<[string, string[], RegExp]>([
    [
      'a scaler nobody knows',
      ['--against', 'hpa'],
      /^--against hpa: there is no such scaler; choose among all, aws-target-tracking, /,
    ],
    ['a setting that is no share', ['--against', 'keda@7'], /^--against keda@7: 7 is no share of a task's capacity; /],
    [
      'a workload nobody knows',
      ['--workload', 'calm'],
      /^--workload calm: there is no such workload; choose among day \(/,
    ],
    [
      'a figure nobody knows',
      ['--fail-if', 'overload > 1'],
      /^--fail-if 'overload > 1': no figure is called 'overload'; the figures are /,
    ],
    [
      'a figure that is not known',
      ['--workload', 'diurnal', '--days', '1', '--fail-if', 'reactionSecondsP95 > 1'],
      /because the load has no step; /,
    ],
    ['an end of nothing', ['--last', '3d'], /^--last 3d: there is no trace to take the end of; /],
    ['a trace that is not there', ['--trace', 'nowhere.csv'], /^nowhere\.csv: there is no such file; /],
    [
      'a page nobody can write',
      ['--html', 'nowhere/page.html'],
      /^--html nowhere\/page\.html: cannot be written \(ENOENT\); /,
    ],
    [
      'no names',
      ['--workload', ','],
      /argument ',' is invalid\. Give at least one name\. See schmitt simulate --help\.$/,
    ],
    ['a setting left out', ['--against', 'keda@'], /^--against keda@: what follows the @ is no share of /],
    ['two settings', ['--against', 'keda@0.7@3'], /^--against keda@0\.7@3: 0\.7@3 is no share of /],
    ['a sweep of nobody', ['--sweep'], /^--sweep: there is nobody to sweep; name other scalers with --against\.$/],
    ['a gate over no figure', ['--fail-if', '1 > 0'], /^--fail-if '1 > 0': it names no figure; /],
    ['a gate over a history', ['--fail-if', "avg(costRatio, '5m') > 1"], /: figures have no history; /],
    [
      'a gate that divides by zero',
      ['--days', '1', '--fail-if', 'costRatio / 0 > 1'],
      /: what it computes of web on day is no number, such as a division by zero; /,
    ],
    ['the same workload twice', ['--workload', 'day,day'], /^--workload day: it is named twice; name it once, or say /],
    ['the same policy twice', ['--policy', 'examples/web.yaml'], /^--policy examples\/web\.yaml: it is named twice; /],
    ['a series of nothing', ['--series', 'm1'], /^--series m1: there is no trace to take it from; add --trace FILE\.$/],
    ['a page without a name', ['--html', ''], /^--html: the name of the file is empty; name a file\.$/],
    [
      'a page that nothing can hold',
      ['--days', '1', '--html', '/dev/full'],
      /^--html \/dev\/full: cannot be written \(ENOSPC\); /,
    ],
    ['no number of seeds', ['--seeds', 'many'], /argument 'many' is invalid\. Give a whole number from 1 to 100\./],
  ])('%s', async (_, args, sentence) => {
    const { exitCode: code, stdout, stderr } = await schmitt(['simulate', ...WEB, ...args]);
    expect(stderr.trim()).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
    expect(stdout).toBe('');
  });

  test('a beginning that is longer than the load: of nothing there are no figures, and no gate passes', async () => {
    const gate = ['--warm-up', '2d', '--fail-if', 'overloadedPct > 90'];
    const { exitCode, stderr } = await schmitt(['simulate', ...WEB, '--trace', aDay('short.csv'), ...gate]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      '--warm-up 48 h: short lasts 24 h and nothing known is left of it to score; make it shorter.',
    );
  });

  test.each<[string[], string]>([
    [['--workload', 'day'], '--workload day: a load is a trace or a workload; leave out this or --trace.'],
    [['--days', '3'], '--days 3: a trace has its own length; take its end with --last 3d.'],
    [['--series', 'm1'], '--series m1: only JSON holds several series, and no trace ends in .json; leave it out.'],
    [['--warp', '1e-9'], '--warp 1e-9: told would last 1000000000 days; give a larger factor.'],
    [['--warp', '1000'], 'trace told: it lasts 60 s; give at least 120 s, or a smaller --warp.'],
  ])('what goes ill with a trace: %j', async (args, sentence) => {
    const { exitCode, stdout, stderr } = await schmitt(['simulate', ...WEB, '--trace', aDay('told.csv'), ...args]);
    expect([exitCode, stdout, stderr]).toEqual([2, '', `${sentence}\n`]);
  });

  test('a page over the policy or over the trace, by whatever path', async () => {
    const policy = written('own.yaml', readFileSync(join(ROOT, 'examples/web.yaml'), 'utf8'));
    const trace = aDay('own.csv');
    for (const page of [`${folder}/../${basename(folder)}/own.yaml`, trace]) {
      const before = readFileSync(page, 'utf8');
      const { exitCode, stderr } = await schmitt(['simulate', '--policy', policy, '--trace', trace, '--html', page]);
      expect([exitCode, stderr]).toEqual([
        2,
        `--html ${page}: this file is read, and would be written over; name another file.\n`,
      ]);
      expect(readFileSync(page, 'utf8')).toBe(before);
    }
  });

  test('a trace with one value in the wrong unit', async () => {
    const rows = Array.from({ length: 60 }, (_, minute) => `${minute * 60},${minute === 30 ? 1e15 : 0.001}`);
    const trace = written('spike.csv', ['timestamp_s,value', ...rows].join('\n'));
    const { exitCode, stderr } = await schmitt(['simulate', ...WEB, '--trace', trace]);
    expect([exitCode, stderr]).toEqual([
      2,
      'trace spike: its peak asks for 1.2e+19 tasks; correct the value that is far above the others, or give a smaller --scale.\n',
    ]);
  });

  test('a figure that the gate cannot know leaves no page behind', async () => {
    const page = join(folder, 'unknown.html');
    const args = ['--workload', 'diurnal', '--days', '1', '--html', page, '--fail-if', 'reactionSecondsP95 > 1'];
    expect((await schmitt(['simulate', ...WEB, ...args])).exitCode).toBe(2);
    expect(existsSync(page)).toBe(false);
  });

  test('a policy that needs a signal which the service does not send, with the list of what it sends', async () => {
    const args = ['simulate', '--policy', 'examples/checkout.yaml', '--service', 'prod/checkout', '--days', '1'];
    const { exitCode: code, stderr } = await schmitt(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^examples\/checkout\.yaml, service prod\/checkout, field signals\.jobs: a simulated service of kind cpu has no such signal; it has AWS\/ECS CPUUtilization, .*; take it out/,
    );
  });
});

test('a queue worker is played on a queue, by the name the policy has for it', async () => {
  const args = [
    'simulate',
    '--policy',
    'examples/queue-worker.yaml',
    '--workload',
    'queue',
    '--days',
    '1',
    '--against',
    'aws-target-tracking',
    '--json',
  ];
  const { exitCode: code, stdout, stderr } = await schmitt(args);
  expect([code, stderr]).toEqual([0, '']);
  const [worker, tracking] = JSON.parse(stdout).runs;
  expect(worker.changesPerDay).toBeGreaterThan(10);
  // It cannot wake a service without tasks, so its users keep one.
  expect(tracking.overSloPct).toBeLessThan(90);
});
