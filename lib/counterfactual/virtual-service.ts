/**
 * A virtual service beside a real one: its desired count follows our decisions, its tasks serve when tasks of the real service would,
 * and what happens to the real one (a deployment, a crash, somebody stopping it) happens to it in proportion. What others do to the real
 * desired count does not: that is what it is compared with. Plain JSON, no clock.
 */
import type { ServiceObservation } from '../policy/observation.ts';
import type { EpochMs } from '../policy/policy.ts';
import { type StartSeconds, startSecondsOf } from '../policy/start-time.ts';
import type { BacklogLead } from './backlog.ts';
import { type RunningEntry, withRunning } from './running.ts';
import { firstLook, isStuck, lookAtReal, type RealCount } from './start-times.ts';

export const VIRTUAL_FORMAT = 1;

export interface VirtualService {
  readonly v: typeof VIRTUAL_FORMAT;
  readonly desired: number;
  /** `[due, tasks]` that were asked for and do not serve yet, soonest first. */
  readonly starting: readonly (readonly [dueAt: EpochMs, tasks: number])[];
  readonly real: RealCount;
  /** Oldest first; changes only. */
  readonly running: readonly RunningEntry[];
  /** Measured on the real service, seconds, newest last. */
  readonly startSeconds: readonly number[];
  /** By signal: how the virtual queue differs from the real one. */
  readonly backlogs?: Readonly<Record<string, BacklogLead>>;
}

/** What the model must know of the policy. */
export interface LookOptions {
  readonly cadenceSeconds: number;
  /** A count of zero below this is somebody stopping the service. */
  readonly min: number;
}

/** Begins at the counts of the real service. `startSeconds`: what is known of its start times already. */
export function beginBeside(
  service: ServiceObservation,
  startSeconds: readonly number[],
  now: EpochMs,
  running: readonly RunningEntry[] = [],
): VirtualService {
  const real = firstLook(service);
  const missing = service.desired - real.inForce;
  const dueAt = now + startSecondsOf(startSeconds).p50 * 1000;
  return {
    v: VIRTUAL_FORMAT,
    desired: service.desired,
    starting: missing > 0 ? [[dueAt, missing]] : [],
    real,
    running: withRunning(running, now, service.running, service.running),
    startSeconds,
  };
}

/** The next look at the real service: time passes for the virtual one too. */
export function look(
  virtual: VirtualService,
  service: ServiceObservation,
  options: LookOptions,
  now: EpochMs,
): VirtualService {
  const stopped = service.desired === 0 && options.min > 0;
  const returns = virtual.desired === 0 && virtual.real.desired === 0 && service.desired > 0;
  if (stopped || returns) return beginBeside(service, virtual.startSeconds, now, virtual.running);
  const ranBefore = virtual.running.at(-1)?.[1] ?? service.running;
  const seen = lookAtReal(virtual, service, ranBefore, options.cadenceSeconds, now);
  const arrived = arrive({ ...virtual, ...seen }, ranBefore, service, now);
  return { ...arrived, running: withRunning(arrived.running, now, service.running, runningOf(arrived, service)) };
}

/** Tasks that are due serve from that moment on, unless the real service shows that there is no room for them. */
function arrive(virtual: VirtualService, ranBefore: number, service: ServiceObservation, now: EpochMs): VirtualService {
  const crowded = isStuck(virtual.real, startOf(virtual), now);
  let { running, starting } = virtual;
  for (const [dueAt, tasks] of virtual.starting) {
    if (dueAt > now) break;
    const serving = virtual.desired - tasksIn(starting);
    if (crowded && serving + tasks > service.running) break;
    starting = starting.slice(1);
    const before = running.at(-1)?.[0] ?? dueAt;
    running = withRunning(running, Math.max(dueAt, before), ranBefore, runningOf({ ...virtual, starting }, service));
  }
  return { ...virtual, starting, running };
}

/** What `UpdateService` would do at `now`: more tasks start, fewer stop at once, those first that do not serve yet. */
export function setDesired(virtual: VirtualService, count: number, now: EpochMs): VirtualService {
  const more = count - virtual.desired;
  if (more === 0) return virtual;
  if (more > 0) {
    const due = [now + startOf(virtual).p50 * 1000, more] as const;
    return { ...virtual, desired: count, starting: [...virtual.starting, due].sort(([a], [b]) => a - b) };
  }
  const serving = Math.min(count, virtual.desired - tasksIn(virtual.starting));
  const before = virtual.running.at(-1);
  const running = before === undefined ? virtual.running : stopped(virtual, before, serving, now);
  return { ...virtual, desired: count, starting: firstOf(virtual.starting, count - serving), running };
}

function stopped(virtual: VirtualService, [, real, ran]: RunningEntry, serving: number, now: EpochMs) {
  const served = virtual.desired - tasksIn(virtual.starting);
  const left = served === 0 ? 0 : Math.round((ran * serving) / served);
  return withRunning(virtual.running, now, real, left);
}

/** As many of the tasks that start as are still wanted, the soonest. */
function firstOf(starting: VirtualService['starting'], tasks: number): VirtualService['starting'] {
  let left = tasks;
  return starting.flatMap(([dueAt, wanted]) => {
    const kept = Math.min(left, wanted);
    left -= kept;
    return kept > 0 ? [[dueAt, kept] as const] : [];
  });
}

/** The virtual service as ECS would describe it beside this real one. */
export function described(virtual: VirtualService, service: ServiceObservation): ServiceObservation {
  const { deploying, unhealthy, inService } = service;
  const replacing = virtual.real.risingSince === undefined ? service.pending * sizeOf(virtual) : 0;
  return {
    desired: virtual.desired,
    running: runningOf(virtual, service),
    pending: Math.max(tasksIn(virtual.starting), Math.round(replacing)),
    ...(inService === undefined ? {} : { inService: inProportion(virtual, service, inService) }),
    ...(unhealthy === undefined ? {} : { unhealthy }),
    ...(deploying === undefined ? {} : { deploying }),
    startSeconds: startOf(virtual),
  };
}

export function startOf({ startSeconds }: Pick<VirtualService, 'startSeconds'>): StartSeconds {
  return startSecondsOf(startSeconds);
}

function runningOf(virtual: VirtualService, service: ServiceObservation): number {
  return inProportion(virtual, service, service.running);
}

/**
 * Tasks that would serve, in proportion to what the real service has of those it should have: both revisions while it deploys, fewer when
 * some crashed. Its own increases under way and tasks above desired for other reasons say nothing about the virtual one.
 */
function inProportion(virtual: VirtualService, { deploying }: ServiceObservation, present: number): number {
  const serving = virtual.desired - tasksIn(virtual.starting);
  const { inForce } = virtual.real;
  if (inForce === 0) return serving;
  return Math.round((serving * (deploying === true ? present : Math.min(present, inForce))) / inForce);
}

/** The virtual service's size, as a multiple of the real one's. */
function sizeOf(virtual: VirtualService): number {
  return virtual.real.inForce === 0 ? 1 : (virtual.desired - tasksIn(virtual.starting)) / virtual.real.inForce;
}

function tasksIn(starting: VirtualService['starting']): number {
  return starting.reduce((sum, [, tasks]) => sum + tasks, 0);
}
