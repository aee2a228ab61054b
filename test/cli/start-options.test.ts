import { describe, expect, test } from '@jest/globals';
import { parseStartOptions } from '../../lib/cli/start-options.ts';

function parsed(line: string) {
  return parseStartOptions(line === '' ? [] : line.split(' '));
}

test('without arguments: the seeded day in a minute, the example policy, the folder out', () => {
  expect(parsed('')).toEqual({
    kind: 'start',
    options: {
      tasksAtP95: 20,
      policy: 'examples/web.yaml',
      seed: 1,
      speed: 1440,
      port: 0,
      out: 'out',
      json: false,
      verbose: false,
    },
  });
});

test('every option is read', () => {
  const line =
    '--trace load.csv --last 3d --tasks-at-p95 4.5 --policy p.yaml --service prod/web --seed 7 --speed max --port 8080 --out o --json --verbose';
  expect(parsed(line)).toEqual({
    kind: 'start',
    options: {
      trace: 'load.csv',
      last: '3d',
      tasksAtP95: 4.5,
      policy: 'p.yaml',
      service: 'prod/web',
      seed: 7,
      speed: Number.POSITIVE_INFINITY,
      port: 8080,
      out: 'o',
      json: true,
      verbose: true,
    },
  });
});

test('a signal to compare with CPU at 60 seconds', () => {
  expect(parsed('--signal sqs --seed 2')).toMatchObject({ options: { signal: 'sqs', seed: 2 } });
});

test('--help is words, not a run', () => {
  const request = parsed('--help');
  expect(request.kind === 'help' && request.text).toContain('--tasks-at-p95 <tasks>');
});

describe('bad arguments are refused with a sentence', () => {
  test.each([
    [
      '--speed 0',
      "option '--speed <factor>' argument '0' is invalid. Give a number above 0 (1440 is a day in a minute) or max.",
    ],
    [
      '--speed fast',
      "option '--speed <factor>' argument 'fast' is invalid. Give a number above 0 (1440 is a day in a minute) or max.",
    ],
    [
      '--speed Infinity',
      "option '--speed <factor>' argument 'Infinity' is invalid. Give a number above 0 (1440 is a day in a minute) or max.",
    ],
    [
      '--tasks-at-p95 0',
      "option '--tasks-at-p95 <tasks>' argument '0' is invalid. Give a number above 0, at most 5000.",
    ],
    [
      '--tasks-at-p95 NaN',
      "option '--tasks-at-p95 <tasks>' argument 'NaN' is invalid. Give a number above 0, at most 5000.",
    ],
    [
      '--tasks-at-p95 1e9',
      "option '--tasks-at-p95 <tasks>' argument '1e9' is invalid. Give a number above 0, at most 5000.",
    ],
    ['--port 65536', "option '--port <number>' argument '65536' is invalid. Give a whole number from 0 to 65535."],
    ['--port -1', "option '--port <number>' argument '-1' is invalid. Give a whole number from 0 to 65535."],
    ['--seed 1.5', "option '--seed <number>' argument '1.5' is invalid. Give a whole number from 0 to 4294967295."],
    ['--trace', "option '--trace <file>' argument missing. See npm start -- --help."],
    ['--sped 3', "unknown option '--sped' (Did you mean one of --seed, --speed?)."],
    ['day.csv', 'too many arguments. Expected 0 arguments but got 1: day.csv. See npm start -- --help.'],
    [
      '--signal memory',
      "option '--signal <name>' argument 'memory' is invalid. Allowed choices are cpu20, alb, sqs. See npm start -- --help.",
    ],
    [
      '--signal sqs --policy p.yaml',
      '--signal sqs --policy p.yaml: --signal plays policies of its own, from examples/signals; leave --policy out.',
    ],
    [
      '--signal sqs --service prod/web',
      '--signal sqs --service prod/web: --signal plays policies of its own, from examples/signals; leave --service out.',
    ],
    ['--last 3d', '--last 3d: there is no trace to take the end of; add --trace FILE or leave --last out.'],
  ])('%s', (line, sentence) => {
    expect(() => parsed(line)).toThrow(expect.objectContaining({ name: 'BadInput', message: sentence }));
  });
});
