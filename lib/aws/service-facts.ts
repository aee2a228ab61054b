/** What the description of a service says beside its counts. */
import type { Service } from '@aws-sdk/client-ecs';
import type { DescribedService } from '../loop/ports.ts';

/** Also those that a blue/green deployment moves traffic to, and those of CODE_DEPLOY's task sets, which take turns. */
export function targetGroupsOf({ loadBalancers = [], taskSets = [] }: Service): readonly string[] {
  const all = [...loadBalancers, ...taskSets.flatMap((set) => set.loadBalancers ?? [])];
  const arns = all.flatMap(({ targetGroupArn, advancedConfiguration }) => [
    targetGroupArn,
    advancedConfiguration?.alternateTargetGroupArn,
  ]);
  return [...new Set(arns.filter((arn) => arn !== undefined))];
}

/**
 * Two deployments, or a rollout in progress. Counts say nothing here: a changed desired count leaves the rollout of a completed
 * deployment COMPLETED while its tasks start. CODE_DEPLOY has task sets in place of deployments, two of them while it shifts traffic.
 */
export function isDeploying({ deployments = [], taskSets = [], deploymentController }: Service): boolean {
  const alive = deployments.filter((deployment) => deployment.status !== 'INACTIVE');
  if (alive.length > 1 || alive.some((deployment) => deployment.rolloutState === 'IN_PROGRESS')) return true;
  return deploymentController?.type === 'CODE_DEPLOY' && taskSets.length > 1;
}

const TROUBLE = /unable to|unhealthy|failed/;
const LONGEST_EVENT = 160;

/** Events come newest first, and each begins with `(service NAME) `. */
export function troubleOf({ events = [] }: Service): Pick<DescribedService, 'trouble'> {
  const found = events.find(({ message = '' }) => TROUBLE.test(message));
  if (found?.createdAt === undefined) return {};
  const says = (found.message ?? '').replace(/^\(service [^)]*\) /, '').slice(0, LONGEST_EVENT);
  return { trouble: { at: found.createdAt.getTime(), says } };
}
