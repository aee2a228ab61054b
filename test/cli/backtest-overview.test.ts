/** `schmitt backtest` over every service that a policy names: what they would have cost together, and which cannot be ranked. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalCloud, startLocalCloud } from '../../lib/local/cloud.ts';
import { remembered, scaledPlant } from '../sim/backtest/recorded.ts';
import { daysOf, END, trackedAt60 } from './scaled-service.ts';
import { schmitt, shellFor } from './schmitt.ts';

const DAYS = 2;
const SERVICE = (name: string, signal = 'cpu: { ecs: CPUUtilization }', out = 'cpu > 70') => `
  - service: prod/${name}
    capacity: { min: 2, max: 60 }
    signals: { ${signal} }
    scaleOut: [{ name: warm, when: '${out}', addPercent: 20, trueFor: 2 of 2 }]`;
const CALM = `
    scaleIn: [{ name: calm, when: 'cpu < 45', remove: 1, trueFor: 6 of 6 }]`;

let folder: string;
let cloud: LocalCloud;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schmitt-overview-'));
  const plant = (service: string) => {
    const scaled = scaledPlant(daysOf(DAYS), { plant: { name: { cluster: 'prod', service } } });
    return remembered(scaled, { insights: false });
  };
  cloud = await startLocalCloud({
    plants: ['checkout', 'cart', 'fixed'].map(plant),
    scaling: [trackedAt60('checkout'), trackedAt60('cart')],
    region: 'us-east-1',
    // Of twice the size: the same tasks cost twice as much.
    surroundings: { services: { 'prod/cart': { task: { cpu: '512', memory: '1024' } } } },
  });
}, 60_000);
afterAll(async () => {
  await cloud.close();
  await rm(folder, { recursive: true, force: true });
});

async function backtest(services: string, args: readonly string[] = []) {
  const file = join(folder, 'fleet.yaml');
  await writeFile(file, `version: 1\nservices:${services}\n`);
  const where = ['--policy', file, '--out', join(folder, 'out'), '--days', String(DAYS)];
  const until = ['--until', new Date(END).toISOString()];
  const ended = await schmitt(['backtest', ...where, ...until, ...args], '', { ...shellFor(cloud), NODE_OPTIONS: '' });
  return { ...ended, file };
}

describe('several services', () => {
  test('have a line each, the one that saves most first, and a sum', async () => {
    const { stdout, exitCode } = await backtest(SERVICE('checkout') + CALM + SERVICE('cart') + CALM);
    const [first, , , , ...lines] = stdout.split('\n');
    expect(first).toMatch(
      /^2 services, 2 days: their policies would have cost \$(\S+) instead of \$(\S+) \(\S+ % (more|less), about \$\S+ a month\) and been overloaded for \d+ minutes instead of \d+ minutes\.$/,
    );
    const rows = stdout.split('\n').flatMap((line) => {
      const [, name, cost, real, month] = /^(prod\/\w+) +\$(\S+) +\$(\S+) +([+−])\$\S+ .* (\d+) %$/.exec(line) ?? [];
      return name === undefined ? [] : [{ name, cost: Number(cost), real: Number(real), month }];
    });
    expect([rows.length, exitCode, lines.length]).toEqual([2, 0, 3]);
    const byName = new Map(rows.map((row) => [row.name, row]));
    const [cart, checkout] = [byName.get('prod/cart'), byName.get('prod/checkout')];
    expect((cart?.real ?? 0) / (checkout?.real ?? 1)).toBeCloseTo(2, 1);
    const [, sum, real] = /cost \$(\S+) instead of \$(\S+) /.exec(first ?? '') ?? [];
    expect(Number(sum)).toBeCloseTo((cart?.cost ?? 0) + (checkout?.cost ?? 0), 1);
    expect(Number(real)).toBeCloseTo((cart?.real ?? 0) + (checkout?.real ?? 0), 1);
    const saves = (row: typeof cart) => (row?.cost ?? 0) - (row?.real ?? 0);
    expect(rows.map(({ name }) => name)).toEqual(
      saves(cart) < saves(checkout) ? ['prod/cart', 'prod/checkout'] : ['prod/checkout', 'prod/cart'],
    );
    expect(
      Math.max(
        ...stdout
          .split('\n')
          .slice(1)
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
  }, 60_000);

  test('one that cannot be ranked, read or found is said so, and the others are told all the same', async () => {
    const others = `${SERVICE('fixed')}${SERVICE('gone')}${SERVICE('jobs', 'depth: { sqs: jobs }', 'depth > 9')}`;
    const { stdout, exitCode } = await backtest(SERVICE('checkout') + CALM + others);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^1 of 4 services, 2 days: their policies would have cost/);
    expect(stdout).toMatch(/^prod\/checkout +\$/m);
    expect(stdout).toContain(
      '\nprod/fixed is not ranked: the service is not registered with Application Auto Scaling.\n',
    );
    expect(stdout).toMatch(/\nprod\/gone is not ranked: ECS knows no service .*; check the name, the Region/);
    expect(stdout).toMatch(/\nprod\/jobs is not ranked: .*signal depth: a signal of kind sqs has no history/);
  }, 60_000);

  test('where none is ranked there is no table', async () => {
    const { stdout, exitCode } = await backtest(SERVICE('fixed') + SERVICE('gone'));
    expect(stdout).toMatch(
      /^None of 2 services could be ranked over 2 days\.\n\nprod\/fixed is not ranked: .*\n\nprod\/gone is/,
    );
    expect([stdout.includes('Cost'), exitCode]).toEqual([false, 1]);
  }, 60_000);

  test('are a list for scripts', async () => {
    const { stdout, exitCode } = await backtest(SERVICE('cart') + CALM + SERVICE('gone'), ['--json']);
    const [cart, gone, ...more] = JSON.parse(stdout);
    expect([cart.service, cart.ranked, cart.runs.length, cart.dollarsPerTaskHour]).toEqual([
      'prod/cart',
      true,
      3,
      0.024685,
    ]);
    expect([gone.service, gone.ranked, gone.runs, gone.why.includes('ECS knows no service')]).toEqual([
      'prod/gone',
      false,
      [],
      true,
    ]);
    expect([more, exitCode]).toEqual([[], 1]);
  }, 60_000);
});

test.each(['--html', '--load'])('%s is of one service', async (option) => {
  const { stderr, exitCode, file } = await backtest(SERVICE('cart') + SERVICE('checkout'), [option, join(folder, 'x')]);
  expect(stderr).toBe(
    `${option} shows one service, and ${file} names prod/cart, prod/checkout; say which with --service.\n`,
  );
  expect(exitCode).toBe(2);
});

test('a policy of one service needs no --service; one of tags alone has no history', async () => {
  const one = await backtest(SERVICE('checkout') + CALM);
  expect(one.stdout).toMatch(/^prod\/checkout, 2 days: this policy would have cost/);
  const tags = await backtest(SERVICE('x').replace('service: prod/x', 'tagged: { schmitt: web }'));
  expect(tags.stderr).toBe(
    `${tags.file}, field services: it names no service, and tags have no history; name one by cluster/service.\n`,
  );
  expect(tags.exitCode).toBe(2);
}, 60_000);
