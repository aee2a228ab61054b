/**
 * What the tasks do with the load while neither changes: requests served and given up, CPU, memory, waiting. Exact over any length of time.
 * CPU follows what a task serves: base 1–5 % plus 100 × utilisation for CPU-bound work. Fargate caps it at 100 %; on EC2 a task may
 * use what its host has left and serves more for it.
 */
import type { Fleet } from './fleet.ts';
import { flowThrough } from './queueing.ts';
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
    this.serving = fleet.tasks.filter((task) => task.phase === 'inService');
    this.draining = fleet.tasks.filter((task) => task.phase === 'draining');
    const fresh = fleet.tasks.filter((task) => task.phase === 'running');
    const running = [...this.serving, ...fresh];
    this.shares = sum(this.serving, (task) => task.share);
    this.mostShare = Math.max(0, ...this.serving.map((task) => task.share));
    this.leastShare = Math.min(1, ...this.serving.map((task) => task.share));
    this.servingBase = sum(this.serving, (task) => task.baseCpu);
    this.freshBase = sum(fresh, (task) => task.baseCpu);
    this.leastBase = Math.min(...running.map((task) => task.baseCpu));
    this.mostBase = Math.max(...running.map((task) => task.baseCpu));
    this.fresh = fresh.length;
    return true;
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

/** Behind a load balancer: each task has a queue of its own, and round robin gives each nearly the same. */
export class BalancedServing implements Serving {
  readonly stretch = emptyStretch();
  private readonly fleet: Fleet;
  private readonly options: ServingOptions;
  private readonly composition = new Composition();
  private readonly cpuPerRate: number;
  private readonly cpuCap: number;
  private readonly taskCapacity: number;
  private backlogged = false;

  constructor(fleet: Fleet, options: ServingOptions) {
    this.fleet = fleet;
    this.options = options;
    this.cpuPerRate = options.cpuAtCapacity / options.capacityPerTask;
    this.cpuCap = 100 * options.burst;
    this.taskCapacity = options.capacityPerTask * options.burst;
  }

  waiting(): number {
    return this.backlogged ? sum(this.fleet.tasks, (task) => task.flow.backlog) : 0;
  }

  run(rate: number, seconds: number): void {
    const { composition, stretch } = this;
    composition.follow(this.fleet);
    composition.begin(stretch, rate * seconds);
    const perShare = composition.shares > 0 ? rate / composition.shares : 0;
    const most = perShare * composition.mostShare;
    const queued = this.backlogged;
    const calm = most <= this.taskCapacity && composition.mostBase + this.cpuPerRate * most <= this.cpuCap;
    if (composition.serving.length === 0) stretch.timedOut = stretch.arrived;
    else if (calm && !queued) this.runEvenly(rate, perShare);
    else this.runEach(perShare, seconds);
    if (queued) this.workOff(seconds);
    stretch.memory = composition.memory(stretch.utilisation);
  }

  /** Nobody waits beyond the steady state: the sums are known without looking at each task. */
  private runEvenly(rate: number, perShare: number): void {
    const { composition, stretch, cpuPerRate } = this;
    stretch.served = stretch.arrived;
    stretch.utilisation = rate / (composition.serving.length * this.taskCapacity);
    stretch.servingCpu = composition.servingBase + cpuPerRate * rate;
    const fresh = composition.fresh > 0;
    stretch.leastCpu = composition.leastBase + (fresh ? 0 : cpuPerRate * perShare * composition.leastShare);
    stretch.mostCpu = composition.mostBase + cpuPerRate * perShare * composition.mostShare;
  }

  private runEach(perShare: number, seconds: number): void {
    const { composition, stretch } = this;
    stretch.leastCpu = composition.fresh > 0 ? composition.leastBase : Number.POSITIVE_INFINITY;
    for (const task of composition.serving) this.runOne(task, perShare * task.share, seconds);
    stretch.utilisation = stretch.served / (composition.serving.length * this.taskCapacity * seconds);
  }

  private runOne(task: Task, arriving: number, seconds: number): void {
    const { stretch, taskCapacity } = this;
    const { flow } = task;
    const waitedFor = flow.backlog;
    flowThrough(flow, arriving, taskCapacity, this.options.timeoutSeconds, seconds);
    stretch.served += flow.served;
    stretch.timedOut += flow.timedOut;
    if (flow.backlog > 0) this.backlogged = true;
    if (waitedFor > 0 || flow.backlog > 0) {
      stretch.backlogged += arriving * seconds - flow.timedOut;
      stretch.leastWaitSeconds = Math.min(stretch.leastWaitSeconds, Math.min(waitedFor, flow.backlog) / taskCapacity);
      stretch.mostWaitSeconds = Math.max(stretch.mostWaitSeconds, Math.max(waitedFor, flow.backlog) / taskCapacity);
    }
    const cpu = Math.min(this.cpuCap, task.baseCpu + (this.cpuPerRate * flow.served) / seconds);
    stretch.servingCpu += cpu;
    stretch.leastCpu = Math.min(stretch.leastCpu, cpu);
    stretch.mostCpu = Math.max(stretch.mostCpu, cpu);
  }

  /** A draining task gets nothing new and finishes what it has. */
  private workOff(seconds: number): void {
    for (const { flow } of this.composition.draining) {
      if (flow.backlog === 0) continue;
      flowThrough(flow, 0, this.taskCapacity, this.options.timeoutSeconds, seconds);
      this.stretch.served += flow.served;
    }
    this.backlogged = this.fleet.tasks.some((task) => task.flow.backlog > 0);
  }
}

/** Queue workers: every task pulls from one queue, nobody gives up waiting, and a task is busy or idle as a whole. */
export class QueueServing implements Serving {
  readonly stretch = emptyStretch();
  visible = 0;
  inFlight = 0;
  private readonly fleet: Fleet;
  private readonly options: ServingOptions;
  private readonly serviceSeconds: number;
  private readonly composition = new Composition();
  private readonly flow = { served: 0, timedOut: 0, backlog: 0 };

  constructor(fleet: Fleet, options: ServingOptions, serviceSeconds: number) {
    this.fleet = fleet;
    this.options = options;
    this.serviceSeconds = serviceSeconds;
  }

  waiting(): number {
    return this.visible;
  }

  run(rate: number, seconds: number): void {
    const { composition, stretch, flow, options } = this;
    composition.follow(this.fleet);
    composition.begin(stretch, rate * seconds);
    const capacity = composition.serving.length * options.capacityPerTask * options.burst;
    flowThrough(flow, rate, capacity, Number.POSITIVE_INFINITY, seconds);
    this.visible = flow.backlog;
    stretch.served = flow.served;
    stretch.utilisation = capacity > 0 ? flow.served / (capacity * seconds) : 0;
    this.inFlight = (flow.served / seconds) * this.serviceSeconds;
    const busy = options.cpuAtCapacity * options.burst * stretch.utilisation;
    const cap = 100 * options.burst;
    stretch.servingCpu = Math.min(
      cap * composition.serving.length,
      composition.servingBase + busy * stretch.servingTasks,
    );
    stretch.leastCpu = Math.min(cap, composition.leastBase + (composition.fresh > 0 ? 0 : busy));
    stretch.mostCpu = Math.min(cap, composition.mostBase + busy);
    stretch.memory = composition.memory(stretch.utilisation);
  }
}

function sum(tasks: readonly Task[], of: (task: Task) => number): number {
  let total = 0;
  for (const task of tasks) total += of(task);
  return total;
}
