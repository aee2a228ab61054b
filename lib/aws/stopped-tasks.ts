/** Why tasks of a service stopped, from ECS: two calls a service, asked only where a change is missing tasks. */
import { type Container, DescribeTasksCommand, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import type { Services, StoppedTasks } from '../loop/ports.ts';
import type { StoppedTask } from '../policy/observation.ts';
import type { ServiceName } from '../policy/policy.ts';
import { inParallel } from './batches.ts';
import { clauseOf, limited } from './call.ts';
import type { Clients } from './clients.ts';

/** Of DescribeTasks; ECS lists tasks that stopped in the last hour. */
const TASKS_PER_CALL = 100;
const CALLS_AT_ONCE = 4;
const LONGEST_CLAUSE = 160;

export function stoppedTasks({ ecs, limits }: Pick<Clients, 'ecs' | 'limits'>): NonNullable<Services['stopped']> {
  const read = async ({ cluster, service: serviceName }: ServiceName, abort: AbortSignal): Promise<StoppedTasks> => {
    const list = new ListTasksCommand({
      ...{ cluster, serviceName, desiredStatus: 'STOPPED', maxResults: TASKS_PER_CALL },
    });
    try {
      const listed = await limited(limits.callMs, abort, (abortSignal) => ecs.send(list, { abortSignal }));
      const tasks = listed.taskArns ?? [];
      if (tasks.length === 0) return { kind: 'known', tasks: [] };
      const describe = new DescribeTasksCommand({ cluster, tasks });
      const described = await limited(limits.callMs, abort, (abortSignal) => ecs.send(describe, { abortSignal }));
      return { kind: 'known', tasks: (described.tasks ?? []).flatMap(stoppedTask) };
    } catch (error) {
      if (abort.aborted) throw error;
      return { kind: 'unknown', cause: clauseOf(error) };
    }
  };
  return (names, abort) => inParallel(CALLS_AT_ONCE, names, (name) => read(name, abort));
}

/** ECS stops tasks itself where fewer are wanted, and those of the old revision: that is no failure of theirs. */
const WANTED = /^Scaling activity initiated by/;

function stoppedTask({ stoppedAt, stoppingAt, createdAt, stoppedReason, stopCode, containers = [] }: Task) {
  const at = stoppedAt ?? stoppingAt ?? createdAt;
  if (at === undefined || (stoppedReason !== undefined && WANTED.test(stoppedReason))) return [];
  const why = stoppedReason ?? stopCode ?? 'ECS gives no reason';
  const ends = containers.flatMap((container) => endOf(container, why));
  const says = `${why}${ends.length === 0 ? '' : ` (${ends.join('; ')})`}`.slice(0, LONGEST_CLAUSE);
  return [{ at: at.getTime(), says } satisfies StoppedTask];
}

/** How a container ended, where it says more than its task. */
function endOf({ name, exitCode, reason }: Container, why: string): readonly string[] {
  const failed = exitCode !== undefined && exitCode !== 0 ? [`exit code ${exitCode}`] : [];
  const reasons = reason === undefined || why.includes(reason) ? [] : [reason];
  const said = [...failed, ...reasons].join(', ');
  return said === '' ? [] : [`${name ?? 'a container'}: ${said}`];
}
