/**
 * The ports of one tick. Every call is a place where others go on: it takes its time there and back, and may fail, crash its caller or
 * lose its answer on the way.
 */
import { arnOf, type Ports, type SetOutcome, type Store, UPDATE_TIME_LIMIT_MS } from '../../lib/loop/ports.ts';
import type { Reading } from '../../lib/policy/observation.ts';
import { ACCOUNT } from './account.ts';
import type { Plant } from './plant.ts';
import type { Fault, FaultKind } from './scenario.ts';
import type { Actor, Fact, Sent, World } from './world.ts';

type Failure = Exclude<FaultKind, 'crashBefore' | 'crashAfter'>;

export function note({ time, events }: World, actor: Actor, fact: Fact): void {
  events.push({ ...fact, at: time.now(), actor });
}

/** How a call that failed answers: most throw, and a change of the count has words for it. */
interface Way<T> {
  readonly abort: AbortSignal;
  readonly limitMs?: number;
  readonly failed: (failure: Failure | 'abort') => T;
}

/** Sends a request through: there, done, and back. Whoever is dead or frozen hears nothing, but what was sent is done all the same. */
function through<T>(world: World, actor: Actor, what: string, way: Way<T>, done: () => Promise<T>): Promise<T> {
  const { time } = world;
  const index = actor.calls++;
  const faults = actor.plan.faults.filter(({ call }) => call === index);
  const failure = faults.map(({ kind }) => kind).find(isFailure);
  for (const fault of faults) befall(world, actor, fault);
  if (actor.state === 'dead') return new Promise<T>(() => undefined);
  if (way.abort.aborted) return new Promise((resolve) => resolve(way.failed('abort')));
  const [there, back] = [latencyOf(actor, 2 * index), latencyOf(actor, 2 * index + 1)];
  const limitMs = way.limitMs ?? Number.POSITIVE_INFINITY;
  actor.open += 1;
  let isOpen = true;
  return new Promise<T>((resolve, reject) => {
    const answer = (say: () => T): void => {
      if (actor.state === 'dead') return;
      if (time.now() < actor.frozenUntil) {
        time.at(actor.frozenUntil, () => answer(say));
        return;
      }
      if (isOpen) actor.open -= 1;
      isOpen = false;
      try {
        resolve(say());
      } catch (error) {
        reject(error);
      }
    };
    if (way.abort === actor.abort.signal)
      way.abort.addEventListener('abort', () => answer(() => way.failed('abort')), { once: true });
    if (there + back > limitMs) time.at(time.now() + limitMs, () => answer(() => way.failed('lose')));
    time.at(time.now() + Math.min(there, limitMs), () => {
      if (failure !== undefined && failure !== 'lose') {
        note(world, actor, { kind: 'failed', what, failure });
        return time.at(time.now() + back, () => answer(() => way.failed(failure)));
      }
      const doing = done();
      if (faults.some(({ kind }) => kind === 'crashAfter')) die(world, actor);
      const say = (says: () => T) => time.at(time.now() + back, () => answer(says));
      void doing.then(
        (value) => say(failure === 'lose' ? () => way.failed('lose') : () => value),
        (error) =>
          say(() => {
            throw error;
          }),
      );
    });
  });
}

function befall(world: World, actor: Actor, fault: Fault): void {
  if (fault.kind === 'crashBefore') die(world, actor);
  if (fault.kind === 'freeze') actor.frozenUntil = world.time.now() + fault.ms;
  if (fault.kind === 'meanwhile') world.happens(fault.what);
}

export function die(world: World, actor: Actor): void {
  if (actor.state !== 'running') return;
  actor.state = 'dead';
  actor.endedAt = world.time.now();
  note(world, actor, { kind: 'died' });
}

function isFailure(kind: Fault['kind']): kind is Failure {
  return kind === 'throttle' || kind === 'serverError' || kind === 'refuse' || kind === 'lose';
}

function latencyOf({ plan }: Actor, index: number): number {
  return plan.latencyMs[index % plan.latencyMs.length] ?? 1;
}

const OUTCOMES: Readonly<Record<Failure | 'abort', SetOutcome>> = {
  throttle: { kind: 'retryable', error: 'ThrottlingException', message: 'Rate exceeded', unknown: false },
  serverError: { kind: 'retryable', error: 'ServerException', message: 'down', unknown: true },
  refuse: { kind: 'refused', error: 'AccessDeniedException', message: 'no' },
  lose: { kind: 'retryable', error: 'TimeoutError', message: 'no answer', unknown: true },
  abort: { kind: 'retryable', error: 'AbortError', message: 'the time is over', unknown: true },
};

export function portsOf(world: World, actor: Actor): Ports {
  const { heard } = actor;
  const go = <T>(what: string, abort: AbortSignal, done: () => Promise<T>): Promise<T> => {
    const failed = (failure: Failure | 'abort'): never => {
      throw new Error(`${what}: ${failure}`);
    };
    return through(world, actor, what, { abort, failed }, done);
  };
  const { time } = world;
  return {
    clock: { now: () => time.now() + actor.skewMs },
    policies: { load: (abort) => go('policies', abort, async () => (heard.set = world.policies())) },
    overrides: {
      list: (now, abort) =>
        go('overrides', abort, async () => (heard.overrides = world.overrides.filter((one) => one.expiresAt > now))),
    },
    signals: {
      read: (queries, now, abort) => {
        heard.now = now;
        return go('read', abort, async () => {
          const readings = queries.map((query) => plantOf(world, query).read(query, now, time.now()));
          const heardOf = new Map<string, Record<string, Reading>>();
          for (const [index, query] of queries.entries()) {
            const arn = arnOf(ACCOUNT, query);
            heardOf.set(arn, { ...heardOf.get(arn), [query.name]: readings[index] as Reading });
          }
          heard.readings = heardOf;
          return readings;
        });
      },
    },
    services: servicesOf(world, actor, go),
    store: storeOf(world, actor, go),
    ledger: { record: (_, abort) => go('ledger', abort, async () => undefined) },
  };
}

type Go = <T>(what: string, abort: AbortSignal, done: () => Promise<T>) => Promise<T>;

function plantOf(world: World, name: { readonly cluster: string; readonly service: string }): Plant {
  return world.plants.get(arnOf(ACCOUNT, name)) as Plant;
}

function servicesOf(world: World, actor: Actor, go: Go): Ports['services'] {
  const { time } = world;
  return {
    describe: (names, abort) =>
      go('describe', abort, async () => {
        note(world, actor, { kind: 'looked' });
        const described = names.map((name) => plantOf(world, name).describe(time.now() - world.staleness()));
        actor.heard.described ??= new Map(described.map((one, index) => [arnOf(ACCOUNT, names[index] as never), one]));
        return described;
      }),
    setDesiredCount(name, count, abort) {
      if (abort.aborted) return Promise.resolve({ ...OUTCOMES.abort, unknown: false });
      const one = plantOf(world, name);
      const sent: Sent = { kind: 'sent', arn: one.arn, count, clock: time.now() + actor.skewMs };
      const way = { abort, limitMs: UPDATE_TIME_LIMIT_MS, failed: (failure: Failure | 'abort') => OUTCOMES[failure] };
      const event = { ...sent, at: time.now(), actor };
      world.events.push(event);
      return through<SetOutcome>(world, actor, 'set', way, async () => {
        event.landedAt = time.now();
        one.setCount(time.now(), count, 'us');
        return { kind: 'accepted' };
      });
    },
  };
}

/** What was sent before the abort is done all the same. */
const LIVE = new AbortController().signal;

function storeOf(world: World, actor: Actor, go: Go): Store {
  const { store, time } = world;
  const { heard } = actor;
  return {
    acquire: (shard, owner, now, abort) =>
      go('acquire', abort, async () => {
        const outcome = await world.leases.acquire(shard, owner, now, LIVE);
        if (outcome.kind === 'held') actor.lease = outcome.lease;
        note(world, actor, outcome.kind === 'held' ? outcome : { kind: 'busy', owner: outcome.owner });
        return outcome;
      }),
    release: (lease, abort) =>
      go('release', abort, async () => {
        await world.leases.release(lease, LIVE);
        note(world, actor, { kind: 'released' });
      }),
    load: (arns, abort) =>
      go('load', abort, async () => {
        const loaded = await store.load(arns, LIVE);
        heard.stored = new Map(arns.map((arn, index) => [arn, structuredClone(loaded[index]) as (typeof loaded)[0]]));
        return loaded;
      }),
    save: (arn, value, rev, abort) =>
      go('save', abort, async () => {
        const saved = await store.save(arn, value, rev, LIVE);
        const clock = time.now() + actor.skewMs;
        if (saved.kind === 'saved')
          note(world, actor, { kind: 'committed', arn, rev: saved.rev, value: structuredClone(value), clock });
        return saved;
      }),
    loadRings: (shard, abort) =>
      go('loadRings', abort, async () => (heard.rings = structuredClone(await store.loadRings(shard, LIVE)))),
    saveRings: (shard, rings, abort) => go('saveRings', abort, () => store.saveRings(shard, rings, LIVE)),
  };
}
