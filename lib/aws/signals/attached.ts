/** The target groups of a service behind their load balancers, as CloudWatch knows them: under the pair of both. */
import type { LoadBalancers } from './load-balancers.ts';
import type { Dimension } from './metric-data-queries.ts';
import { targetGroupName } from './target-group-name.ts';

export type Attached =
  | { readonly kind: 'attached'; readonly groups: readonly AttachedGroup[] }
  | { readonly kind: 'unknown'; readonly status?: 'failed' | 'forbidden'; readonly cause: string };

export interface AttachedGroup {
  /** `app/web/50dc6c495c0c9188`. */
  readonly loadBalancer: string;
  readonly dimensions: readonly Dimension[];
}

/** A group that no listener sends anything to gets no traffic, and has no part in it. */
function attachedBehind(targetGroups: readonly string[] | undefined, loadBalancers: LoadBalancers): Attached {
  if (targetGroups === undefined) return { kind: 'unknown', cause: 'the target groups of the service are not known' };
  if (targetGroups.length === 0) return { kind: 'unknown', cause: 'the service has no target group' };
  const groups: AttachedGroup[] = [];
  for (const arn of targetGroups) {
    const known = loadBalancers.get(arn);
    if (known?.kind === 'unattached') continue;
    if (known?.kind !== 'found') return known ?? { kind: 'unknown', cause: 'nobody asked for it' };
    const dimensions = [
      { name: 'LoadBalancer', value: known.name },
      { name: 'TargetGroup', value: targetGroupName(arn) },
    ];
    groups.push({ loadBalancer: known.name, dimensions });
  }
  if (groups.length === 0) return { kind: 'unknown', cause: 'no target group of the service has a load balancer' };
  return { kind: 'attached', groups };
}

/** The same, with the last answer kept: the signals of a service come one after the other, with one and the same list. */
export function attachedFinder(
  loadBalancers: LoadBalancers,
): (targetGroups: readonly string[] | undefined) => Attached {
  let last: { readonly targetGroups: readonly string[] | undefined; readonly attached: Attached } | undefined;
  return (targetGroups) => {
    if (last === undefined || last.targetGroups !== targetGroups) {
      last = { targetGroups, attached: attachedBehind(targetGroups, loadBalancers) };
    }
    return last.attached;
  };
}
