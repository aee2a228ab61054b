/** How many targets load balancers have, of how many, and how the services' target groups drain and check. */
import {
  DescribeAccountLimitsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Pool } from '../../policy/headroom/findings.ts';
import { batchesOf, inParallel } from '../batches.ts';
import { limited } from '../call.ts';
import { type Asked, asking, unknown } from './asked.ts';

const GROUPS_PER_CALL = 20;
const CALLS_AT_ONCE = 4;
const MOST_PAGES = 10;
/** Of one load balancer; of more, how many targets they have together is not counted. */
const MOST_GROUPS = 30;

/** By the kind in a load balancer's ARN. */
const LIMITS: Readonly<Record<string, string>> = {
  app: 'targets-per-application-load-balancer',
  net: 'targets-per-network-load-balancer',
};

export interface GroupFacts {
  readonly loadBalancers: readonly string[];
  readonly deregistrationSeconds: number;
  readonly unhealthyAfterSeconds: number;
}

export class TargetReader {
  readonly #elb: ElasticLoadBalancingV2Client;
  readonly #callMs: number;
  readonly #abort: AbortSignal;

  constructor(elb: ElasticLoadBalancingV2Client, callMs: number, abort: AbortSignal) {
    this.#elb = elb;
    this.#callMs = callMs;
    this.#abort = abort;
  }

  /** By ARN. */
  async groups(arns: readonly string[]): Promise<ReadonlyMap<string, Asked<GroupFacts>>> {
    const each = [...new Set(arns)];
    const described = await inParallel(CALLS_AT_ONCE, batchesOf(GROUPS_PER_CALL, each), (batch) =>
      asking(this.#abort, () => this.#describe({ TargetGroupArns: batch })),
    );
    const byArn = new Map<string, TargetGroup>();
    for (const one of described)
      if (one.kind === 'known') for (const group of one.value) byArn.set(group.TargetGroupArn ?? '', group);
    const cause = described.find((one) => one.kind === 'unknown')?.cause ?? 'it was not described';
    const facts = await inParallel(CALLS_AT_ONCE, each, async (arn): Promise<Asked<GroupFacts>> => {
      const group = byArn.get(arn);
      return group === undefined ? unknown(cause) : asking(this.#abort, () => this.#factsOf(arn, group));
    });
    return new Map(each.map((arn, index) => [arn, facts[index] ?? unknown(cause)]));
  }

  /** By the load balancer's ARN. */
  async pools(loadBalancers: readonly string[]): Promise<ReadonlyMap<string, Asked<Pool>>> {
    const each = [...new Set(loadBalancers)];
    if (each.length === 0) return new Map();
    const limits = await asking(this.#abort, () => this.#limits());
    const pools = await inParallel(CALLS_AT_ONCE, each, async (arn): Promise<Asked<Pool>> => {
      if (limits.kind === 'unknown') return limits;
      return asking(this.#abort, () => this.#poolOf(arn, limits.value));
    });
    return new Map(each.map((arn, index) => [arn, pools[index] ?? unknown('it was not asked about')]));
  }

  async #poolOf(arn: string, limits: ReadonlyMap<string, number>): Promise<Pool> {
    const name = arn.split(':loadbalancer/')[1] ?? arn;
    const limit = limits.get(LIMITS[name.split('/')[0] ?? ''] ?? '');
    if (limit === undefined) throw new Error(`no limit of targets is told of ${name}`);
    const groups = await this.#describe({ LoadBalancerArn: arn });
    if (groups.length > MOST_GROUPS)
      throw new Error(`${name} has ${groups.length} target groups, more than are counted`);
    const counts = await inParallel(CALLS_AT_ONCE, groups, async ({ TargetGroupArn }) => {
      const command = new DescribeTargetHealthCommand({ TargetGroupArn });
      const answer = await this.#ask((abortSignal) => this.#elb.send(command, { abortSignal }));
      return answer.TargetHealthDescriptions?.length ?? 0;
    });
    const used = counts.reduce((sum, count) => sum + count, 0);
    return { kind: 'targets', name, free: Math.max(0, limit - used), limit };
  }

  async #factsOf(TargetGroupArn: string, group: TargetGroup): Promise<GroupFacts> {
    const command = new DescribeTargetGroupAttributesCommand({ TargetGroupArn });
    const answer = await this.#ask((abortSignal) => this.#elb.send(command, { abortSignal }));
    const delay = answer.Attributes?.find(({ Key }) => Key === 'deregistration_delay.timeout_seconds')?.Value;
    if (delay === undefined) throw new Error('its deregistration delay is not told');
    const { HealthCheckIntervalSeconds: interval = 30, UnhealthyThresholdCount: times = 2 } = group;
    return {
      loadBalancers: group.LoadBalancerArns ?? [],
      deregistrationSeconds: Number(delay),
      unhealthyAfterSeconds: interval * times,
    };
  }

  async #limits(): Promise<ReadonlyMap<string, number>> {
    const command = new DescribeAccountLimitsCommand({ PageSize: 400 });
    const answer = await this.#ask((abortSignal) => this.#elb.send(command, { abortSignal }));
    return new Map((answer.Limits ?? []).map(({ Name = '', Max }) => [Name, Number(Max)]));
  }

  async #describe(which: { TargetGroupArns: string[] } | { LoadBalancerArn: string }): Promise<readonly TargetGroup[]> {
    const found: TargetGroup[] = [];
    let Marker: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const command = new DescribeTargetGroupsCommand({ ...which, ...(Marker === undefined ? {} : { Marker }) });
      const answer = await this.#ask((abortSignal) => this.#elb.send(command, { abortSignal }));
      found.push(...(answer.TargetGroups ?? []));
      Marker = answer.NextMarker;
      if (Marker === undefined) return found;
    }
    throw new Error(`it has more than ${MOST_PAGES} pages of target groups`);
  }

  #ask<T>(send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return limited(this.#callMs, this.#abort, send);
  }
}
