/** The tasks of the service: launched, in service, drained and billed as the ECS scheduler and Fargate do it. */
import { randomNormal, randomUniform } from 'd3-random';
import type { EpochMs } from '../policy/policy.ts';
import { stream } from './chance.ts';
import { Deployments, deploymentId } from './deployments.ts';
import { StoppedTasks } from './failures.ts';
import { nextMoves } from './rollout.ts';
import type { ServiceEvents } from './service-events.ts';
import { LAUNCH_RETRY_SECONDS, type Launch, LaunchBucket } from './starting.ts';
import { beginLaunch, chooseToRetire, count, runsUntil, type Task } from './task.ts';
import type { Illness } from './types.ts';

/** AWS bills a task that lived shorter as if it had lived so long. */
export const MINIMUM_BILLED_SECONDS = 60;
/** What a task uses while idle, percent of CPU. */
const BASE_CPU = { least: 1, most: 5 } as const;
/** Spread of the load over tasks that round robin leaves; requests differ in weight. */
const IMBALANCE = 0.05;

export interface FleetOptions {
  readonly seed: number;
  readonly desired: number;
  /** False: a running task is in service at once, and it stops without draining. */
  readonly withLoadBalancer: boolean;
  readonly deregistrationDelaySeconds: number;
  /** From SIGTERM to the end of the process. */
  readonly stopSeconds: number;
  /** As many tasks fit at most (the vCPU quota); Infinity for no limit. */
  readonly placeableTasks: number;
  readonly nextLaunch: () => Launch;
  readonly events: ServiceEvents;
}

export class Fleet {
  tasks: Task[] = [];
  readonly deployments: Deployments;
  desired: number;
  /** When something happens by itself next. */
  nextEventAt: EpochMs = Number.POSITIVE_INFINITY;
  /** Grows with every change of who serves. */
  generation = 0;
  /** Tasks on the bill now, and the seconds that the minimum added since they were last taken. */
  billedTasks = 0;
  minimumTopUpSeconds = 0;
  /** Requests in the queues of tasks that stopped, since they were last taken. */
  abandoned = 0;
  readonly stopped = new StoppedTasks();
  /** What ails tasks that are launched from now on. */
  illness: Illness | null = null;

  private readonly options: FleetOptions;
  private readonly bucket: LaunchBucket;
  private readonly share: () => number;
  private readonly base: () => number;
  private readonly lot: () => number;
  private nextId = 1;
  private surplus = { tasks: 0, until: Number.POSITIVE_INFINITY };
  private steady = true;

  constructor(options: FleetOptions, now: EpochMs) {
    this.options = options;
    this.desired = options.desired;
    this.bucket = new LaunchBucket(now);
    this.share = randomNormal.source(stream(options.seed, 'imbalance'))(1, IMBALANCE);
    this.base = randomUniform.source(stream(options.seed, 'base cpu'))(BASE_CPU.least, BASE_CPU.most);
    this.lot = stream(options.seed, 'which task stops');
    this.deployments = new Deployments(now);
    for (let i = 0; i < options.desired; i++) {
      const task = this.addTask();
      task.phase = 'inService';
      task.billedFrom = now - MINIMUM_BILLED_SECONDS * 1000;
    }
    this.refresh();
  }

  setDesired(count: number, now: EpochMs): void {
    this.desired = count;
    this.reconcile(now);
  }

  deploy(now: EpochMs, circuitBreaker: boolean): void {
    this.deployments.begin(now, circuitBreaker);
    this.reconcile(now);
  }

  holdSurplus(tasks: number, now: EpochMs, seconds: number): void {
    this.surplus = { tasks, until: now + seconds * 1000 };
    this.reconcile(now);
  }

  /** Everything that is due at `now`, then what the scheduler makes of it. */
  settle(now: EpochMs): void {
    if (now < this.nextEventAt) return;
    if (now >= this.surplus.until) this.surplus = { tasks: 0, until: Number.POSITIVE_INFINITY };
    for (const task of this.tasks) if (task.nextAt <= now) this.enterNextPhase(task, now);
    this.reconcile(now);
  }

  private enterNextPhase(task: Task, now: EpochMs): void {
    if (task.phase === 'backingOff' && this.deployments.of(task.revision)?.failed === true) {
      this.stop(task, now);
    } else if (task.phase === 'backingOff') {
      beginLaunch(task, this.bucket.grant(now), this.options.nextLaunch(), this.illness);
    } else if (task.phase === 'provisioning') {
      task.phase = 'pulling';
      task.billedFrom = now;
      task.nextAt = task.runningAt;
    } else if (task.phase === 'pulling') {
      if (task.fails) this.fail(task, now);
      else if (this.options.withLoadBalancer || task.illness !== null)
        Object.assign(task, { phase: 'running', nextAt: runsUntil(task) });
      else Object.assign(task, { phase: 'inService', nextAt: Number.POSITIVE_INFINITY });
    } else if (task.phase === 'running' && task.illness !== null) {
      this.fail(task, now);
    } else if (task.phase === 'running') {
      task.phase = 'inService';
      task.nextAt = Number.POSITIVE_INFINITY;
    } else if (task.phase === 'draining') {
      this.stop(task, now);
    }
  }

  private fail(task: Task, now: EpochMs): void {
    const { reason } = this.stopped.add(task.id, now, task.illness);
    const when = task.phase === 'running' ? 'failed' : 'stopped before it was running';
    this.options.events.add(now, `was unable to start a task: (task ${task.id}) ${when}. ${reason}`);
    this.endBilling(task, now);
    this.deployments.countFailure(task.revision, this.desired);
    task.phase = 'backingOff';
    task.nextAt = now + LAUNCH_RETRY_SECONDS * 1000;
  }

  private stop(task: Task, now: EpochMs): void {
    this.endBilling(task, now);
    this.abandoned += task.flow.backlog;
    task.flow.backlog = 0;
    task.phase = 'stopped';
    task.nextAt = Number.POSITIVE_INFINITY;
  }

  private endBilling(task: Task, now: EpochMs): void {
    if (task.billedFrom === Number.POSITIVE_INFINITY) return;
    this.minimumTopUpSeconds += Math.max(0, MINIMUM_BILLED_SECONDS - (now - task.billedFrom) / 1000);
    task.billedFrom = Number.POSITIVE_INFINITY;
  }

  private reconcile(now: EpochMs): void {
    // What stops at once makes room for launches; each further round has stopped at least one.
    while (this.move(now));
    this.refresh();
    this.noteProgress(now);
  }

  /** True where tasks were stopped, so that there may be more to do. */
  private move(now: EpochMs): boolean {
    const { revision, failed } = this.deployments.primary;
    const primary: Task[] = [];
    const older: Task[] = [];
    let present = 0;
    for (const task of this.tasks) {
      if (task.phase === 'stopped') continue;
      present++;
      if (task.phase !== 'draining') (task.revision === revision ? primary : older).push(task);
    }
    const room = Math.max(0, this.options.placeableTasks - present);
    const want = this.desired + this.surplus.tasks;
    const moves = nextMoves(want, standing(primary), standing(older), room);
    if (failed !== true) this.launch(moves.launch, now);
    this.retire(chooseToRetire(primary, moves.retirePrimary, this.lot), now);
    this.retire(chooseToRetire(older, moves.retireOlder, this.lot), now);
    if (room === 0 && primary.length < want) this.options.events.add(now, 'was unable to place a task.');
    return moves.retirePrimary + moves.retireOlder > 0;
  }

  private launch(count: number, now: EpochMs): void {
    for (let i = 0; i < count; i++)
      beginLaunch(this.addTask(), this.bucket.grant(now), this.options.nextLaunch(), this.illness);
    if (count > 0) this.options.events.add(now, `has started ${count} tasks.`);
  }

  private retire(tasks: readonly Task[], now: EpochMs): void {
    const { withLoadBalancer, deregistrationDelaySeconds, stopSeconds, events } = this.options;
    const drainSeconds = (withLoadBalancer ? deregistrationDelaySeconds : 0) + stopSeconds;
    for (const task of tasks) {
      if (task.phase !== 'running' && task.phase !== 'inService') this.stop(task, now);
      else Object.assign(task, { phase: 'draining', nextAt: now + drainSeconds * 1000 });
    }
    const draining = tasks.filter((task) => task.phase === 'draining').length;
    if (draining > 0) events.add(now, `has begun draining connections on ${draining} tasks.`);
  }

  private addTask(): Task {
    const task: Task = {
      id: this.nextId++,
      revision: this.deployments.primary.revision,
      phase: 'provisioning',
      nextAt: Number.POSITIVE_INFINITY,
      billedFrom: Number.POSITIVE_INFINITY,
      runningAt: Number.POSITIVE_INFINITY,
      healthyAt: Number.POSITIVE_INFINITY,
      fails: false,
      illness: null,
      share: Math.min(1 + 3 * IMBALANCE, Math.max(1 - 3 * IMBALANCE, this.share())),
      baseCpu: this.base(),
      flow: { served: 0, timedOut: 0, backlog: 0 },
    };
    this.tasks.push(task);
    return task;
  }

  private refresh(): void {
    if (this.tasks.some((task) => task.phase === 'stopped'))
      this.tasks = this.tasks.filter((task) => task.phase !== 'stopped');
    this.generation++;
    this.nextEventAt = this.surplus.until;
    this.billedTasks = 0;
    for (const task of this.tasks) {
      if (task.nextAt < this.nextEventAt) this.nextEventAt = task.nextAt;
      if (task.billedFrom !== Number.POSITIVE_INFINITY) this.billedTasks++;
    }
  }

  /** A deployment is over when no old task is left but draining ones and the new ones serve. */
  private noteProgress(now: EpochMs): void {
    const { primary } = this.deployments;
    const draining = count(this.tasks, (task) => task.phase === 'draining');
    const serving = count(this.tasks, (task) => task.phase === 'inService' && task.revision === primary.revision);
    const settled = serving + draining === this.tasks.length;
    const inPlace = settled && serving === this.desired + this.surplus.tasks;
    if (inPlace && !primary.completed) {
      this.deployments.complete();
      this.options.events.add(now, `(deployment ${deploymentId(primary.revision)}) deployment completed.`);
    }
    const steady = inPlace && draining === 0;
    if (steady && !this.steady) this.options.events.add(now, 'has reached a steady state.');
    this.steady = steady;
  }
}

function standing(tasks: readonly Task[]): { slots: number; inService: number } {
  return { slots: tasks.length, inService: count(tasks, (task) => task.phase === 'inService') };
}
