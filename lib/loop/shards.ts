/**
 * Which shard serves which service. Nothing is stored and nobody is asked: every shard reads the same policies and keeps its own part of
 * them. Members of a group go together, since what the group has room for is shared out within one tick.
 */
import { fnv1a64 } from '../policy/document/version.ts';
import type { Group, PolicySet, ServicePolicy } from '../policy/policy.ts';
import { nameText } from '../policy/service-name.ts';

/** The shard of one service, `cluster/service`; undefined where no policy of the set names it. */
export function shardOfService(
  { services, groups }: Pick<PolicySet, 'services' | 'groups'>,
  name: string,
  count: number,
): string | undefined {
  if (!services.some((policy) => nameText(policy) === name)) return undefined;
  return count <= 1 ? '0' : String(shardOf(kinOf(groups).get(name) ?? name, count));
}

/** The services of shard `shard` of `count`; shards are called `0` to `count - 1`. In the order of the set. */
export function servicesOfShard(
  { services, groups }: Pick<PolicySet, 'services' | 'groups'>,
  shard: string,
  count: number,
): readonly ServicePolicy[] {
  if (count <= 1) return services;
  const kin = kinOf(groups);
  return services.filter((policy) => {
    const name = nameText(policy);
    return String(shardOf(kin.get(name) ?? name, count)) === shard;
  });
}

/** By service the name it is placed by: its group's, and of groups that share a member the first one's. */
function kinOf(groups: readonly Group[]): ReadonlyMap<string, string> {
  const kin = new Map<string, string>();
  for (const group of groups) {
    const touched = new Set(group.services.flatMap((name) => kin.get(name) ?? []));
    const [first = group.name] = touched;
    for (const [name, other] of kin) if (touched.has(other)) kin.set(name, first);
    for (const name of group.services) kin.set(name, first);
  }
  return kin;
}

const MULTIPLIER = 2_862_933_555_777_941_757n;

/**
 * Jump consistent hash (Lamping and Veach, 2014): even, and from n to n + 1 shards only one service in n + 1 moves. One that moves loses
 * its rings, which delays a scale-in; its state goes with it.
 */
export function shardOf(key: string, count: number): number {
  let seed = BigInt(`0x${fnv1a64(key)}`);
  let shard = 0;
  for (let next = 0; next < count; ) {
    shard = next;
    seed = BigInt.asUintN(64, seed * MULTIPLIER + 1n);
    next = Math.floor((shard + 1) * (2 ** 31 / (Number(seed >> 33n) + 1)));
  }
  return shard;
}
