/** What AWS has room for, as the operator reads it. */
import { describe, expect, test } from '@jest/globals';
import type { Decided } from '../../../lib/policy/decision.ts';
import { explain } from '../../../lib/policy/explain.ts';
import type { Member } from '../../../lib/policy/groups.ts';
import { type Findings, nearPools, type ServiceFinding } from '../../../lib/policy/headroom/findings.ts';
import { withinHeadroom } from '../../../lib/policy/headroom/within.ts';
import { EMPTY_STATE } from '../../../lib/policy/state.ts';

const NOON = Date.UTC(2026, 10, 18, 12);
const HOUR = 3_600_000;

function asks(service: string, from: number, to: number): Member {
  const action = to > from ? 'out' : to < from ? 'in' : 'hold';
  const decided: Decided = { decision: { action, from, to }, reasons: [], state: EMPTY_STATE };
  return { name: `prod/${service}`, decided, standsAt: from };
}

const finding = (parts: Partial<ServiceFinding> = {}): ServiceFinding => ({
  ...{ counted: 4, needs: { fargate: 2 }, scaledBy: [], warnings: [], unknown: [] },
  ...parts,
});

function found(parts: Partial<Findings> = {}): Findings {
  return {
    checkedAt: NOON - HOUR / 2,
    pools: { fargate: { kind: 'fargateVcpu', name: '', free: 6, limit: 100 } },
    services: { 'prod/checkout': finding(), 'prod/billing': finding(), 'prod/orders': finding() },
    ...parts,
  };
}

function told(findings: Findings, ...members: Member[]): readonly (string | undefined)[] {
  const decided = withinHeadroom(members, { kind: 'found', findings }, NOON);
  return decided.map((one) => (one === undefined ? undefined : explain(one)));
}

describe('room for more tasks', () => {
  test('is what the quota leaves, in whole tasks', () => {
    expect(told(found(), asks('checkout', 4, 6))).toEqual(['4 → 6']);
    expect(told(found(), asks('checkout', 4, 14))).toEqual([
      '4 → 7: the Fargate vCPU quota leaves room for 3 more tasks (asked 14)',
    ]);
    const none = found({ pools: { fargate: { kind: 'fargateVcpu', name: '', free: 1.9 } } });
    expect(told(none, asks('checkout', 4, 5))).toEqual([
      'hold 4: the Fargate vCPU quota leaves room for no more tasks (asked 5)',
    ]);
  });

  test('goes to the most urgent first, and nobody is lowered for it', () => {
    expect(told(found(), asks('billing', 4, 5), asks('checkout', 4, 6), asks('orders', 4, 3))).toEqual([
      '4 → 5',
      '4 → 6',
      '4 → 3',
    ]);
    expect(told(found(), asks('billing', 4, 5), asks('checkout', 4, 8))).toEqual([
      'hold 4: the Fargate vCPU quota leaves room for no more tasks (asked 5)',
      '4 → 7: the Fargate vCPU quota leaves room for 3 more tasks (asked 8)',
    ]);
  });

  test('is less by what came since the check and more by what went, whoever it was', () => {
    const others: Member = { name: 'prod/orders', standsAt: 6 };
    expect(told(found(), asks('checkout', 4, 8), others)[0]).toMatch(/^4 → 5: .* room for 1 more task \(/);
    expect(told(found(), asks('checkout', 4, 8), { ...others, standsAt: 3 })[0]).toBe('4 → 8');
    // Its own growth since the check is used up as well.
    expect(told(found(), asks('checkout', 6, 9))[0]).toMatch(/^6 → 7: .* room for 1 more task \(asked 9\)/);
  });

  test('is the least of all that a task needs, and that is named', () => {
    const pools = {
      fargate: { kind: 'fargateVcpu', name: '', free: 60 },
      net: { kind: 'subnets', name: 'subnet-a, subnet-b', free: 3 },
      web: { kind: 'targets', name: 'app/web/1', free: 4 },
    } as const;
    const services = { 'prod/checkout': finding({ needs: { fargate: 2, net: 1, web: 2 } }) };
    expect(told(found({ pools, services }), asks('checkout', 4, 9))).toEqual([
      '4 → 6: the target limit of app/web/1 leaves room for 2 more tasks (asked 9)',
    ]);
  });

  test('is staggered where Fargate starts only so many a minute, for one service and for all', () => {
    const pools = { starts: { kind: 'launches', name: '', free: 1300 } } as const;
    const many = finding({ counted: 0, needs: { starts: 1 }, atOnce: 500 });
    const services = { 'prod/checkout': many, 'prod/billing': many, 'prod/orders': many };
    const words = 'the rate at which Fargate starts tasks leaves room for';
    expect(
      told(
        found({ pools, services }),
        asks('checkout', 1000, 2000),
        asks('billing', 100, 600),
        asks('orders', 900, 1400),
      ),
    ).toEqual([
      `1000 → 1500: ${words} 500 more tasks (asked 2000)`,
      '100 → 600',
      `900 → 1200: ${words} 300 more tasks (asked 1400)`,
    ]);
  });

  test('is no business of others: a hold, an in, and a pool that no check described', () => {
    const full = found({ pools: {} });
    expect(told(full, asks('checkout', 4, 4), asks('billing', 4, 2), asks('orders', 4, 9))).toEqual([
      'hold 4',
      '4 → 2',
      '4 → 9',
    ]);
  });
});

describe('findings', () => {
  test('that are older than three hours are not believed, and an out says so', () => {
    const old = found({ checkedAt: NOON - 3 * HOUR - 60_000 });
    expect(told(old, asks('checkout', 4, 14), asks('billing', 4, 2))).toEqual([
      '4 → 14: headroom last checked 3 h 1 min ago, not believed',
      '4 → 2',
    ]);
    expect(told(found({ checkedAt: NOON - 3 * HOUR }), asks('checkout', 4, 14))[0]).toMatch(/^4 → 7/);
  });

  test('that cannot be read clamp nothing, and that is said', () => {
    const known = { kind: 'unreadable', cause: 'its format is 9' } as const;
    const [decided] = withinHeadroom([asks('checkout', 4, 14)], known, NOON);
    expect(decided && explain(decided)).toBe('4 → 14: headroom not known: its format is 9');
  });

  test('that nobody has ever made are no reason for anything', () => {
    const [decided] = withinHeadroom([asks('checkout', 4, 14)], { kind: 'absent' }, NOON);
    expect(decided && explain(decided)).toBe('4 → 14');
  });

  test('without a service: it may grow, and gives nothing back before its first check', () => {
    expect(told(found({ services: {} }), asks('checkout', 4, 14), asks('billing', 4, 2))).toEqual([
      '4 → 14: headroom of this service not checked yet',
      'hold 4: no scale-in before the first hourly check of this service',
    ]);
  });

  test('of a limit that is nearly used up are near', () => {
    const pool = (free: number) => ({ kind: 'subnets', name: 'subnet-a', free, limit: 100 }) as const;
    const { limit: _, ...unlimited } = pool(0);
    expect(nearPools({ pools: { a: pool(20), b: pool(19), c: unlimited } })).toEqual([pool(19)]);
  });
});

describe('Application Auto Scaling that may scale in', () => {
  const services = { 'prod/checkout': finding({ scaledBy: ['policy cpu-70'] }) };

  test('holds a service both ways, with the mend', () => {
    const sentence =
      'hold 4: Application Auto Scaling may scale it in (policy cpu-70), so nothing is done: run schmitt takeover prod/checkout';
    expect(told(found({ services }), asks('checkout', 4, 5))).toEqual([sentence]);
    expect(told(found({ services }), asks('checkout', 4, 2))).toEqual([sentence]);
  });

  test('is not believed for ever either', () => {
    const old = found({ services, checkedAt: NOON - 4 * HOUR });
    expect(told(old, asks('checkout', 4, 2))).toEqual(['4 → 2']);
  });

  test('of which nothing is known holds nothing', () => {
    const { scaledBy: _, ...unknown } = finding();
    expect(told(found({ services: { 'prod/checkout': unknown } }), asks('checkout', 4, 2))).toEqual(['4 → 2']);
  });
});
