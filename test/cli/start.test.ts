/** `npm start` as a person runs it: a process of its own, on workloads of an hour. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');
const TIME_LIMIT_MS = 60_000;
jest.setTimeout(2 * TIME_LIMIT_MS);

interface Ended {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'schmitt-start-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function npmStart(
  args: readonly string[],
  onStart: (kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
) {
  return new Promise<Ended>((done) => {
    const options = { cwd: ROOT, timeout: TIME_LIMIT_MS, env: { ...process.env, NO_COLOR: '1' } };
    const child = execFile(process.execPath, ['lib/cli/start.ts', ...args], options, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : (error.code ?? error.signal ?? null), stdout, stderr }),
    );
    child.stdout?.once('data', () => onStart((signal) => child.kill(signal)));
  });
}

function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** A quiet hour with twenty minutes of four times the load in it. */
function anHour(
  rateAt: (minute: number) => string | number = (minute) => (minute >= 10 && minute < 30 ? 400 : 100),
): string {
  const lines = Array.from({ length: 60 }, (_, minute) => `${minute * 60},${rateAt(minute)}`);
  return ['timestamp_s,value', ...lines, ''].join('\n');
}

describe('a run', () => {
  test('says every decision as it happens, then the scores and where the page is', async () => {
    const out = join(folder, 'plain');
    const trace = written('burst.csv', anHour());
    const { code, stdout, stderr } = await npmStart(['--speed', 'max', '--trace', trace, '--out', out]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('burst on prod/web: 60 minutes of virtual time, 60 ticks');
    expect(
      lines.filter((line) => /^Mon 00:\d\d {2}prod\/web {2}\d+ → \d+: \w+ true/.test(line)).length,
    ).toBeGreaterThan(2);
    expect(lines.filter((line) => /^ *\d+ % {2}Mon \d\d:\d\d, \d+ s left$/.test(line))).toHaveLength(10);
    expect(stdout).toMatch(/│ Overloaded +│ +[\d.]+ % │/);
    expect(stdout).toContain(`The page: file://${out}/run.html`);
    expect(readdirSync(out).sort()).toEqual(['handler.log', 'run.html']);
    expect(readFileSync(join(out, 'run.html'), 'utf8')).toContain('<h1>burst ');
    expect(readFileSync(join(out, 'handler.log'), 'utf8')).toContain('"DecisionsTotal":1');
  });

  test('with --json prints one object and nothing else, and the same one again for the same seed', async () => {
    const trace = written('again.csv', anHour());
    const args = ['--speed', 'max', '--trace', trace, '--seed', '3', '--json', '--out', join(folder, 'json')];
    const [first, second] = [await npmStart(args), await npmStart(args)];
    expect(first).toEqual(second);
    expect(first.stderr).toBe('');
    const summary = JSON.parse(first.stdout);
    expect(summary).toMatchObject({ trace: 'again', ticks: 60, page: join(folder, 'json', 'run.html') });
    expect(summary.scaleOuts).toBeGreaterThan(0);
    expect(summary.overloadedPct).toBeGreaterThan(0);
    expect(summary.costRatio).toBeGreaterThan(1);
  });

  test('counts a gap of the trace and does not take it for silence', async () => {
    const gappy = anHour()
      .split('\n')
      .filter((line) => !/^(?:1[2-9]|2[0-3])\d\d,/.test(line))
      .join('\n');
    const args = ['--speed', 'max', '--trace', written('gap.csv', gappy), '--out', join(folder, 'gap')];
    const { code, stdout } = await npmStart(args);
    expect(code).toBe(0);
    expect(Number(stdout.match(/│ Gaps +│ +(\d+) │/)?.[1])).toBeGreaterThan(10);
  });

  test('with --signal plays CPU at 60 seconds and the signal on the same load, in one picture and on one page', async () => {
    const out = join(folder, 'signal');
    const args = ['--speed', 'max', '--signal', 'cpu20', '--trace', written('rise.csv', anHour()), '--out', out];
    const { code, stdout, stderr } = await npmStart(args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('rise on prod/checkout: 60 minutes of virtual time, 60 ticks\n');
    expect(stdout).toContain('rise on prod/checkout: 60 minutes of virtual time, 180 ticks\n');
    expect(stdout).toMatch(/^load {3}[▁▂▃▄▅▆▇█]{60}$/m);
    const [slow, fast] = ['cpu60', 'cpu20'].map((name) =>
      Number(stdout.match(new RegExp(`^${name} {2}█+ (\\d+)$`, 'm'))?.[1]),
    );
    expect(fast).toBeLessThan(Number(slow) - 30);
    expect(readdirSync(out).sort()).toEqual(['cpu20.log', 'cpu60.log', 'signals.html']);
    expect(readFileSync(join(out, 'signals.html'), 'utf8')).toContain(
      'From a step of the load to the change that answers it',
    );
  });

  test('with --signal sqs the queue is asked itself, and --json is one object', async () => {
    const args = ['--speed', 'max', '--signal', 'sqs', '--trace', written('jobs.csv', anHour()), '--json'];
    const { code, stdout } = await npmStart([...args, '--out', join(folder, 'queue')]);
    expect(code).toBe(0);
    const { runs, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ trace: 'jobs', steps: 1, page: join(folder, 'queue', 'signals.html') });
    expect(runs).toMatchObject([
      { name: 'cpu60', ticks: 60, answered: 1 },
      { name: 'sqs', ticks: 180, answered: 1 },
    ]);
    expect(runs[1].answeredSecondsP50).toBeLessThan(60);
    expect(runs[1].overloadedPct).toBeLessThan(runs[0].overloadedPct);
  });

  test('ends at Ctrl-C without a page, and says so', async () => {
    const out = join(folder, 'interrupted');
    const { code, stderr } = await npmStart(['--speed', '60', '--out', out], (kill) => kill('SIGINT'));
    expect(stderr).toBe('stopped by Ctrl-C: no scores and no page were written\n');
    expect(code).toBe(130);
    expect(readdirSync(out)).toEqual(['handler.log']);
  });
});

describe('bad input ends with one sentence, exit 2, and nothing written', () => {
  async function refused(args: readonly string[]): Promise<string> {
    const before = readdirSync(folder);
    const out = args.includes('--out') ? [] : ['--out', join(folder, 'never')];
    const { code, stdout, stderr } = await npmStart(['--speed', 'max', ...out, ...args]);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
    expect(readdirSync(folder)).toEqual(before);
    return stderr.trim().replaceAll(folder, 'HERE');
  }

  test('arguments', async () => {
    expect(await refused(['--speed', 'soon'])).toMatch(/^option '--speed <factor>' argument 'soon' is invalid\. Give /);
  });

  test('a trace that is not there, or not one', async () => {
    expect(await refused(['--trace', join(folder, 'no.csv')])).toMatch(/^HERE\/no\.csv: there is no such file; /);
    const bad = written(
      'nan.csv',
      anHour((minute) => (minute === 7 ? 'NaN' : 100)),
    );
    expect(await refused(['--trace', bad])).toMatch(/^HERE\/nan\.csv.* line 9.*NaN/);
    const unsorted = written('unsorted.csv', 'timestamp_s,value\n60,1\n0,1\n120,1\n');
    expect(await refused(['--trace', unsorted])).toMatch(/^HERE\/unsorted\.csv.* line 3/);
    expect(await refused(['--trace', written('fine.csv', anHour()), '--last', 'soon'])).toMatch(/last.*soon/);
  });

  test('a policy that is not there, does not parse, or contradicts itself', async () => {
    expect(await refused(['--policy', 'no.yaml'])).toBe(
      '--policy no.yaml: there is no such file; name a policy file, for example examples/web.yaml.',
    );
    expect(await refused(['--policy', written('broken.yaml', 'services: [')])).toMatch(/^HERE\/broken\.yaml/);
    const example = readFileSync(join(ROOT, 'examples/web.yaml'), 'utf8');
    const turned = written('turned.yaml', example.replace('min: 2, max: 60', 'min: 60, max: 2'));
    expect(await refused(['--policy', turned])).toMatch(/^HERE\/turned\.yaml.*min.*60.*max.*2/);
  });

  test('a policy that needs a signal no run has, or a service it does not name', async () => {
    const example = readFileSync(join(ROOT, 'examples/web.yaml'), 'utf8');
    const pushed = example.replace('{ ecs: CPUUtilization }', '{ cloudwatch: { namespace: Shop, metric: Depth } }');
    expect(await refused(['--policy', written('pushed.yaml', pushed)])).toMatch(
      /^HERE\/pushed\.yaml, service prod\/web, field signals\.cpu: a run has no such signal; it has AWS\/ECS CPUUtilization, /,
    );
    expect(await refused(['--service', 'prod/nothing'])).toBe(
      '--service prod/nothing: examples/web.yaml does not name it; it names prod/web.',
    );
  });

  test('a port that is taken', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const sentence = await refused(['--port', String(port)]).finally(() => server.close());
    expect(sentence).toMatch(new RegExp(`^port: ${port} on 127\\.0\\.0\\.1 is already taken; `));
  });

  test('a folder that cannot be one', async () => {
    const file = written('a-file', '');
    expect(await refused(['--out', join(file, 'deeper')])).toBe(
      '--out HERE/a-file/deeper: HERE/a-file is a file; name a folder.',
    );
    expect(await refused(['--out', '/proc/nothing'])).toMatch(/^--out \/proc\/nothing: cannot be written \(E\w+\); /);
  });
});
