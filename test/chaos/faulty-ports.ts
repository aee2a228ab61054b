/** The ports of one tick: the real in-memory store, the plant, and the wire between them. */
import { arnOf } from '../../lib/loop/account.ts';
import {
  type Ports,
  type SetOutcome,
  type ShardEvent,
  type Store,
  UPDATE_TIME_LIMIT_MS,
} from '../../lib/loop/ports.ts';
import type { Reading } from '../../lib/policy/observation.ts';
import { ACCOUNT } from './account.ts';
import type { Plant } from './plant.ts';
import { type Failure, note, through } from './wire.ts';
import type { Actor, Sent, World } from './world.ts';

const OUTCOMES: Readonly<Record<Failure | 'abort', SetOutcome>> = {
  throttle: { kind: 'retryable', error: 'ThrottlingException', message: 'Rate exceeded', unknown: false },
  serverError: { kind: 'retryable', error: 'ServerException', message: 'down', unknown: true },
  refuse: { kind: 'refused', error: 'AccessDeniedException', message: 'no' },
  lose: { kind: 'retryable', error: 'TimeoutError', message: 'no answer', unknown: true },
  abort: { kind: 'retryable', error: 'AbortError', message: 'the time is over', unknown: true },
};

export function portsOf(world: World, actor: Actor): Ports {
  const go = <T>(what: string, abort: AbortSignal, done: () => Promise<T>): Promise<T> => {
    const failed = (failure: Failure | 'abort'): never => {
      throw new Error(`${what}: ${failure}`);
    };
    return through(world, actor, what, { abort, failed }, done);
  };
  const { time } = world;
  return {
    clock: { now: () => time.now() + actor.skewMs },
    policies: {
      load: (abort) => {
        // The first call of every turn.
        actor.heard = {};
        return go('policies', abort, async () => (actor.heard.set = world.policies()));
      },
    },
    overrides: {
      list: (now, abort) =>
        go(
          'overrides',
          abort,
          async () => (actor.heard.overrides = world.overrides.filter((one) => one.expiresAt > now)),
        ),
    },
    signals: {
      read: (queries, now, abort) => {
        actor.heard.now = now;
        return go('read', abort, async () => {
          const readings = queries.map((query) => plantOf(world, query).read(query, now, time.now()));
          const heardOf = new Map<string, Record<string, Reading>>();
          for (const [index, query] of queries.entries()) {
            const arn = arnOf(ACCOUNT, query);
            heardOf.set(arn, { ...heardOf.get(arn), [query.name]: readings[index] as Reading });
          }
          actor.heard.readings = heardOf;
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
        note(world, actor, { kind: 'looked', arns: names.map((name) => arnOf(ACCOUNT, name)) });
        const described = names.map((name) => plantOf(world, name).describe(time.now() - world.staleness()));
        actor.heard.described ??= new Map(described.map((one, index) => [arnOf(ACCOUNT, names[index] as never), one]));
        return described;
      }),
    setDesiredCount(name, count, abort) {
      if (abort.aborted) return Promise.resolve({ ...OUTCOMES.abort, unknown: false });
      const one = plantOf(world, name);
      const sent: Sent = { kind: 'sent', arn: one.arn, count, clock: time.now() + actor.skewMs, heard: actor.heard };
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
  return {
    acquire: (shard, owner, now, abort) =>
      go('acquire', abort, async () => {
        const outcome = await world.leases.acquire(shard, owner, now, LIVE);
        if (outcome.kind === 'held') actor.lease = outcome.lease;
        note(world, actor, outcome.kind === 'held' ? outcome : { kind: 'busy', owner: outcome.owner });
        if (outcome.kind === 'held') heard(world, actor, outcome.inbox?.events);
        return outcome;
      }),
    release: (lease, abort) =>
      go('release', abort, async () => {
        await world.leases.release(lease, LIVE);
        note(world, actor, { kind: 'released', forgets: false });
      }),
    ...inboxesOf(world, actor, go),
    load: (arns, abort) =>
      go('load', abort, async () => {
        const loaded = await store.load(arns, LIVE);
        note(world, actor, { kind: 'loaded' });
        actor.heard.stored = new Map(
          arns.map((arn, index) => [arn, structuredClone(loaded[index]) as (typeof loaded)[0]]),
        );
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
      go('loadRings', abort, async () => (actor.heard.rings = structuredClone(await store.loadRings(shard, LIVE)))),
    saveRings: (shard, rings, abort) => go('saveRings', abort, () => store.saveRings(shard, rings, LIVE)),
  };
}

function heard(world: World, actor: Actor, events: readonly ShardEvent[] = []): void {
  if (events.length > 0) note(world, actor, { kind: 'heard', ids: events.map(({ id }) => id) });
}

function inboxesOf(world: World, actor: Actor, go: Go): Pick<Store, 'inboxes'> {
  return {
    inboxes: {
      post: (shard, events, abort) => {
        // Whoever brings an event knows of it, whatever becomes of the call.
        heard(world, actor, events);
        return go('post', abort, async () => {
          const outcome = await world.leases.inboxes.post(shard, events, LIVE);
          if (outcome.kind === 'posted')
            for (const event of events)
              note(world, actor, { kind: 'posted', id: event.id, arn: arnOf(ACCOUNT, event) });
          return outcome;
        });
      },
      release: (lease, drained, abort) =>
        go('release', abort, async () => {
          const outcome = await world.leases.inboxes.release(lease, drained, LIVE);
          if (outcome.kind === 'released') note(world, actor, { kind: 'released', forgets: true });
          else heard(world, actor, outcome.inbox.events);
          return outcome;
        }),
    },
  };
}
