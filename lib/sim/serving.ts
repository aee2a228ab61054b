/**
 * What the tasks do with the load while neither changes: requests served and given up, CPU, memory, waiting. Exact over any length of time.
 * CPU follows what a task serves: base 1–5 % plus 100 × utilisation for CPU-bound work. Fargate caps it at 100 %; on EC2 a task may
 * use what its host has left and serves more for it.
 */
import type { Fleet } from './fleet.ts';
import type { Task } from './task.ts';

export interface ServingOptions {
  readonly capacityPerTask: number;
  /** Percent of CPU that a task at `capacityPerTask` uses above its base: 100, or little where work waits for others. */
  readonly cpuAtCapacity: number;
  /** How many times its reservation a task may use where the host has room: 1 on Fargate. */
  readonly burst: number;
  readonly timeoutSeconds: number;
}

/** One stretch of time. Sums are over tasks; `cpu` in percent. Reused from step to step. */
export interface Stretch {
  arrived: number;
  served: number;
  timedOut: number;
  /** Sum over tasks in service, and over those running without traffic yet; least and most of them all. */
  servingCpu: number;
  freshCpu: number;
  leastCpu: number;
  mostCpu: number;
  servingTasks: number;
  freshTasks: number;
  memory: number;
  /** Mean over tasks in service, of what they can take. */
  utilisation: number;
  /** Requests that found a fluid backlog, and the waits they met. */
  backlogged: number;
  leastWaitSeconds: number;
  mostWaitSeconds: number;
}

/** Who serves: balanced by a load balancer, or pulling from a queue. */
export interface Serving {
  readonly stretch: Stretch;
  /** Requests or jobs that wait now. */
  waiting(): number;
  run(rate: number, seconds: number): void;
}

const MEMORY_FRESH = 20;
const MEMORY_IDLE = 30;
const MEMORY_PER_UTILISATION = 25;

export function emptyStretch(): Stretch {
  return {
    arrived: 0,
    served: 0,
    timedOut: 0,
    servingCpu: 0,
    freshCpu: 0,
    leastCpu: 0,
    mostCpu: 0,
    servingTasks: 0,
    freshTasks: 0,
    memory: 0,
    utilisation: 0,
    backlogged: 0,
    leastWaitSeconds: Number.POSITIVE_INFINITY,
    mostWaitSeconds: 0,
  };
}

/** Sums over the tasks that change only when who serves changes. */
export class Composition {
  serving: Task[] = [];
  draining: Task[] = [];
  shares = 0;
  mostShare = 0;
  leastShare = 0;
  servingBase = 0;
  freshBase = 0;
  leastBase = 0;
  mostBase = 0;
  fresh = 0;
  private generation = -1;

  /** True where something changed. */
  follow(fleet: Fleet): boolean {
    if (this.generation === fleet.generation) return false;
    this.generation = fleet.generation;
    this.clear();
    for (const task of fleet.tasks) {
      if (task.phase === 'inService') this.addServing(task);
      else if (task.phase === 'running') this.addFresh(task);
      else if (task.phase === 'draining') this.draining.push(task);
    }
    return true;
  }

  private clear(): void {
    this.serving = [];
    this.draining = [];
    this.shares = this.mostShare = this.servingBase = this.freshBase = this.fresh = 0;
    this.leastShare = 1;
    this.leastBase = Number.POSITIVE_INFINITY;
    this.mostBase = Number.NEGATIVE_INFINITY;
  }

  private addServing(task: Task): void {
    const { share, baseCpu } = task;
    this.serving.push(task);
    this.shares += share;
    if (share > this.mostShare) this.mostShare = share;
    if (share < this.leastShare) this.leastShare = share;
    this.servingBase += baseCpu;
    if (baseCpu < this.leastBase) this.leastBase = baseCpu;
    if (baseCpu > this.mostBase) this.mostBase = baseCpu;
  }

  private addFresh({ baseCpu }: Task): void {
    this.fresh++;
    this.freshBase += baseCpu;
    if (baseCpu < this.leastBase) this.leastBase = baseCpu;
    if (baseCpu > this.mostBase) this.mostBase = baseCpu;
  }

  /** What every way of serving writes alike. */
  begin(stretch: Stretch, arrived: number): void {
    stretch.arrived = arrived;
    stretch.served = 0;
    stretch.timedOut = 0;
    stretch.servingCpu = 0;
    stretch.freshCpu = this.freshBase;
    stretch.leastCpu = this.leastBase;
    stretch.mostCpu = this.mostBase;
    stretch.servingTasks = this.serving.length;
    stretch.freshTasks = this.fresh;
    stretch.utilisation = 0;
    stretch.backlogged = 0;
    stretch.leastWaitSeconds = Number.POSITIVE_INFINITY;
    stretch.mostWaitSeconds = 0;
  }

  memory(utilisation: number): number {
    const busy = Math.min(1, utilisation) * MEMORY_PER_UTILISATION;
    return this.serving.length * (MEMORY_IDLE + busy) + this.fresh * MEMORY_FRESH;
  }
}

export function sum(tasks: readonly Task[], of: (task: Task) => number): number {
  let total = 0;
  for (const task of tasks) total += of(task);
  return total;
}
