/** A task of the plant and the phases it goes through. */
import type { EpochMs } from '../policy/policy.ts';
import { livesMs } from './failures.ts';
import type { Flow } from './queueing.ts';
import type { Launch } from './starting.ts';
import type { Illness } from './types.ts';

/**
 * `provisioning` and `pulling` are pending to ECS; AWS bills from the pull on. `running` waits for its first health check.
 * `backingOff`: its launch failed and the next one is due later; ECS has no such task meanwhile.
 */
export type Phase = 'backingOff' | 'provisioning' | 'pulling' | 'running' | 'inService' | 'draining' | 'stopped';

export interface Task {
  readonly id: number;
  readonly revision: number;
  phase: Phase;
  /** When it enters the next phase; Infinity where only a decision ends this one. */
  nextAt: EpochMs;
  /** Infinity before the image pull. */
  billedFrom: EpochMs;
  runningAt: EpochMs;
  healthyAt: EpochMs;
  fails: boolean;
  illness: Illness | null;
  /** How much more than the average task its requests weigh; 1 on average. */
  readonly share: number;
  /** Percent of CPU it uses without any request. */
  readonly baseCpu: number;
  /** Its own queue. */
  readonly flow: Flow;
}

export function beginLaunch(task: Task, grantedAt: EpochMs, launch: Launch, illness: Illness | null): void {
  task.phase = 'provisioning';
  task.nextAt = grantedAt + launch.pullAfterMs;
  task.runningAt = grantedAt + launch.runningAfterMs;
  task.healthyAt = task.runningAt + launch.healthyAfterRunningMs;
  task.illness = illness;
  task.fails = launch.fails || illness === 'image';
  task.billedFrom = Number.POSITIVE_INFINITY;
}

/** When a running task enters its next phase: it gets healthy, or what ails it ends it. */
export function runsUntil({ healthyAt, runningAt, illness }: Task): EpochMs {
  return illness === null ? healthyAt : runningAt + livesMs(illness);
}

/** ECS gives up first what is least use: a launch not begun, one under way, a task without traffic, one in service. */
const GIVEN_UP_FIRST: readonly Phase[] = ['backingOff', 'provisioning', 'pulling', 'running', 'inService'];

/** The `count` tasks of these that ECS stops; newest first, and by lot among those in service. */
export function chooseToRetire(candidates: readonly Task[], count: number, lot: () => number): Task[] {
  const chosen: Task[] = [];
  if (count === 0) return chosen;
  for (const phase of GIVEN_UP_FIRST) {
    const pool = candidates.filter((task) => task.phase === phase);
    while (pool.length > 0 && chosen.length < count) {
      const index = phase === 'inService' ? Math.floor(lot() * pool.length) : pool.length - 1;
      chosen.push(...pool.splice(index, 1));
    }
  }
  return chosen;
}

export function count(tasks: readonly Task[], which: (task: Task) => boolean): number {
  let found = 0;
  for (const task of tasks) if (which(task)) found++;
  return found;
}
