/** The tick and what the hourly checks found. */
import { describe, expect, test } from '@jest/globals';
import { memoryHeadroom } from '../../lib/loop/memory-headroom.ts';
import type { Findings } from '../../lib/policy/headroom/findings.ts';
import { headroomContract } from '../contracts/headroom.ts';
import { rule, tasks } from '../support/policies.ts';
import { MINUTE, policy } from '../support/story.ts';
import { lines, shard } from './shard.ts';

headroomContract('in memory', async () => {
  const headroom = memoryHeadroom();
  return { headroom, put: async (at, text) => headroom.put(at, text), close: async () => undefined };
});

const CHECKOUT = { cluster: 'prod', service: 'checkout' };
const warm = rule('warm', 'cpu > 70', tasks(6));
const calm = rule('calm', 'cpu < 40', tasks(1));

/** One service of 4 tasks, and 3 vCPUs left for tasks of 1. */
function checkout(cpu: number, mode: 'act' | 'shadow' = 'act') {
  const given = shard({ ...policy({ scaleOut: [warm], scaleIn: [calm] }), mode });
  const headroom = memoryHeadroom();
  given.services.put(CHECKOUT, { desired: 4, running: 4 });
  given.signals.give(CHECKOUT, 'cpu', () => [cpu, 4]);
  const findings: Findings = {
    checkedAt: given.clock.now() - MINUTE,
    pools: { fargate: { kind: 'fargateVcpu', name: '', free: 3 } },
    services: {
      'prod/checkout': { counted: 4, needs: { fargate: 1 }, scaledBy: [], warnings: [], unknown: [] },
    },
  };
  const find = async (more: Partial<Findings> = {}) => {
    const { rev } = await headroom.load('0', new AbortController().signal);
    await headroom.save('0', { ...findings, ...more }, rev, new AbortController().signal);
  };
  const minute = async () => lines(await given.minute({ headroom }))[0];
  const loads = () => headroom.loads;
  return { ...given, headroom, find, minute, loads };
}

describe('headroom', () => {
  test('is asked for by a tick that wants to change something, once, and by no other', async () => {
    const quiet = checkout(55);
    await quiet.find();
    for (let i = 0; i < 3; i++) await quiet.minute();
    expect(quiet.loads()).toBe(1);
    const busy = checkout(90);
    await busy.find();
    await busy.minute();
    expect(busy.loads()).toBe(2);
  });

  test('clamps what is sent to ECS, and the ledger keeps why', async () => {
    const given = checkout(90);
    await given.find();
    expect(await given.minute()).toMatch(
      /^checkout changed: 4 → 7: .*; the Fargate vCPU quota leaves room for 3 more tasks \(asked 10\)$/,
    );
    expect(given.services.desiredOf(CHECKOUT)).toBe(7);
    expect(given.ledger.entries.at(-1)?.reasons.at(-1)).toMatchObject({ kind: 'headroom', room: 3 });
  });

  test('refuses to act beside somebody who scales in, and in shadow that is expected', async () => {
    const scaled = {
      'prod/checkout': { ...{ counted: 4, needs: {}, warnings: [], unknown: [] }, scaledBy: ['policy cpu-70'] },
    };
    const given = checkout(90);
    await given.find({ services: scaled });
    expect(await given.minute()).toMatch(
      /^checkout held: hold 4: .*so nothing is done: run schmitt takeover prod\/checkout$/,
    );
    expect(given.services.desiredOf(CHECKOUT)).toBe(4);
    const shadow = checkout(90, 'shadow');
    await shadow.find({ services: scaled });
    expect(await shadow.minute()).toMatch(/^checkout shadowed: 4 → 10/);
  });

  test('that cannot be read stops nobody', async () => {
    const given = checkout(90);
    const headroom = { load: () => Promise.reject(new Error('DynamoDB GetItem failed: throttled')) };
    const [line] = lines(await given.run({ headroom }));
    expect(line).toMatch(/^checkout changed: 4 → 10: .*; headroom not known: DynamoDB GetItem failed: throttled$/);
  });

  test('is as old as it is: after three hours it holds nothing', async () => {
    const given = checkout(90);
    await given.find({ checkedAt: given.clock.now() - 4 * 60 * MINUTE });
    expect(await given.minute()).toMatch(/^checkout changed: 4 → 10: .*; headroom last checked 4 h ago, not believed$/);
  });
});
