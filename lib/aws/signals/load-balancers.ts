/**
 * Which load balancer a target group belongs to. CloudWatch knows a target group's numbers only under the pair of both, ECS names only
 * the target group. It hardly ever changes, so an answer is kept for a while and no tick waits for it twice.
 */
import {
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { EpochMs } from '../../policy/policy.ts';
import { batchesOf, inParallel } from '../batches.ts';
import { clauseOf, limited, nameOf } from '../call.ts';
import { afterLast } from './target-group-name.ts';

export type LoadBalancer =
  /** `app/web/50dc6c495c0c9188`, as CloudWatch's dimension has it. */
  | { readonly kind: 'found'; readonly name: string }
  /** No listener sends it anything. */
  | { readonly kind: 'unattached' }
  | { readonly kind: 'unknown'; readonly status: 'failed' | 'forbidden'; readonly cause: string };

/** By target group ARN. */
export type LoadBalancers = ReadonlyMap<string, LoadBalancer>;

export interface LoadBalancerFinder {
  find(targetGroupArns: readonly string[], now: EpochMs, abort: AbortSignal): Promise<LoadBalancers>;
}

/** ELB does not say how many ARNs a call may name; this many it takes for load balancers. */
const GROUPS_PER_CALL = 20;
const CALLS_AT_ONCE = 4;
const FOUND_FOR_MS = 10 * 60_000;
/** A blue/green deployment attaches its new group within a minute or so. */
const UNATTACHED_FOR_MS = 60_000;

export function loadBalancerFinder(client: ElasticLoadBalancingV2Client, callMs: number): LoadBalancerFinder {
  const known = new Map<string, { readonly answer: LoadBalancer; readonly until: EpochMs }>();
  return {
    async find(arns, now, abort) {
      const missing = [...new Set(arns)].filter((arn) => !((known.get(arn)?.until ?? 0) > now));
      const asking: Asking = { client, callMs, abort };
      const answers = new Map<string, LoadBalancer>();
      await inParallel(CALLS_AT_ONCE, batchesOf(GROUPS_PER_CALL, missing), async (batch) => {
        for (const [arn, answer] of await askBatch(asking, batch)) {
          answers.set(arn, answer);
          const keptMs = answer.kind === 'found' ? FOUND_FOR_MS : UNATTACHED_FOR_MS;
          if (answer.kind !== 'unknown') known.set(arn, { answer, until: now + keptMs });
        }
      });
      for (const arn of arns) {
        const kept = known.get(arn)?.answer;
        if (kept !== undefined && !answers.has(arn)) answers.set(arn, kept);
      }
      return answers;
    },
  };
}

interface Asking {
  readonly client: ElasticLoadBalancingV2Client;
  readonly callMs: number;
  readonly abort: AbortSignal;
}

/** One group that is gone fails the whole call: it is halved until that one stands alone. */
async function askBatch(
  asking: Asking,
  arns: readonly string[],
): Promise<readonly (readonly [string, LoadBalancer])[]> {
  const { client, callMs, abort } = asking;
  const command = new DescribeTargetGroupsCommand({ TargetGroupArns: [...arns] });
  try {
    const answer = await limited(callMs, abort, (abortSignal) => client.send(command, { abortSignal }));
    const groups = new Map((answer.TargetGroups ?? []).map((group) => [group.TargetGroupArn, group]));
    return arns.map((arn) => [arn, loadBalancerOf(groups.get(arn))]);
  } catch (error) {
    if (abort.aborted) throw error;
    if (nameOf(error).startsWith('TargetGroupNotFound') && arns.length > 1) {
      const middle = Math.ceil(arns.length / 2);
      return [...(await askBatch(asking, arns.slice(0, middle))), ...(await askBatch(asking, arns.slice(middle)))];
    }
    const status = nameOf(error).startsWith('AccessDenied') ? 'forbidden' : 'failed';
    return arns.map((arn) => [arn, { kind: 'unknown', status, cause: clauseOf(error) }]);
  }
}

function loadBalancerOf(group: TargetGroup | undefined): LoadBalancer {
  if (group === undefined) {
    return { kind: 'unknown', status: 'failed', cause: 'ELB answered without a word about the target group' };
  }
  const [arn] = group.LoadBalancerArns ?? [];
  return arn === undefined ? { kind: 'unattached' } : { kind: 'found', name: afterLast(':loadbalancer/', arn) };
}
