/**
 * A story: rows of time, signals and the sentence the operator reads. State goes through JSON at every step, as it does in production,
 * and a decision that changes the count is acknowledged; its tasks come into service when the story says `started`.
 */
import { expect } from '@jest/globals';
import { acknowledge, decide } from '../../lib/policy/decide.ts';
import type { Decided } from '../../lib/policy/decision.ts';
import { explain } from '../../lib/policy/explain.ts';
import type { Datapoint, Observation, Reading, ServiceObservation } from '../../lib/policy/observation.ts';
import type { EpochMs, Override, ServicePolicy } from '../../lib/policy/policy.ts';
import { EMPTY_STATE, type ServiceState } from '../../lib/policy/state.ts';

export { cpu, policy, queue, rps } from './policies.ts';

/** Noon of a quiet Wednesday. */
export const T0 = Date.UTC(2026, 10, 18, 12, 0, 0);
export const MINUTE = 60_000;
/** As many as the longest window of any story. */
const READ_PERIODS = 30;

/** The service in a story: desired follows the decisions, tasks start late. */
export interface World {
  policy: ServicePolicy;
  state: ServiceState;
  service: ServiceObservation;
  history: Record<string, Datapoint[]>;
  /** Of the signals that are not `complete`. */
  statuses: Record<string, Reading['status']>;
  overrides: readonly Override[];
  /** Minute 0. */
  startsAt: EpochMs;
}

export function world(parts: Partial<World> & { policy: ServicePolicy }): World {
  return {
    state: EMPTY_STATE,
    service: steady(4),
    history: {},
    statuses: {},
    overrides: [],
    startsAt: T0,
    ...parts,
  };
}

export function steady(count: number, more: Partial<ServiceObservation> = {}): ServiceObservation {
  return { desired: count, running: count, pending: 0, inService: count, ...more };
}

/** What was measured in the minute before the row. `null`: no datapoint; a status: the source does not answer. */
export type Measured = Readonly<Record<string, number | null | Exclude<Reading['status'], 'complete'>>>;

/** Minutes from the start of the story, or `m:ss`. */
export type StoryTime = number | `${number}:${number}`;

/**
 * `[time, measured, sentence]`, or something that happens to the service in between. A row at minute m adds the datapoints whose period
 * ends at m and ticks 55 s later, when they are settled; a row at `m:ss` adds none and ticks at that very moment.
 */
export type Row = readonly [time: StoryTime, measured: Measured, sentence: string] | ((world: World) => void);

export function tell(given: World, rows: readonly Row[]): void {
  const read: string[] = [];
  const expected: string[] = [];
  for (const row of rows) {
    if (typeof row === 'function') {
      row(given);
      continue;
    }
    const [time, measured, sentence] = row;
    if (typeof time === 'number') measure(given, time, measured);
    read.push(`${time} ${tickAt(given, time)}`);
    expected.push(`${time} ${sentence}`);
  }
  expect(read).toEqual(expected);
}

/** Adds the datapoint whose period ends at minute `minute`; null adds none. */
export function measure(world: World, minute: number, signals: Measured): void {
  world.statuses = {};
  for (const [name, value] of Object.entries(signals)) {
    world.history[name] ??= [];
    const startedAt = world.startsAt + (minute - 1) * MINUTE;
    if (typeof value === 'number')
      world.history[name].push([startedAt, value, world.service.inService ?? world.service.running]);
    else if (value !== null) world.statuses[name] = value;
  }
}

/** The same number in each of several minutes. */
export function measureFor(world: World, from: number, to: number, signals: Measured): void {
  for (let minute = from; minute <= to; minute++) measure(world, minute, signals);
}

/** One tick on what is settled by then. Returns the sentence. */
export function tickAt(world: World, time: StoryTime, change: Partial<ServiceObservation> = {}): string {
  world.service = { ...world.service, ...change };
  return explain(decideAt(world, momentOf(world, time)));
}

function momentOf(world: World, time: StoryTime): EpochMs {
  if (typeof time === 'number') return world.startsAt + time * MINUTE + 55_000;
  const [minutes = 0, seconds = 0] = time.split(':').map(Number);
  return world.startsAt + minutes * MINUTE + seconds * 1000;
}

/** Decides, acknowledges and lets ECS take the count; its tasks do not start yet. */
export function decideAt(world: World, now: EpochMs): Decided {
  const observation = rehydrated(observationAt(world, now));
  const decided = decide(world.policy, rehydrated(world.state), observation, now, rehydrated(world.overrides));
  world.state = rehydrated(acknowledge(world.policy, decided, now));
  const { from, to } = decided.decision;
  const { running, inService = running } = world.service;
  const stays = Math.min(running, to);
  if (to > from) world.service = { ...world.service, desired: to, pending: Math.max(0, to - running) };
  if (to < from)
    world.service = { ...world.service, desired: to, running: stays, pending: 0, inService: Math.min(inService, to) };
  return decided;
}

export function observationAt(world: World, now: EpochMs): Observation {
  const signals: Record<string, Reading> = {};
  for (const [name, spec] of Object.entries(world.policy.signals)) {
    const settled = (world.history[name] ?? []).filter(
      ([start]) => start + (spec.periodSeconds + spec.publicationDelaySeconds) * 1000 <= now,
    );
    const status = world.statuses[name] ?? 'complete';
    const values = status === 'complete' ? settled.slice(-READ_PERIODS) : [];
    signals[name] = { status, periodSeconds: spec.periodSeconds, values };
  }
  return { service: world.service, signals };
}

/** All tasks that were asked for are in service now. */
export function started(world: World): void {
  const { desired } = world.service;
  world.service = { ...world.service, running: desired, pending: 0, inService: desired };
}

/** Something happens to the service, whatever we do. */
export function happens(change: Partial<ServiceObservation>): (world: World) => void {
  return (world) => {
    world.service = { ...world.service, ...change };
  };
}

/** Somebody else sets the count, and its tasks run at once. */
export function somebodySets(count: number): (world: World) => void {
  return happens(steady(count));
}

export function operatorWrites(capacity: ServicePolicy['capacity']): (world: World) => void {
  return (world) => {
    world.policy = { ...world.policy, capacity };
  };
}

export function rehydrated<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
