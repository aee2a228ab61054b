/** What of a service's tasks and target groups speaks against giving tasks back, and of its deployments against proceeding. */
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import { type DrainFacts, deadlockWarnings, drainWarnings } from '../../policy/headroom/drain.ts';
import type { ServicePolicy } from '../../policy/policy.ts';
import { targetGroupsOf } from '../service-facts.ts';
import type { Asked } from './asked.ts';
import type { GroupFacts } from './targets.ts';
import { essentialsOf, providersOf, stopTimeoutOf } from './tasks.ts';

export function warningsOf(
  { capacity, targets }: ServicePolicy,
  service: Service,
  task: TaskDefinition,
  groups: ReadonlyMap<string, Asked<GroupFacts>>,
): readonly string[] {
  const own = targetGroupsOf(service).map((arn) => groups.get(arn));
  const known = own.flatMap((group) => (group?.kind === 'known' ? [group.value] : []));
  const slowest = Math.max(0, ...targets.map((one) => (one.kind === 'backlog' ? one.secondsPerMessage : 0)));
  const facts: DrainFacts = {
    stopTimeoutSeconds: stopTimeoutOf(task),
    deregistrationSeconds: known.map(({ deregistrationSeconds }) => deregistrationSeconds),
    unhealthyAfterSeconds: known.map(({ unhealthyAfterSeconds }) => unhealthyAfterSeconds),
    hasContainerCheck: essentialsOf(task).some(({ healthCheck }) => healthCheck !== undefined),
    isFargate: [...providersOf(service).keys()].some((name) => name === 'FARGATE' || name === 'FARGATE_SPOT'),
    ...(slowest === 0 ? {} : { secondsPerMessage: slowest }),
  };
  // Of groups that could not be read nothing is known, and nothing is said of draining.
  const drains = known.length < own.length ? [] : drainWarnings(facts);
  const {
    minimumHealthyPercent = 100,
    maximumPercent = 200,
    strategy = 'ROLLING',
  } = service.deploymentConfiguration ?? {};
  const isRolling = strategy === 'ROLLING' && (service.deploymentController?.type ?? 'ECS') === 'ECS';
  return [...drains, ...(isRolling ? deadlockWarnings(capacity, { minimumHealthyPercent, maximumPercent }) : [])];
}
