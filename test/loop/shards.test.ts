import { describe, expect, test } from '@jest/globals';
import { servicesOfShard, shardOf } from '../../lib/loop/shards.ts';
import type { Group, ServicePolicy } from '../../lib/policy/policy.ts';
import { policy } from '../support/story.ts';
import { setOf, shard } from './shard.ts';

const many = (count: number): ServicePolicy[] =>
  Array.from({ length: count }, (_, index) => policy({ service: `web-${index}` }));

const together = (name: string, ...services: string[]): Group => ({
  name,
  services: services.map((service) => `prod/${service}`),
  maxTasks: 90,
});

/** The shards in which these services of a thousand are served. */
function shardsOf(services: readonly string[], groups: readonly Group[], count: number): readonly number[] {
  const set = { services: many(1000), groups };
  return Array.from({ length: count }, (_, shard) => shard).filter((shard) =>
    servicesOfShard(set, String(shard), count).some(({ service }) => services.includes(service)),
  );
}

describe('shards', () => {
  test('serve each service once, and about as many each', () => {
    const parts = ['0', '1', '2', '3'].map((shard) => servicesOfShard(setOf(...many(1000)), shard, 4));
    expect(parts.flat().map(({ service }) => service)).toHaveLength(1000);
    expect(new Set(parts.flat()).size).toBe(1000);
    for (const { length } of parts) expect(Math.abs(length - 250)).toBeLessThan(60);
  });

  test('are the same tomorrow and on any machine', () => {
    expect(['prod/checkout', 'prod/billing', 'stage/web', 'orders-db'].map((key) => shardOf(key, 8))).toEqual([
      6, 2, 2, 1,
    ]);
  });

  test('move only what one more of them takes', () => {
    const keys = Array.from({ length: 1000 }, (_, index) => `prod/web-${index}`);
    const moved = keys.filter((key) => shardOf(key, 5) !== shardOf(key, 4));
    expect(moved.every((key) => shardOf(key, 5) === 4)).toBe(true);
    expect(Math.abs(moved.length - 200)).toBeLessThan(50);
  });

  test('keep a group together', () => {
    const members = ['web-1', 'web-2', 'web-3', 'web-4', 'web-5', 'web-6'];
    expect(shardsOf(members, [], 8).length).toBeGreaterThan(2);
    expect(shardsOf(members, [together('orders-db', ...members)], 8)).toHaveLength(1);
  });

  test('keep groups together that share a member, also through a third', () => {
    const chain = [
      together('orders-db', 'web-1', 'web-2'),
      together('users-db', 'web-5', 'web-6'),
      together('cache', 'web-2', 'web-6'),
    ];
    expect(shardsOf(['web-1', 'web-2', 'web-5', 'web-6'], chain, 8)).toHaveLength(1);
  });

  test('one shard serves everything, whatever it is called', () => {
    expect(servicesOfShard(setOf(...many(3)), 'blue', 1)).toHaveLength(3);
  });
});

describe('a tick', () => {
  test('serves the services of its shard alone', async () => {
    const given = shard(...many(20));
    const served = async (name: string) => {
      const report = await given.run({}, { shard: name, shards: 2 });
      return report.kind === 'ticked' ? report.entries.map(({ service }) => service) : [];
    };
    const [first, second] = [await served('0'), await served('1')];
    expect([...first, ...second].sort()).toEqual(
      many(20)
        .map(({ service }) => service)
        .sort(),
    );
    expect(first.length).toBeGreaterThan(0);
    expect(second.length).toBeGreaterThan(0);
  });

  test('takes its shard of the share of UpdateService', async () => {
    const given = shard(...many(1));
    await given.run({}, { shard: '0', shards: 3 });
    await given.run({}, { shard: '1', shards: 3 });
    const left = async (name: string) =>
      (await given.store.loadRings(name, new AbortController().signal)).shard?.updates?.tokens;
    expect([await left('0'), await left('1')]).toEqual([10, 10]);
  });
});
