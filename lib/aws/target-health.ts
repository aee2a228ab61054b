/** Which targets serve, from Elastic Load Balancing: one call a target group, each group once. */
import {
  DescribeTargetHealthCommand,
  type TargetDescription,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Services, TargetHealth } from '../loop/ports.ts';
import { inParallel } from './batches.ts';
import { clauseOf, limited } from './call.ts';
import type { Clients } from './clients.ts';
import { groupedBy } from './grouped.ts';

const CALLS_AT_ONCE = 4;

type Group = { readonly targets: readonly TargetHealthDescription[] } | { readonly cause: string };

export function targetHealth({ elb, limits }: Pick<Clients, 'elb' | 'limits'>): NonNullable<Services['health']> {
  const read = async (TargetGroupArn: string, abort: AbortSignal): Promise<Group> => {
    const command = new DescribeTargetHealthCommand({ TargetGroupArn });
    try {
      const answer = await limited(limits.callMs, abort, (abortSignal) => elb.send(command, { abortSignal }));
      return { targets: answer.TargetHealthDescriptions ?? [] };
    } catch (error) {
      if (abort.aborted) throw error;
      return { cause: clauseOf(error) };
    }
  };
  return async (targetGroups, abort) => {
    const arns = [...new Set(targetGroups.flat())];
    const groups = await inParallel(CALLS_AT_ONCE, arns, (arn) => read(arn, abort));
    const byArn = new Map(arns.map((arn, index) => [arn, groups[index] as Group]));
    return targetGroups.map((own) => healthOf(own.map((arn) => byArn.get(arn) as Group)));
  };
}

/** Draining targets are on their way out. `unavailable`: health checks are disabled, so nothing speaks against it. */
const SERVING = new Set(['healthy', 'unavailable']);

function healthOf(groups: readonly Group[]): TargetHealth {
  const states = new Map<string, string[]>();
  const reasons: string[] = [];
  for (const group of groups) {
    if ('cause' in group) return { kind: 'unknown', cause: group.cause };
    for (const { Target, TargetHealth: health } of group.targets) {
      const state = health?.State ?? 'no state';
      if (state !== 'draining') states.set(idOf(Target), [...(states.get(idOf(Target)) ?? []), state]);
      const reason = health?.Description ?? health?.Reason;
      if (state === 'unhealthy' && reason !== undefined) reasons.push(reason);
    }
  }
  const targets = [...states.values()];
  if (targets.length > 0 && targets.every((own) => own.every((state) => state === 'unused')))
    return { kind: 'unknown', cause: 'no listener sends traffic to its target groups' };
  const because = commonestOf(reasons);
  return {
    ...(because === undefined ? {} : { because }),
    kind: 'known',
    inService: targets.filter((own) => own.every((state) => SERVING.has(state))).length,
    unhealthy: targets.filter((own) => own.some((state) => state === 'unhealthy')).length,
  };
}

const LONGEST_REASON = 120;

function commonestOf(clauses: readonly string[]): string | undefined {
  const counted = [...groupedBy(clauses, (clause) => clause)].sort(([, one], [, other]) => other.length - one.length);
  return counted[0]?.[0].slice(0, LONGEST_REASON);
}

/** An address is one task, in whatever groups; on an instance tasks differ by their ports. */
function idOf({ Id = '', Port }: Partial<TargetDescription> = {}): string {
  return Id.startsWith('i-') ? `${Id}:${Port}` : Id;
}
