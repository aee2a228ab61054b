/** `schmitt decide --stream`: what docs/decide-stream.md promises. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answerTo } from '../../lib/cli/commands/stream-answer.ts';
import { parsePolicies } from '../../lib/policy/document/parse.ts';
import { type Answer, type Conversation, conversation, ROOT, schmitt } from './schmitt.ts';

const POLICY = `version: 1
services:
  - service: prod/checkout
    capacity: { min: 2, max: 20 }
    signals: { cpu: { ecs: CPUUtilization }, jobs: { sqs: jobs } }
    scaleOut: [{ name: hot, when: 'cpu > 70', addPercent: 50 }]
    scaleIn: [{ name: calm, when: 'cpu < 40 && jobs < 10', remove: 1, trueFor: 2 of 2 }]
    pace: { in: { cooldown: 0s, stabilization: 0s } }
    guard: { holdInWhile: ['jobs > 1000'] }
  - service: prod/aimed
    capacity: { min: 1, max: 50 }
    signals: { cpu: { ecs: CPUUtilization } }
    targets: [{ signal: cpu, perTask: 50 }]
`;

const LATENCY = `version: 1
services:
  - service: prod/checkout
    capacity: { min: 2, max: 20 }
    signals: { p95: { alb: TargetResponseTime, stat: p95 } }
    scaleOut: [{ name: slow, when: 'p95 > 800', add: 1 }]
`;

let folder = '';
let policy = '';
let latency = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'schmitt-decide-'));
  policy = join(folder, 'policy.yaml');
  writeFileSync(policy, POLICY);
  latency = join(folder, 'latency.yaml');
  writeFileSync(latency, LATENCY);
});
afterAll(() => rmSync(folder, { recursive: true }));

const CHECKOUT = ['--service', 'prod/checkout'];
const T0 = Date.UTC(2026, 10, 18, 12);
const MINUTE = 60_000;
const at = (minute: number) => T0 + minute * MINUTE + 55_000;
const period = (minute: number, value: number, ...tasks: number[]) => [T0 + (minute - 1) * MINUTE, value, ...tasks];
const line = (more: object = {}) => ({ now: at(0), service: { desired: 4 }, signals: {}, ...more });
const hot = (value = 90) => ({ cpu: { values: [period(0, value)] } });

let checkout: Conversation;
let aimed: Conversation;
/** Answered once, so that no test waits for a process that is still starting. */
beforeAll(async () => {
  checkout = conversation(['--policy', policy, ...CHECKOUT]);
  aimed = conversation(['--policy', policy, '--service', 'prod/aimed']);
  await Promise.all([checkout.ask(line()), aimed.ask(line())]);
}, 120_000);
afterAll(async () => {
  await Promise.all([checkout.end(), aimed.end()]);
});

/** One answer a line, each asked after the one before it. */
async function answers(lines: readonly unknown[], of = checkout): Promise<readonly Answer[]> {
  const found: Answer[] = [];
  for (const one of lines) found.push(await of.ask(one));
  return found;
}

describe('the page docs/decide-stream.md', () => {
  const blocks = [...readFileSync(join(ROOT, 'docs/decide-stream.md'), 'utf8').matchAll(/```(\w+)\n([\s\S]*?)```/g)];
  const [[, , command = ''] = [], [, , asked = ''] = [], [, , answered = ''] = []] = blocks;

  test('its command, fed with its line, gives its answer', async () => {
    const words = command.trim().split(' ');
    expect(words.slice(0, 2)).toEqual(['npx', 'schmitt']);
    const { exitCode, stdout, stderr } = await schmitt(
      words.slice(2, words.indexOf('<')),
      `${JSON.stringify(JSON.parse(asked))}\n`,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject(JSON.parse(answered));
    expect(Object.keys(JSON.parse(stdout))).toEqual(['decision', 'sentence', 'reasons', 'state']);
  });
});

describe('a conversation', () => {
  test('each line is answered before the next one is sent, and the state goes round', async () => {
    const talk = conversation(['--policy', policy, ...CHECKOUT]);
    const said: string[] = [];
    let state: unknown;
    let service: object = { desired: 4, running: 4 };
    const values: (readonly number[])[] = [];
    for (const [minute, cpu] of [50, 90, 90, 90, 60].entries()) {
      values.push(period(minute, cpu));
      const signals = { cpu: { values }, jobs: { values: [period(minute, 50)] } };
      const answer = await talk.ask({ now: at(minute), service, signals, state });
      said.push(`${minute} ${answer.decision.from} → ${answer.decision.to}`);
      state = answer.state;
      service = { desired: answer.decision.to, running: answer.decision.to };
    }
    expect(await talk.end()).toBe(0);
    // The second 90 was measured before the new tasks were in service: one piece of evidence acts once.
    expect(said).toEqual(['0 4 → 4', '1 4 → 6', '2 6 → 6', '3 6 → 6', '4 6 → 6']);
  });

  test('a source without history is remembered in the state', async () => {
    const quiet = (minute: number, state?: unknown) => ({
      now: at(minute),
      service: { desired: 4 },
      signals: {
        cpu: { values: [period(minute - 1, 20), period(minute, 20)] },
        jobs: { values: [[at(minute) - MINUTE, 0]] },
      },
      state,
    });
    const first = await checkout.ask(quiet(0));
    const second = await checkout.ask(quiet(1, first.state));
    expect([first.decision.to, second.decision.to]).toEqual([4, 3]);
  });

  test('the state is the one after AWS said yes: a cooldown runs', async () => {
    const [first] = await answers([line({ signals: hot() })]);
    expect(first?.state).toMatchObject({ lastChange: { from: 4, to: 6, by: 'us', rule: 'hot' }, lastOutAt: at(0) });
  });
});

describe('a malformed line', () => {
  test.each([
    ['{', /^line \d+: is no JSON \(.+\); send one object a line$/],
    ['', /^line \d+: is empty; send one object a line$/],
    ['[1, 2]', /^line \d+: it is \[1,2\]; write an object, as in \{"now": /],
    [{ service: { desired: 4 } }, /^line \d+: now is missing; write milliseconds/],
    [line({ now: 'noon' }), /^line \d+: now is "noon"; write milliseconds/],
    [line({ now: 1e300 }), /^line \d+: now is 1e\+300; write milliseconds/],
    [line({ service: {} }), /^line \d+: service\.desired is missing; write a whole number from 0 to 1000000$/],
    [line({ service: { desired: 1.5 } }), /^line \d+: service\.desired is 1\.5; /],
    [line({ service: { desired: 4, running: -1 } }), /^line \d+: service\.running is -1; /],
    [
      line({ service: { desired: 4, deploying: 'yes' } }),
      /^line \d+: service\.deploying is "yes"; write true or false$/,
    ],
    [
      line({ service: { desired: 4, startSeconds: { p50: 40 } } }),
      /^line \d+: service\.startSeconds\.p95 is missing; /,
    ],
    [line({ signals: { cpu: [] } }), /^line \d+: signals\.cpu is \[\]; write an object/],
    [
      line({ signals: { cpu: { values: [[1, '63']] } } }),
      /^line \d+: signals\.cpu\.values\[0\] is \[1,"63"\]; write a list of/,
    ],
    [line({ signals: { cpu: { values: [[1, null]] } } }), /^line \d+: signals\.cpu\.values\[0\] is \[1,null\]; /],
    [line({ signals: { cpu: { status: 'ok' } } }), /^line \d+: signals\.cpu\.status is "ok"; write one of complete, /],
    [line({ signals: { cpu: { periodSeconds: 0 } } }), /^line \d+: signals\.cpu\.periodSeconds is 0; /],
    [line({ state: {} }), /^line \d+: state\.v is missing, and this Schmitt reads 1; begin without a state, /],
    [
      line({ state: { v: 2, rings: {} } }),
      /^line \d+: state\.v is 2, and this Schmitt reads 1; begin without a state, /,
    ],
    [
      line({ signals: { cpu: { values: [[T0, 63, 4, 5, 6]] } } }),
      /^line \d+: signals\.cpu\.values\[0\] is \[\d+,63,4,5,6\]; write a list of/,
    ],
    [`{"now":${T0},"service":{"desired":4},"signals":{"cpu":{"values":[[1,NaN]]}}}`, /^line \d+: is no JSON \(/],
    [line({ state: { v: 1, rings: 3 } }), /^line \d+: state\.\w+ is not as an answer returned it; /],
    [
      line({ overrides: [{ set: { kind: 'stop' } }] }),
      /^line \d+: overrides\[0\]\.set\.kind is "stop"; write one of pause, /,
    ],
    [
      line({ overrides: [{ set: { kind: 'pause' }, owner: 'ola' }] }),
      /^line \d+: overrides\[0\]\.reason is missing; write a text$/,
    ],
    ['{"__proto__": {"now": 1}}', /^line \d+: now is missing; /],
  ])('%j is answered with its fault', async (malformed, sentence) => {
    const [answer, next] = await answers([malformed, line({ signals: hot() })]);
    expect(Object.keys(answer ?? {})).toEqual(['error']);
    expect(answer?.error).toMatch(sentence);
    expect(next?.decision).toEqual({ action: 'out', from: 4, to: 6 });
  });

  test('a line of many megabytes neither fills the memory nor stops the stream', async () => {
    const [answer, next] = await answers([`"${'x'.repeat(9_000_000)}"`, line({ signals: hot() })]);
    expect(answer?.error).toMatch(/^line \d+: is longer than 4 MB; send only the periods that the policy looks at$/);
    expect(next?.decision.to).toBe(6);
  });
});

describe('defaults', () => {
  const full = line({
    service: { desired: 4, running: 4, pending: 0, inService: 4, unhealthy: 0, deploying: false, deployment: 'none' },
    signals: { cpu: { periodSeconds: 60, status: 'complete', values: [period(0, 90, 4)] } },
    overrides: [],
    state: null,
  });

  test('what is left away is as if it had been written', async () => {
    const [short, long] = await answers([line({ signals: hot() }), full]);
    expect(short).toEqual(long);
  });

  test('null is as absent', async () => {
    const empty = {
      running: null,
      pending: null,
      inService: null,
      deployment: null,
      deploying: null,
      startSeconds: null,
    };
    const [short, nulls] = await answers([
      line({ signals: hot() }),
      line({ service: { desired: 4, ...empty }, signals: { ...hot(), jobs: null }, overrides: null, state: null }),
    ]);
    expect(nulls).toEqual(short);
  });

  test('the tasks of a value are those that run', async () => {
    const load = (running: number, ...tasks: number[]) =>
      line({ service: { desired: 10, running }, signals: { cpu: { values: [period(0, 100, ...tasks)] } } });
    const found = await answers([load(8), load(10, 8), load(10)], aimed);
    expect(found.map(({ decision }) => decision.to)).toEqual([16, 16, 20]);
  });

  test('the tasks of a value from before the last change are those of then', async () => {
    const signals = { cpu: { values: [period(0, 100)] } };
    const first = await aimed.ask(line({ service: { desired: 4 }, signals }));
    const second = await aimed.ask({ now: at(1), service: { desired: 8, running: 8 }, signals, state: first.state });
    expect([first.decision.to, second.decision.to]).toEqual([8, 8]);
  });

  test('values come in any order, and names that the policy does not know are not looked at', async () => {
    const values = [period(0, 20), period(-1, 20)];
    const jobs = { values: [period(0, 0), period(-1, 0)] };
    const [up, down, more] = await answers([
      line({ signals: { cpu: { values }, jobs } }),
      line({ signals: { cpu: { values: values.toReversed() }, jobs: { values: jobs.values.toReversed() } } }),
      line({ signals: { jobs, cpu: { values }, mystery: 'anything' } }),
    ]);
    expect(up?.decision.to).toBe(3);
    expect(down).toEqual(up);
    expect(more).toEqual(up);
  });

  test('a phase of a deployment forbids scaling in, as deploying does', async () => {
    const signals = {
      cpu: { values: [period(0, 20), period(-1, 20)] },
      jobs: { values: [period(0, 0), period(-1, 0)] },
    };
    const [phase, flag, none] = await answers([
      line({ signals, service: { desired: 4, deployment: 'shifting' } }),
      line({ signals, service: { desired: 4, deploying: true } }),
      line({ signals, service: { desired: 4, deployment: null } }),
    ]);
    expect([phase, flag, none].map((one) => one?.decision.to)).toEqual([4, 4, 3]);
  });

  test('what else is known of a deployment is heeded: one that fails gets nothing added', async () => {
    const [failing, blue, wrong] = await answers([
      line({ signals: hot(), service: { desired: 4, deployment: { failing: 'the circuit breaker rolls back' } } }),
      line({ signals: hot(), service: { desired: 4, deployment: { strategy: 'blueGreen', phase: 'baking' } } }),
      line({ signals: hot(), service: { desired: 4, deployment: { phase: 'done' } } }),
    ]);
    expect(failing?.sentence).toContain('its deployment fails (the circuit breaker rolls back)');
    expect(blue?.decision.to).toBe(6);
    expect(wrong?.error).toMatch(/service\.deployment\.phase is "done"; write one of shifting, baking, terminating$/);
  });

  test('a percentile of too few samples abstains', async () => {
    const p95 = conversation(['--policy', latency]);
    const slow = (...samples: unknown[]) =>
      line({ signals: { p95: { values: [[...period(0, 900, 4), ...samples]] } } });
    const found = await answers([slow(40), slow(400), slow(), slow(-1)], p95);
    await p95.end();
    expect(found.map((one) => one.sentence ?? one.error)).toEqual([
      'hold 4: slow abstains (p95 unknown: 40 samples, and p95 needs 200)',
      '4 → 5: slow true 1 of 1 (p95 900) asks 5 from 4',
      '4 → 5: slow true 1 of 1 (p95 900) asks 5 from 4',
      expect.stringMatching(/^line 4: signals\.p95\.values\[0\] is \[\d+,900,4,-1\]; write a list of/),
    ]);
  });

  test('a source that fails is unknown, not zero', async () => {
    const [answer] = await answers([line({ signals: { cpu: { status: 'failed' } } })]);
    expect(answer?.sentence).toContain('hot unknown (cpu unknown: the source answered failed)');
  });
});

describe('overrides', () => {
  const override = (set: object, more: object = {}) => ({
    set,
    owner: 'ola',
    reason: 'sale',
    expiresAt: at(60),
    ...more,
  });

  test('hold for the service, until they expire', async () => {
    const found = await answers([
      line({ overrides: [override({ kind: 'floor', tasks: 9 })] }),
      line({ overrides: [override({ kind: 'exact', tasks: 3 })] }),
      line({ signals: hot(), overrides: [override({ kind: 'pause' })] }),
      line({ signals: hot(), overrides: [override({ kind: 'pause' }, { scope: 'prod/other' })] }),
      line({ signals: hot(), overrides: [override({ kind: 'pause' }, { expiresAt: at(0) - 1 })] }),
    ]);
    expect(found.map(({ decision }) => decision.to)).toEqual([9, 3, 4, 6, 6]);
  });

  test('by tag hold where the service carries it', async () => {
    const overrides = [override({ kind: 'pause' }, { scope: 'tag:schmitt=web' })];
    const tagged = (tags?: object) => line({ service: { desired: 4, tags }, signals: hot(), overrides });
    const found = await answers([tagged({ schmitt: 'web' }), tagged({ schmitt: 'jobs' }), tagged(), tagged([])]);
    expect(found.map((one) => one.decision?.to ?? one.error)).toEqual([
      4,
      6,
      6,
      expect.stringMatching(/service\.tags is \[\]; write an object, as in \{"schmitt": "web"\}$/),
    ]);
  });
});

describe('the command', () => {
  test('--long adds the nearest change and the table', async () => {
    const long = conversation(['--policy', policy, ...CHECKOUT, '--long']);
    const answer = await long.ask(line({ signals: hot(65) }));
    await long.end();
    expect(answer).toMatchObject({ nearest: { kind: 'signal', sentence: 'cpu 5.1 higher', voter: 'hot' } });
    expect(answer).toHaveProperty('table', expect.stringContaining('cpu > 70: 65 > 70 false'));
  });

  test('a reader that leaves ends it without a fault', async () => {
    const talk = conversation(['--policy', policy, ...CHECKOUT]);
    await talk.ask(line());
    talk.leave();
    expect(await talk.exitsOn(line())).toBe(0);
  });

  test('a last line without its end is answered too, and carriage returns do not matter', async () => {
    const input = `${JSON.stringify(line({ signals: hot() }))}\r\n${JSON.stringify(line({ signals: hot() }))}`;
    const { stdout } = await schmitt(['decide', '--policy', policy, ...CHECKOUT, '--stream'], input);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(stdout).not.toContain('error');
  });

  test.each([
    ['no --stream', ['--policy', 'examples/web.yaml'], 'add --stream and send one JSON object a line'],
    ['no policy', ['--stream'], "required option '--policy <file>' not specified"],
    [
      'a policy that is not there',
      ['--policy', 'nowhere.yaml', '--stream'],
      '--policy nowhere.yaml: there is no such file',
    ],
    [
      'a service that is not there',
      ['--policy', 'examples/web.yaml', '--service', 'prod/other', '--stream'],
      '--service prod/other: examples/web.yaml does not name it',
    ],
  ])('%s: exit 2 and one sentence', async (_, args, sentence) => {
    const { exitCode, stdout, stderr } = await schmitt(['decide', ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('several services and none named: exit 2', async () => {
    expect((await schmitt(['decide', '--policy', policy, '--stream'])).stderr).toContain('say which with --service');
  });

  test('a service is named by its ARN too, and a policy for tags by its tags', async () => {
    const ask = async (service: string, cpu: number) => {
      const input = `${JSON.stringify(line({ signals: { cpu: { values: [period(0, cpu)] } } }))}\n`;
      const { stdout } = await schmitt(
        ['decide', '--policy', 'examples/fleet.yaml', '--service', service, '--stream'],
        input,
      );
      return JSON.parse(stdout) as Answer;
    };
    const arn = 'arn:aws:ecs:eu-central-1:123456789012:service/prod/reports';
    const found = await Promise.all([ask(arn, 90), ask('tagged schmitt=web stage=prod', 90)]);
    expect(found.map(({ decision }) => decision.to)).toEqual([6, 6]);
  }, 60_000);

  test('many lines at once', async () => {
    const one = `${JSON.stringify(line({ signals: hot() }))}\n`;
    const { stdout } = await schmitt(['decide', '--policy', policy, ...CHECKOUT, '--stream'], one.repeat(2_000));
    expect(stdout.split('\n')).toHaveLength(2_001);
  }, 60_000);

  test('thousands of lines a second of the processor', () => {
    const values = Array.from({ length: 30 }, (_, back) => period(-back, 55));
    const text = JSON.stringify(line({ signals: { cpu: { values }, jobs: { values } } }));
    const [one] = parsePolicies([{ name: 'policy.yaml', text: POLICY }]).services;
    if (one === undefined) throw new Error('the document names no service');
    const before = process.cpuUsage();
    for (let number = 1; number <= 10_000; number++) answerTo(one, { kind: 'line', text }, number, { long: false });
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5_000);
  }, 60_000);
});
