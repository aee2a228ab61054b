/** What the hourly checks found out about a shard's services: where there is room for more tasks, and what else stands in the way. Plain JSON. */
import type { EpochMs } from '../policy.ts';

/** Something that tasks use up and that several services share. */
export interface Pool {
  readonly kind: PoolKind;
  /** For the operator: the subnets, the load balancer, the cluster; empty where there is one of its kind in a Region. */
  readonly name: string;
  /** Units that are left: vCPUs, addresses, targets, tasks. */
  readonly free: number;
  /** Units in all, where there is such a number. */
  readonly limit?: number;
}

/** `launches` are had anew every minute; everything else stays used until tasks stop. */
export type PoolKind = 'fargateVcpu' | 'fargateSpotVcpu' | 'subnets' | 'targets' | 'instances' | 'launches';

export interface ServiceFinding {
  /** Tasks that the pools already count as used. */
  readonly counted: number;
  /** By the pool's id, units that one task uses up. */
  readonly needs: Readonly<Record<string, number>>;
  /** Tasks of one service that Fargate starts within a minute. Absent: no such limit is known. */
  readonly atOnce?: number;
  /** What of Application Auto Scaling may scale the service in, a clause each; empty: nothing may. Absent: not known. */
  readonly scaledBy?: readonly string[];
  /** Whether it can give tasks back without losing work, and whether its deployments can proceed: a sentence each. */
  readonly warnings: readonly string[];
  /** What could not be found out, a clause each. */
  readonly unknown: readonly string[];
}

export interface Findings {
  readonly checkedAt: EpochMs;
  /** By id. */
  readonly pools: Readonly<Record<string, Pool>>;
  /** By `cluster/service`. */
  readonly services: Readonly<Record<string, ServiceFinding>>;
}

/** Three checks that did not come: what was found before them is not believed any more. */
export const FINDINGS_BELIEVED_MS = 3 * 3_600_000;

/** Of a limit's units, so many are used before somebody is told. */
const NEAR = 0.8;

/** Pools of which more than 80 % are used: somebody should ask for more before the load does. */
export function nearPools({ pools }: Pick<Findings, 'pools'>): readonly Pool[] {
  return Object.values(pools).filter(
    ({ free, limit }) => limit !== undefined && limit > 0 && (limit - free) / limit > NEAR,
  );
}

const NOUNS: Readonly<Record<PoolKind, (name: string) => string>> = {
  fargateVcpu: () => 'the Fargate vCPU quota',
  fargateSpotVcpu: () => 'the Fargate Spot vCPU quota',
  subnets: (name) => `the free addresses of ${name}`,
  targets: (name) => `the target limit of ${name}`,
  instances: (name) => `the instances of ${name}`,
  launches: () => 'the rate at which Fargate starts tasks',
};

/** A pool in words, without what is left of it. */
export function poolWords({ kind, name }: Pick<Pool, 'kind' | 'name'>): string {
  return NOUNS[kind](name);
}
