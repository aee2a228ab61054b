/** Every example is read without a problem or a warning, and means what its comments say. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkPolicies } from '../../../lib/policy/document/parse.ts';
import { lint } from '../../../lib/policy/lint/lint.ts';
import { meaning } from '../../../lib/policy/meaning/meaning.ts';
import type { PolicySet, ServicePolicy } from '../../../lib/policy/policy.ts';
import { EXAMPLES } from './example-files.ts';

const BEFORE_CHRISTMAS = Date.parse('2026-11-20T00:00:00Z');

function example(name: string): PolicySet {
  const file = EXAMPLES.find((path) => path.endsWith(`examples/${name}`)) ?? name;
  const checked = checkPolicies([{ name, text: readFileSync(file, 'utf8') }]);
  if (checked.kind === 'bad') throw new Error(checked.problems[0]?.message);
  return checked.set;
}

test('there are examples', () => {
  expect(EXAMPLES.map((file) => basename(file))).toEqual(
    expect.arrayContaining(['checkout.yaml', 'fleet.yaml', 'queue-worker.yaml', 'web.yaml']),
  );
});

test.each(EXAMPLES)('%s has neither problems nor warnings', (file) => {
  const text = readFileSync(file, 'utf8');
  expect(checkPolicies([{ name: file, text }], { now: BEFORE_CHRISTMAS })).toMatchObject({ kind: 'ok', warnings: [] });
});

const README = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
const SNIPPETS = [...README.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ''], index) => [
  `README ${index}`,
  text,
]);
const DOCUMENTS = [...SNIPPETS, ...EXAMPLES.map((file) => [file, readFileSync(file, 'utf8')])] as [string, string][];

test.each(DOCUMENTS)('%s is sound, and decides: up to max under its load, and back to min without', (name, text) => {
  const checked = checkPolicies([{ name, text }], { now: BEFORE_CHRISTMAS });
  if (checked.kind === 'bad') throw new Error(checked.problems[0]?.message);
  const { set, warnings } = checked;
  expect([warnings, lint(set)]).toEqual([[], []]);
  const tagged = set.tagged.map(({ policy }) => ({ ...policy, cluster: 'prod', service: 'tagged' }));
  const policies = [...set.services, ...tagged];
  expect(policies).not.toEqual([]);
  for (const policy of policies) {
    const { up, down, firstOut, firstIn } = meaning(policy);
    const { min, max } = policy.capacity;
    expect({ up, down }).toMatchObject({ up: { to: max, ended: 'reached' }, down: { to: min, ended: 'reached' } });
    expect([firstOut.seconds, firstIn.seconds]).toEqual([expect.any(Number), expect.any(Number)]);
  }
});

describe('checkout.yaml', () => {
  const [checkout] = example('checkout.yaml').services as [ServicePolicy];

  test('a response time is in milliseconds, a request count per second', () => {
    expect(checkout.signals.p95).toMatchObject({ stat: 'p95', scale: 1000 });
    expect(checkout.signals.rps).toMatchObject({ stat: 'Sum', scale: 1 / 60, whenMissing: { kind: 'zero' } });
  });

  test('the share of errors is counted at the rate of what it is a share of', () => {
    expect(checkout.signals.errors).toMatchObject({
      source: { kind: 'share', part: { kind: 'alb', metric: 'HTTPCode_Target_5XX_Count' }, of: 'rps' },
      scale: 1 / 60,
    });
  });

  test('rules, targets, windows and guards', () => {
    expect(
      checkout.scaleOut.map(({ name, change, trueFor, thenWaitSeconds }) => ({
        name,
        change,
        trueFor,
        thenWaitSeconds,
      })),
    ).toEqual([
      {
        name: 'emergency',
        change: { kind: 'percent', percent: 50, atLeastTasks: 2 },
        trueFor: { m: 1, n: 1 },
        thenWaitSeconds: 0,
      },
      { name: 'warm', change: { kind: 'tasks', tasks: 1 }, trueFor: { m: 3, n: 3 }, thenWaitSeconds: 180 },
    ]);
    expect(checkout.targets.map(({ name }) => name)).toEqual(['rps', 'backlog jobs']);
    expect(checkout.schedule).toEqual([
      {
        name: '0 8 * * MON-FRI',
        starts: { kind: 'cron', cron: '0 8 * * MON-FRI' },
        lastsSeconds: 43_200,
        timezone: 'Asia/Shanghai',
        min: 10,
      },
    ]);
    expect(checkout.freeze[0]).toMatchObject({ forbid: 'scaleIn', lastsSeconds: 86_400 });
    expect(checkout.guard).toMatchObject({
      holdInWhile: ['errors > 1'],
      whenBlindFor: [{ seconds: 600, atLeastTasks: 6 }],
    });
  });
});

describe('queue-worker.yaml', () => {
  const [worker] = example('queue-worker.yaml').services as [ServicePolicy];

  test('a queue is read at every tick, without delay', () => {
    expect(worker.signals.jobs).toMatchObject({ periodSeconds: 20, publicationDelaySeconds: 0 });
    expect(worker.signals.waiting?.source).toEqual({ kind: 'sqs', queue: 'thumbnail-jobs', attribute: 'visible' });
  });

  test('bands without a condition act where one of them holds the signal', () => {
    expect(worker.scaleOut[0]?.when).toBe('waiting >= 2000');
  });
});

describe('fleet.yaml', () => {
  const set = example('fleet.yaml');
  const named = (service: string) => set.services.find((policy) => policy.service === service) as ServicePolicy;

  test('defaults are merged one level deep, or replaced as a whole', () => {
    expect(named('search').capacity).toEqual({ min: 2, max: 60 });
    expect(Object.keys(named('search').signals)).toEqual(['cpu', 'mem', 'rps']);
    expect(named('search').scaleOut).toHaveLength(2);
    expect(named('ledger').scaleIn.map(({ trueFor }) => trueFor)).toEqual([{ m: 30, n: 30 }]);
  });

  test('selection by name, ARN and tag; lists; groups', () => {
    expect(set.services.map(({ cluster, service }) => `${cluster}/${service}`)).toEqual([
      'prod/search',
      'prod/ledger',
      'prod/reports',
    ]);
    expect(set.tagged.map(({ tags }) => tags)).toEqual([{ schmitt: 'web', stage: 'prod' }]);
    expect(set.groups).toEqual([{ name: 'ledger-db', services: ['prod/ledger', 'prod/reports'], maxTasks: 30 }]);
    expect([set.allow, set.deny]).toEqual([['prod/*'], ['*/bastion']]);
  });

  test('a time of day ends a window, and holidays are left out', () => {
    expect(named('ledger').schedule[0]).toMatchObject({
      lastsSeconds: 11 * 3600,
      dates: { use: 'except', calendar: 'holidays', dates: ['2026-12-25', '2026-12-26', '2027-01-01'] },
    });
  });
});

test('web.yaml needs nothing but the CPU that ECS itself measures', () => {
  const [web] = example('web.yaml').services as [ServicePolicy];
  expect(Object.values(web.signals).map(({ source }) => source)).toEqual([{ kind: 'ecs', metric: 'CPUUtilization' }]);
  expect([web.mode, web.scaleOut.length, web.scaleIn.length]).toEqual(['act', 2, 1]);
});
