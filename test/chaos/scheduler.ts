/** Drives the scalers of a scenario: every tick starts at its moment, and whoever's answer comes next goes on next. */
import type { Ports, ShardEvent } from '../../lib/loop/ports.ts';
import { tick } from '../../lib/loop/tick.ts';
import type { TickRequest } from '../../lib/loop/tick-request.ts';
import type { EpochMs } from '../../lib/policy/policy.ts';
import { ACCOUNT, STARTS_AT } from './account.ts';
import { portsOf } from './faulty-ports.ts';
import { ticksToRest } from './rest.ts';
import type { Scenario, TickPlan } from './scenario.ts';
import { die, note } from './wire.ts';
import { type Actor, serviceOf, type World, worldOf } from './world.ts';

/** A mistake that somebody could make: wraps the ports of every tick. */
export type Breaks = (ports: Ports, world: World) => Ports;

export interface Run {
  readonly scenario: Scenario;
  readonly world: World;
  readonly actors: readonly Actor[];
  /** When nothing happened any more, and how many ticks were due from then on. */
  readonly quiet?: { readonly since: EpochMs; readonly ticks: number };
}

/** Of a function: its time limit, and how long before it the handler aborts what is under way. */
const LIMIT_MS = 30_000;
const ABORT_LEAD_MS = 2_000;
/** Longer than any tick that still goes on. */
const AFTERWARDS_MS = 600_000;

const AT_REST: TickPlan = { afterMs: 60_000, scaler: 0, host: 'function', latencyMs: [1], faults: [], broughtBy: null };

export async function run(scenario: Scenario, breaks: Breaks = (ports) => ports): Promise<Run> {
  const world = worldOf(scenario);
  const actors: Actor[] = [];
  let at = STARTS_AT;
  for (const happening of scenario.happenings)
    world.time.at(STARTS_AT + happening.atMs, () => world.happens(happening));
  for (const [index, plan] of scenario.ticks.entries()) {
    if (index > 0) at += plan.afterMs;
    world.time.at(at, () => void actors.push(begin(world, scenario, plan, `t${index + 1}`, breaks)));
  }
  await world.time.runUntil(at + AFTERWARDS_MS);
  if (!scenario.untilRest) return { scenario, world, actors };
  await world.time.runUntil(whenQuiet(scenario, world.time.now()));
  const goOn = async (ticks: number): Promise<void> => {
    for (let index = 0; index < ticks; index++) {
      actors.push(begin(world, scenario, AT_REST, `q${index}`, breaks));
      await world.time.runUntil(world.time.now() + 60_000);
    }
  };
  await goOn(UNTIL_CONSTANT);
  const since = world.time.now();
  const ticks = ticksToRest(world, since);
  await goOn(ticks);
  return { scenario, world, actors, quiet: { since, ticks } };
}

/** Until no datapoint is from before the last thing that happened, and no task from before it still starts. */
const UNTIL_CONSTANT = 8;

/** The first tick after the last thing that happens has ended, 55 s past a full minute. */
function whenQuiet({ happenings, ticks }: Scenario, now: EpochMs): EpochMs {
  const meanwhile = ticks.flatMap(({ faults }) =>
    faults.flatMap((one) => (one.kind === 'meanwhile' ? [one.what] : [])),
  );
  const longest = Math.max(0, ...[...happenings, ...meanwhile].map((one) => ('forMs' in one ? one.forMs : 0)));
  const last = Math.max(now, ...happenings.map(({ atMs }) => STARTS_AT + atMs));
  return STARTS_AT + Math.ceil((last + longest - STARTS_AT) / 60_000) * 60_000;
}

function begin(world: World, { skewMs }: Scenario, plan: TickPlan, name: string, breaks: Breaks): Actor {
  const { time } = world;
  const startedAt = time.now();
  const actor: Actor = {
    name,
    plan,
    startedAt,
    skewMs: skewMs[plan.scaler] ?? 0,
    abort: new AbortController(),
    state: 'running',
    calls: 0,
    open: 0,
    frozenUntil: 0,
    heard: {},
  };
  const isFunction = plan.host === 'function';
  const request: TickRequest = {
    shard: '0',
    account: ACCOUNT,
    owner: name,
    remainingMs: () => (isFunction ? startedAt + LIMIT_MS - ABORT_LEAD_MS - time.now() : LIMIT_MS - ABORT_LEAD_MS),
    abort: actor.abort.signal,
    ...(plan.broughtBy === null ? {} : { events: [wake(plan.broughtBy, name, startedAt + actor.skewMs)] }),
  };
  if (isFunction) {
    time.at(startedAt + LIMIT_MS - ABORT_LEAD_MS, () => actor.abort.abort(new Error('the time is over')));
    time.at(startedAt + LIMIT_MS, () => die(world, actor));
  }
  const end = (fault?: string): void => {
    actor.state = 'ended';
    actor.endedAt = time.now();
    note(world, actor, { kind: 'ended', open: actor.open, ...(fault === undefined ? {} : { fault }) });
  };
  tick(breaks(portsOf(world, actor), world), request).then(
    (report) => {
      actor.report = report;
      end();
    },
    (fault: unknown) => end(String(fault)),
  );
  return actor;
}

function wake(service: number, id: string, at: EpochMs): ShardEvent {
  return { kind: 'wake', id, at, cluster: 'prod', service: serviceOf(service), why: 'an alarm' };
}
