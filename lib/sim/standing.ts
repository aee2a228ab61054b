/** The tasks of a service as ECS describes them. */
import type { ServiceName } from '../policy/policy.ts';
import { describeDeployment } from './deployments.ts';
import type { Fleet } from './fleet.ts';

import { count, type Task } from './task.ts';
import type { PlantView } from './types.ts';

/** What a view shows of the tasks; the same until some task enters another phase. */
export interface Standing {
  readonly generation: number;
  readonly counts: Omit<PlantView, 'queue' | 'events'>;
}

export function standingOf(name: ServiceName, { tasks, deployments, desired, stopped, generation }: Fleet): Standing {
  const shown = deployments.list.map((deployment, index) => {
    const own = tasks.filter((task) => task.revision === deployment.revision);
    const running = count(own, isRunning);
    return describeDeployment(name, deployment, index === 0, {
      desired: index === 0 ? desired : running,
      running,
      pending: count(own, isPending),
    });
  });
  const counts = {
    ...name,
    status: 'ACTIVE',
    schedulingStrategy: 'REPLICA',
    desired,
    running: count(tasks, isRunning),
    pending: count(tasks, isPending),
    inService: count(tasks, (task) => task.phase === 'inService'),
    unhealthy: count(tasks, (task) => task.phase === 'running' && task.illness === 'unhealthy'),
    stopped: stopped.newestFirst(),
    draining: count(tasks, (task) => task.phase === 'draining'),
    deployments: shown,
  } as const;
  return { generation, counts };
}

function isRunning(task: Task): boolean {
  return task.phase === 'running' || task.phase === 'inService';
}

function isPending(task: Task): boolean {
  return task.phase === 'provisioning' || task.phase === 'pulling';
}
