/**
 * A story: rows of time, signals and the sentence the operator reads. State goes through JSON at every step, as it does in production,
 * and a decision that changes the count is acknowledged and its tasks come into service `startsWithin` later.
 */
import { acknowledge, decide } from '../../lib/policy/decide.ts';
import { explain } from '../../lib/policy/explain.ts';
import type { Datapoint, Observation, Reading, ServiceObservation } from '../../lib/policy/observation.ts';
import type { Override, ServicePolicy, SignalSpec } from '../../lib/policy/policy.ts';
import { EMPTY_STATE, type ServiceState } from '../../lib/policy/state.ts';

/** Noon of a quiet Wednesday. */
export const T0 = Date.UTC(2026, 10, 18, 12, 0, 0);
export const MINUTE = 60_000;

export const cpu: SignalSpec = {
  source: { kind: 'ecs', metric: 'CPUUtilization' },
  stat: 'Average',
  periodSeconds: 60,
  publicationDelaySeconds: 50,
  scale: 1,
  averagedOverTasks: true,
  whenMissing: { kind: 'unknown' },
};
export const rps: SignalSpec = {
  source: { kind: 'alb', metric: 'RequestCount' },
  stat: 'Sum',
  periodSeconds: 60,
  publicationDelaySeconds: 50,
  scale: 1 / 60,
  averagedOverTasks: false,
  whenMissing: { kind: 'unknown' },
};

/** Nothing damps but the cooldown that the design always has; a test adds what it is about. */
export function policy(parts: Partial<ServicePolicy> = {}): ServicePolicy {
  return {
    cluster: 'prod',
    service: 'checkout',
    mode: 'act',
    cadenceSeconds: 60,
    capacity: { min: 2, max: 60 },
    signals: { cpu },
    scaleOut: [],
    scaleIn: [],
    targets: [],
    pace: {
      out: {
        cooldown: { kind: 'verified' },
        stabilizationSeconds: 0,
        upTo: { percent: 1000, tasks: 100, pick: 'larger', periodSeconds: 60 },
      },
      in: {
        cooldown: { kind: 'seconds', seconds: 0 },
        stabilizationSeconds: 0,
        upTo: { percent: 100, tasks: 100, pick: 'larger', periodSeconds: 60 },
      },
    },
    schedule: [],
    freeze: [],
    guard: { holdInWhile: [], unknownAbstainsAfterSeconds: 900, whenBlindFor: [] },
    ...parts,
  };
}

/** The service in a story: desired follows the decisions, tasks start late. */
export interface World {
  policy: ServicePolicy;
  state: ServiceState;
  service: ServiceObservation;
  history: Record<string, Datapoint[]>;
  overrides: readonly Override[];
}

export function world(parts: Partial<World> & { policy: ServicePolicy }): World {
  return { state: EMPTY_STATE, service: steady(4), history: {}, overrides: [], ...parts };
}

export function steady(count: number, more: Partial<ServiceObservation> = {}): ServiceObservation {
  return { desired: count, running: count, pending: 0, inService: count, ...more };
}

export const ago = (minutes: number) => T0 - minutes * MINUTE;

/** Adds the datapoint whose period ends at minute `minute`; null adds none. */
export function measure(world: World, minute: number, signals: Readonly<Record<string, number | null>>): void {
  for (const [name, value] of Object.entries(signals)) {
    world.history[name] ??= [];
    if (value !== null)
      world.history[name].push([T0 + (minute - 1) * MINUTE, value, world.service.inService ?? world.service.running]);
  }
}

/** One tick `secondsLate` after the minute, deciding on what is settled by then. Returns the sentence. */
export function tickAt(
  world: World,
  minute: number,
  options: { secondsLate?: number; change?: Partial<ServiceObservation> } = {},
): string {
  const now = T0 + minute * MINUTE + (options.secondsLate ?? 55) * 1000;
  if (options.change !== undefined) world.service = { ...world.service, ...options.change };
  const signals: Record<string, Reading> = {};
  for (const [name, spec] of Object.entries(world.policy.signals)) {
    const settled = (world.history[name] ?? []).filter(
      ([start]) => start + (spec.periodSeconds + spec.publicationDelaySeconds) * 1000 <= now,
    );
    signals[name] = { status: 'complete', periodSeconds: spec.periodSeconds, values: settled };
  }
  const observation: Observation = { service: world.service, signals };
  const decided = decide(world.policy, rehydrated(world.state), observation, now, world.overrides);
  world.state = rehydrated(acknowledge(world.policy, decided, now));
  const { from, to } = decided.decision;
  const { running, inService = running } = world.service;
  const stays = Math.min(running, to);
  if (to > from) world.service = { ...world.service, desired: to, pending: to - running };
  if (to < from)
    world.service = { ...world.service, desired: to, running: stays, pending: 0, inService: Math.min(inService, to) };
  return explain(decided);
}

/** All tasks that were asked for are in service now. */
export function started(world: World): void {
  const { desired } = world.service;
  world.service = { ...world.service, running: desired, pending: 0, inService: desired };
}

export function rehydrated<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
