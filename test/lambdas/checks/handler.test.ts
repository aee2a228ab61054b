/** A round of checks as Lambda runs it. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { servicesAskedFor } from '../../../lambdas/checks/asked.ts';
import { createHandler } from '../../../lambdas/checks/handler.ts';
import type { CheckPorts } from '../../../lib/loop/headroom-checks.ts';
import { manualClock } from '../../../lib/loop/manual-clock.ts';
import { type MemoryHeadroom, memoryHeadroom } from '../../../lib/loop/memory-headroom.ts';
import { memoryPolicies } from '../../../lib/loop/memory-policies.ts';
import { shardOfService } from '../../../lib/loop/shards.ts';
import type { ServiceFinding } from '../../../lib/policy/headroom/findings.ts';
import { fleet, policy } from '../../cdk/synthesized.ts';
import { invocation, printed } from '../tick/invocation.ts';

const output = printed();
const NOON = Date.UTC(2026, 10, 18, 12);
const set = fleet(policy('prod/checkout', 'act'), policy('prod/billing', 'shadow'), policy('prod/old', 'off'));
const clock = manualClock(NOON);
const live = () => new AbortController().signal;

let headroom: MemoryHeadroom;
/** The services of each check, in the order of the checks. */
let checked: string[];
let scaledBy: readonly string[];
let fault: Error | undefined;
beforeEach(() => {
  [headroom, checked, scaledBy, fault] = [memoryHeadroom(), [], [], undefined];
  clock.set(NOON);
});

const checker: CheckPorts['checker'] = {
  async check(policies, now) {
    if (fault !== undefined) throw fault;
    checked.push(policies.map(({ service }) => service).join(', '));
    const found: ServiceFinding = {
      counted: 2,
      needs: {},
      scaledBy,
      warnings: ['It drops its requests.'],
      unknown: [],
    };
    return {
      checkedAt: now,
      pools: { fargate: { kind: 'fargateVcpu', name: '', free: 10, limit: 100 } },
      services: Object.fromEntries(policies.map(({ service }) => [`prod/${service}`, found])),
    };
  },
};

const run = (event: unknown = {}, shards = 1, mode: 'act' | 'shadow' = 'act') =>
  createHandler({ clock, policies: memoryPolicies(set), headroom, checker }, { shards, mode, abortLeadMs: 1_000 })(
    event,
    invocation({ functionName: 'Schmitt-Checks' }),
  );

const placementFailure = (service: string) => ({
  'detail-type': 'ECS Service Action',
  resources: [`arn:aws:ecs:eu-west-1:123456789012:service/prod/${service}`],
  detail: { eventName: 'SERVICE_TASK_PLACEMENT_FAILURE' },
});

describe('the hourly checks', () => {
  test('keep what was found for the ticks, of all that is not off', async () => {
    await run();
    expect(checked).toEqual(['checkout, billing']);
    expect(await headroom.load('0', live())).toMatchObject({ kind: 'found', findings: { checkedAt: NOON } });
  });

  test('say what somebody should know, and count it for the alarms', async () => {
    scaledBy = ['policy cpu-70'];
    await run();
    const warnings = output.logs().filter(({ level }) => level === 'WARN');
    expect(warnings.map(({ message }) => message)).toEqual([
      'Of the Fargate vCPU quota, 10 of 100 are left: ask for more.',
      'Application Auto Scaling may scale in prod/checkout, so nothing is done: run schmitt takeover prod/checkout.',
      'prod/checkout: It drops its requests.',
      'prod/billing: It drops its requests.',
    ]);
    expect(output.metrics()).toMatchObject([{ service: 'schmitt', ChecksDone: 1, RoomsNear: 1, ScaledByOthers: 1 }]);
  });

  test('expect other scaling where the whole scaler is in shadow', async () => {
    scaledBy = ['policy cpu-70'];
    expect((await run({}, 1, 'shadow')).scaledByOthers).toEqual([]);
  });

  test('go shard by shard', async () => {
    await run({}, 3);
    const own = (service: string) => shardOfService(set, `prod/${service}`, 3) ?? '';
    const known = await headroom.load(own('billing'), live());
    expect(known.kind === 'found' && Object.keys(known.findings.services)).toContain('prod/billing');
    expect(checked.join(', ').split(', ').toSorted()).toEqual(['billing', 'checkout']);
  });

  test('that fail are errors, and what was found before stays', async () => {
    await run();
    fault = new Error('the policies cannot be read');
    await expect(run()).rejects.toThrow('the policies cannot be read');
    expect(output.metrics().filter(({ ChecksDone }) => ChecksDone === 1)).toHaveLength(1);
    expect(await headroom.load('0', live())).toMatchObject({ kind: 'found' });
  });
});

test('a service that is new is looked at within minutes, and once', async () => {
  await run({ about: 'new' });
  expect(checked).toEqual(['checkout, billing']);
  clock.advance(30 * 60_000);
  await run({ about: 'new' });
  expect(checked).toHaveLength(1);
  const known = await headroom.load('0', live());
  if (known.kind !== 'found') throw new Error('nothing was kept');
  const { 'prod/billing': _, ...services } = known.findings.services;
  await headroom.save('0', { ...known.findings, services }, known.rev, live());
  await run({ about: 'new' });
  expect(checked).toHaveLength(2);
  expect(output.logs().filter(({ level }) => level === 'WARN')).toHaveLength(6);
  // The alarm is on rounds over everything.
  expect(output.metrics().map(({ ChecksDone }) => ChecksDone)).toEqual([0, 0, 0]);
});

describe('a failed placement', () => {
  test('has its shard checked at once, and others not', async () => {
    await run(placementFailure('billing'), 3);
    expect(checked).toHaveLength(1);
    expect(checked[0]).toContain('billing');
  });

  test('that comes again within five minutes finds the check that was made', async () => {
    await run(placementFailure('billing'));
    clock.advance(4 * 60_000);
    await run(placementFailure('billing'));
    expect(checked).toHaveLength(1);
    clock.advance(60_000);
    await run(placementFailure('billing'));
    expect(checked).toHaveLength(2);
  });

  test('of a service that nobody scales is nothing to us', async () => {
    await run(placementFailure('unknown'));
    expect(checked).toEqual([]);
  });

  test('is known by its service; anything else is the schedule', () => {
    expect(servicesAskedFor(placementFailure('cart'))).toEqual(['prod/cart']);
    for (const event of [{}, undefined, { resources: [], detail: { eventName: 'x' } }, { resources: 'all' }])
      expect(servicesAskedFor(event)).toBeUndefined();
  });
});
