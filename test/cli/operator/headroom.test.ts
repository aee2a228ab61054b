/** What an operator sees of the hourly checks. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { headroomOf } from '../../../lib/cli/operator/headroom.ts';
import { statusOf } from '../../../lib/cli/operator/history-commands.ts';
import type { Operator } from '../../../lib/cli/operator/operator.ts';
import { manualClock } from '../../../lib/loop/manual-clock.ts';
import { memoryHeadroom } from '../../../lib/loop/memory-headroom.ts';
import { memoryStore } from '../../../lib/loop/memory-store.ts';
import type { Findings } from '../../../lib/policy/headroom/findings.ts';
import { ACCOUNT } from '../../loop/shard.ts';
import { schmitt } from '../schmitt.ts';

const NOON = Date.UTC(2026, 10, 18, 12);
const live = () => new AbortController().signal;
const FOUND: Findings = {
  checkedAt: NOON - 20 * 60_000,
  pools: {
    fargate: { kind: 'fargateVcpu', name: '', free: 6.5, limit: 100 },
    net: { kind: 'subnets', name: 'subnet-a, subnet-b', free: 40, limit: 502 },
  },
  services: {
    'prod/checkout': {
      ...{ counted: 4, needs: { fargate: 2, net: 1 }, atOnce: 500, scaledBy: ['policy cpu-70'] },
      warnings: ['Its deregistration delay is 0 s, so a task that is stopped drops its requests: set 30 s or more.'],
      unknown: ['the Spot vCPU quota: AccessDenied'],
    },
    'prod/cart': { counted: 1, needs: {}, scaledBy: [], warnings: [], unknown: [] },
  },
};

let headroom: ReturnType<typeof memoryHeadroom>;
const clock = manualClock(NOON);
beforeEach(async () => {
  clock.set(NOON);
  headroom = memoryHeadroom();
  await headroom.save('1', FOUND, 0, live());
});
const ask = (service: string, shards = ['0', '1']) => headroomOf({ headroom, clock, abort: live() }, service, shards);

describe('schmitt headroom', () => {
  test('says what there is room for, who else scales it, and what it cannot give back', async () => {
    expect(await ask('prod/checkout')).toBe(
      [
        'prod/checkout, checked 20 min ago, when 4 ran:',
        '  room for 3 more: the Fargate vCPU quota, 6.5 of 100 free, 2 a task',
        '  room for 40 more: the free addresses of subnet-a, subnet-b, 40 of 502 free, 1 a task',
        '  at most 500 more within a minute, as Fargate starts them',
        '  Application Auto Scaling may scale it in (policy cpu-70): run schmitt takeover prod/checkout',
        '  ! Its deregistration delay is 0 s, so a task that is stopped drops its requests: set 30 s or more.',
        '  ? not found out, the Spot vCPU quota: AccessDenied',
      ].join('\n'),
    );
  });

  test('says that nothing stands in the way, and when that is old', async () => {
    clock.advance(4 * 3_600_000);
    expect(await ask('prod/cart')).toBe(
      [
        'prod/cart, checked 4 h 20 min ago, too long ago to be believed, when 1 ran:',
        '  no limit of AWS is known that stands in its way',
        '  nothing else may scale it in',
      ].join('\n'),
    );
  });

  test('of a service that no check has seen says why', async () => {
    await expect(ask('prod/chekout')).rejects.toThrow(/^prod\/chekout was not checked: it is in no policy, or newer/);
    await expect(ask('prod/checkout', ['0'])).rejects.toThrow(
      /^prod\/checkout was not checked: no check has run yet\./,
    );
    await expect(ask('checkout')).rejects.toThrow(/write cluster\/service/);
    headroom.put('0', '{');
    await expect(ask('prod/other')).rejects.toThrow(
      /^What was found cannot be read: of what was found the text is not JSON/,
    );
  });

  test.each([
    [['headroom', 'prod/checkout'], 'No table is named; '],
    [['headroom', 'prod/checkout', '--table', 't', '--shards', '0'], "--shards is '0'; "],
  ])('%j exits with 2 and a sentence', async (args, sentence) => {
    const ended = await schmitt(args, '', { SCHMITT_TABLE: '' });
    expect([ended.exitCode, ended.stderr]).toEqual([2, expect.stringContaining(sentence)]);
  });
});

test('schmitt status names what somebody should know of a service', async () => {
  const store = memoryStore();
  const arns = ['checkout', 'cart'].map(
    (name) => `arn:aws:ecs:${ACCOUNT.region}:${ACCOUNT.accountId}:service/prod/${name}`,
  );
  const rings = Object.fromEntries(arns.map((arn) => [arn, { counts: [[NOON, 4, NOON]] as const, wishes: [] }]));
  await store.saveRings('1', { rev: 0, rings }, live());
  const operator: Operator = {
    ...{ clock, headroom, store, abort: live(), close: () => undefined, history: async () => [] },
    overrides: { list: async () => [], put: async () => undefined, end: async () => 'absent' },
    services: { describe: async () => [] },
    findTagged: async () => [],
    taskPrice: async () => ({ dollarsPerHour: 1, why: 'not asked' }),
  };
  expect(await statusOf(operator, '1')).toBe(
    [
      'prod/cart  desired 4  nothing yet',
      'prod/checkout  desired 4  nothing yet',
      '  ! Application Auto Scaling may scale it in (policy cpu-70): run schmitt takeover prod/checkout',
      '  ! Its deregistration delay is 0 s, so a task that is stopped drops its requests: set 30 s or more.',
    ].join('\n'),
  );
});
