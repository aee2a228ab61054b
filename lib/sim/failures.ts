/** How tasks fail, and what ECS says of those that stopped. */
import type { EpochMs } from '../policy/policy.ts';
import type { Illness, PlantStoppedTask } from './types.ts';

/** From running to the end: a process that exits while it boots, and three checks that fail. */
const LIVES_MS: Readonly<Record<Exclude<Illness, 'image'>, number>> = { crash: 10_000, unhealthy: 90_000 };

type End = Pick<PlantStoppedTask, 'stopCode' | 'reason' | 'exitCode'>;

const ENDS: Readonly<Record<Illness | 'launch', End>> = {
  launch: { stopCode: 'TaskFailedToStart', reason: 'Timeout waiting for network interface provisioning to complete.' },
  image: { stopCode: 'TaskFailedToStart', reason: 'CannotPullContainerError: failed to resolve ref: not found' },
  crash: { stopCode: 'EssentialContainerExited', reason: 'Essential container in task exited', exitCode: 1 },
  unhealthy: { stopCode: 'ServiceSchedulerInitiated', reason: 'Task failed ELB health checks' },
};

export function livesMs(illness: Illness | null): number {
  return illness === 'crash' || illness === 'unhealthy' ? LIVES_MS[illness] : Number.POSITIVE_INFINITY;
}

const KEPT_TASKS = 100;

export class StoppedTasks {
  private tasks: readonly PlantStoppedTask[] = [];

  add(id: number, at: EpochMs, illness: Illness | null): PlantStoppedTask {
    const stopped = { id, at, ...ENDS[illness ?? 'launch'] };
    this.tasks = [stopped, ...this.tasks].slice(0, KEPT_TASKS);
    return stopped;
  }

  newestFirst(): readonly PlantStoppedTask[] {
    return this.tasks;
  }
}

/** ECS's own circuit breaker: half of the desired count, at least 3 tasks and at most 200. */
export function isRolloutBroken(failedTasks: number, desired: number): boolean {
  return failedTasks >= Math.min(200, Math.max(3, Math.ceil(desired / 2)));
}
