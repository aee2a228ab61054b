/** `schmitt validate`, run as an operator and as a pipeline run it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { schmitt } from './schmitt.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'schmitt-validate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const SOUND = `version: 1
services:
  - service: prod/checkout
    capacity: { min: 2, max: 60 }
    signals: { cpu: { ecs: CPUUtilization } }
    scaleOut: [{ name: warm, when: 'cpu > 70', add: 1 }]
    scaleIn: [{ name: calm, when: 'cpu < 40', remove: 1 }]
`;
const UNUSED = SOUND.replace(
  '{ cpu: { ecs: CPUUtilization } }',
  '{ cpu: { ecs: CPUUtilization }, mem: { ecs: MemoryUtilization } }',
);

describe('a sound policy', () => {
  test('exits 0 and says what its numbers mean', async () => {
    const { exitCode, stdout, stderr } = await schmitt(['validate', file('sound.yaml', SOUND)]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'prod/checkout (shadow, 2 to 60): first out 2 min after the load, first in after 11 min, 60 → 2 in 5 h 53 min, 2 → 60 in 2 h 53 min',
      '1 file, 1 service: valid, no warnings.',
      'Times are of an ideal service under a load that begins with a period; schedules and freezes come on top.',
      '',
    ]);
  });

  test('--strict does not mind it', async () => {
    expect((await schmitt(['validate', '--strict', file('strict.yaml', SOUND)])).exitCode).toBe(0);
  });

  test('JSON is read like YAML', async () => {
    const text = JSON.stringify({
      version: 1,
      services: [{ service: 'prod/checkout', capacity: { min: 2, max: 2 } }],
    });
    expect((await schmitt(['validate', file('sound.json', text)])).stdout).toContain('always 2');
  });
});

describe('warnings', () => {
  const line =
    /^\S+unused\.yaml:5: warning: prod\/checkout signals\.mem: mem is read at every tick and nothing uses it; delete it, or use it in a rule\. \(unused-signal\)$/;

  test('stand on standard error with file and line, and exit 0', async () => {
    const { exitCode, stdout, stderr } = await schmitt(['validate', file('unused.yaml', UNUSED)]);
    expect(exitCode).toBe(0);
    expect(stderr.trimEnd()).toMatch(line);
    expect(stdout).toContain('1 file, 1 service: valid, 1 warning.');
  });

  test('--strict exits 1', async () => {
    const { exitCode, stderr } = await schmitt(['validate', file('unused.yaml', UNUSED), '--strict']);
    expect(exitCode).toBe(1);
    expect(stderr.trimEnd()).toMatch(line);
  });

  test('--json has them as data, and nothing is on standard error', async () => {
    const { exitCode, stdout, stderr } = await schmitt(['validate', '--json', file('unused.yaml', UNUSED)]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      valid: true,
      errors: [],
      warnings: [{ rule: 'unused-signal', line: 5, service: 'prod/checkout', path: 'signals.mem' }],
      services: [
        {
          service: 'prod/checkout',
          mode: 'shadow',
          meaning: { firstOut: { seconds: 120 }, firstIn: { seconds: 660 } },
        },
      ],
    });
  });

  test('what runs is told by --facts', async () => {
    const facts = file('facts.json', '{ "prod/checkout": { "running": 300 } }');
    const { stderr } = await schmitt(['validate', file('low.yaml', SOUND), '--facts', facts]);
    expect(stderr).toContain('low.yaml:4: warning: prod/checkout capacity.max: max is 60 and 300 tasks run');
  });

  test('what a document says in vain is one too', async () => {
    const { stderr } = await schmitt([
      'validate',
      file('vain.yaml', `${SOUND}calendars: { holidays: [2026-12-25] }\n`),
    ]);
    expect(stderr).toMatch(
      /vain\.yaml:8: warning: calendars\.holidays is named by no schedule and no freeze; use it or delete it\. \(no-effect\)/,
    );
  });
});

describe('errors', () => {
  test('each is a sentence on standard error with file and line; exit 2, nothing on standard output', async () => {
    const broken = file('broken.yaml', SOUND.replace('min: 2', 'min: 70').replace('cpu < 40', 'cpuu < 40'));
    const { exitCode, stdout, stderr } = await schmitt(['validate', broken]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      `${broken}:4: services[0].capacity.min is 70, above max 60; lower min or raise max.`,
      expect.stringContaining(`${broken}:7: services[0].scaleIn[0].when cannot be read: no signal is called 'cpuu'`),
    ]);
  });

  test('--json has them as data, and exits 2 too', async () => {
    const { exitCode, stdout } = await schmitt([
      'validate',
      '--json',
      file('broken.yaml', SOUND.replace('version: 1', 'version: 2')),
    ]);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ valid: false, errors: [{ line: 1, path: 'version' }] });
  });

  test.each([
    ['no file at all', ['validate'], "missing required argument 'files'. See schmitt validate --help."],
    [
      'a file that is not there',
      ['validate', 'nowhere.yaml'],
      'nowhere.yaml: there is no such file or folder; name a policy file, or a folder of them.',
    ],
    ['an unknown option', ['validate', '--strickt', 'x.yaml'], "unknown option '--strickt'"],
    ['an unknown command', ['valdate'], "unknown command 'valdate'"],
    ['no command', [], 'No command was given; the commands are validate, schema, decide'],
  ])('%s: exit 2', async (_, args, sentence) => {
    const { exitCode, stdout, stderr } = await schmitt(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('facts that are none', async () => {
    const facts = file('facts.json', '{ "prod/checkout": { "running": "60" } }');
    const { exitCode, stderr } = await schmitt(['validate', file('sound.yaml', SOUND), '--facts', facts]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('"prod/checkout".running is "60"; write a whole number of tasks.');
  });

  test('a file of many megabytes is refused by its size', async () => {
    const { exitCode, stderr } = await schmitt(['validate', file('huge.yaml', 'x'.repeat(20_000_000))]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      'huge.yaml:1: the file has 19532 KB, above the limit of 256 KB; split it into several files.',
    );
  });
});

describe('several files', () => {
  test('form one set, in which a folder is all that lies below it', async () => {
    const fleet = join(folder, 'fleet');
    mkdirSync(join(fleet, 'more'), { recursive: true });
    writeFileSync(join(fleet, 'one.yaml'), SOUND);
    writeFileSync(join(fleet, 'more', 'two.yml'), SOUND.replace('prod/checkout', 'prod/billing'));
    writeFileSync(join(fleet, 'notes.txt'), 'not a policy');
    const { exitCode, stdout } = await schmitt(['validate', fleet, join(fleet, 'one.yaml')]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('2 files, 2 services: valid');
  });

  test('a service in two of them is an error that names both', async () => {
    const [first, second] = [file('first.yaml', SOUND), file('second.yaml', SOUND)];
    const { exitCode, stderr } = await schmitt(['validate', first, second]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `${second}:3: services[0].service is "prod/checkout", as services[0].service in ${first}:3 is`,
    );
  });

  test('a folder without policies is an error', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    expect((await schmitt(['validate', empty])).stderr).toContain('the folder holds no .yaml, .yml or .json file');
  });
});
