import type { Fleet } from './fleet.ts';
import { flowThrough } from './queueing.ts';
import { Composition, emptyStretch, type Serving, type ServingOptions, sum } from './serving.ts';
import type { Task } from './task.ts';

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
