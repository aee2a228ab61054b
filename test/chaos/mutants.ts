/**
 * Mistakes that somebody could make in the loop or in a port, each the smallest that breaks one promise. Every one is worn by all scalers
 * of a run; what really happens is recorded beneath it.
 */
import { memoryLeases } from '../../lib/loop/memory-leases.ts';
import {
  type Clock,
  type Inboxes,
  type Ports,
  type Services,
  type Signals,
  SKEW_MARGIN_MS,
  type Store,
  type StoredService,
} from '../../lib/loop/ports.ts';
import type { Rings } from '../../lib/policy/state.ts';
import type { InvariantName } from './invariants/index.ts';
import type { Breaks } from './scheduler.ts';

export interface Mutant {
  readonly name: string;
  readonly does: string;
  /** The promise that finds it out. */
  readonly diesOf: InvariantName;
  readonly breaks: Breaks;
}

type Part<T> = (given: T, ports: Ports) => Partial<T>;

const inStore =
  (part: Part<Store>): Breaks =>
  (ports) => ({ ...ports, store: { ...ports.store, ...part(ports.store, ports) } });
const inServices =
  (part: Part<Services>): Breaks =>
  (ports) => ({ ...ports, services: { ...ports.services, ...part(ports.services, ports) } });
const inSignals =
  (part: Part<Signals>): Breaks =>
  (ports) => ({ ...ports, signals: { ...ports.signals, ...part(ports.signals, ports) } });

/** What it reads of a service's item is another thing than what lies there. */
const misread = (as: (value: StoredService) => StoredService): Breaks =>
  inStore((store) => ({
    load: async (...args) =>
      (await store.load(...args)).map((one) => (one.kind === 'stored' ? { ...one, value: as(one.value) } : one)),
  }));

const misreadRings = (as: (rings: Rings) => Rings): Breaks =>
  inStore((store) => ({
    loadRings: async (...args) => {
      const found = await store.loadRings(...args);
      return { ...found, rings: Object.fromEntries(Object.entries(found.rings).map(([arn, one]) => [arn, as(one)])) };
    },
  }));

const withoutIntent = ({ intent: _, ...value }: StoredService): StoredService => value;

function longAgo({ core, ...value }: StoredService): StoredService {
  const { lastChange } = core;
  if (lastChange === undefined) return { core, ...value };
  return { ...value, core: { ...core, lastChange: { ...lastChange, at: lastChange.at - 60_000 } } };
}

function stopped(clock: Clock): Clock {
  let at: number | undefined;
  return { now: () => (at ??= clock.now()) };
}

const LEASE: readonly Mutant[] = [
  {
    name: 'forgets the fence',
    does: 'gives the lease back by deleting its item',
    diesOf: 'oneHolderPerFence',
    breaks: (ports, world) =>
      inStore((store) => ({
        inboxes: {
          ...(store.inboxes as Inboxes),
          release: async (lease, _, abort) => {
            await store.release(lease, abort);
            world.leases = memoryLeases();
            return { kind: 'released' };
          },
        },
      }))(ports, world),
  },
  {
    name: 'trusts all clocks',
    does: 'takes the lease at the moment it expires, without the margin',
    diesOf: 'oneHolderAtATime',
    breaks: inStore((store) => ({
      acquire: (shard, owner, now, abort) => store.acquire(shard, owner, now + SKEW_MARGIN_MS, abort),
    })),
  },
  {
    name: 'waits for the dead',
    does: 'takes the lease a minute after it expired',
    diesOf: 'aCrashCostsAtMostAMinute',
    breaks: (ports, world) =>
      inStore((store) => ({
        acquire: async (shard, owner, now, abort) => {
          const last = world.events.findLast(({ kind }) => kind === 'held' || kind === 'released');
          const isOver = last?.kind !== 'held' || now > last.lease.until + 60_000;
          return isOver
            ? store.acquire(shard, owner, now, abort)
            : { kind: 'busy', owner: last.lease.owner, until: last.lease.until };
        },
      }))(ports, world),
  },
  {
    name: 'leaves work behind',
    does: 'does not wait for the write of the rings',
    diesOf: 'nothingRunsPastTheHandler',
    breaks: inStore((store) => ({
      saveRings: async (shard, rings, abort) => {
        // Nobody waits for it, nor for its fault: that is the mistake.
        store.saveRings(shard, rings, abort).catch(() => undefined);
        return { kind: 'saved', rev: rings.rev + 1 };
      },
    })),
  },
  {
    name: 'believes in a long lease',
    does: 'acts although its lease ends before the call does',
    diesOf: 'noCallOutlivesTheLease',
    breaks: inStore((store) => ({
      acquire: async (...args) => {
        const outcome = await store.acquire(...args);
        if (outcome.kind === 'busy') return outcome;
        return { ...outcome, lease: { ...outcome.lease, until: outcome.lease.until + 60_000 } };
      },
    })),
  },
];

const EVENTS: readonly Mutant[] = [
  {
    name: 'empties the inbox',
    does: 'forgets with its release also what came since it looked',
    diesOf: 'noEventIsLost',
    breaks: inStore(({ inboxes }) => ({
      inboxes: {
        ...(inboxes as Inboxes),
        release: async (lease, drained, abort) => {
          const first = await (inboxes as Inboxes).release(lease, drained, abort);
          return first.kind === 'released' ? first : (inboxes as Inboxes).release(lease, first.inbox.seq, abort);
        },
      },
    })),
  },
  {
    name: 'gives up the inbox',
    does: 'forgets the events of a turn that failed',
    diesOf: 'noEventIsLost',
    breaks: inStore(({ inboxes, ...store }) => {
      let seq = 0;
      return {
        acquire: async (...args) => {
          const outcome = await store.acquire(...args);
          if (outcome.kind === 'held') seq = outcome.inbox?.seq ?? 0;
          return outcome;
        },
        release: async (lease, abort) => void (await (inboxes as Inboxes).release(lease, seq, abort)),
      };
    }),
  },
];

const INTENT: readonly Mutant[] = [
  {
    name: 'announces nothing',
    does: 'drops the intent before the change',
    diesOf: 'everySendIsAnnounced',
    breaks: inStore((store) => ({
      save: (arn, value, rev, abort) => store.save(arn, withoutIntent(value), rev, abort),
    })),
  },
  {
    name: 'looks at the clock once',
    does: 'sends however long the announcement took',
    diesOf: 'nothingIsSentAfterSendBy',
    breaks: (ports) => ({ ...ports, clock: stopped(ports.clock) }),
  },
  {
    name: 'retries the change',
    does: 'asks ECS again when the answer is lost',
    diesOf: 'nothingIsSentAfterSendBy',
    breaks: inServices((services) => ({
      setDesiredCount: async (...args) => {
        const first = await services.setDesiredCount(...args);
        return first.kind === 'retryable' && first.unknown ? services.setDesiredCount(...args) : first;
      },
    })),
  },
  {
    name: 'overlooks an intent',
    does: 'acts while the change of another may be on the wire',
    diesOf: 'openIntentsAreLeftAlone',
    breaks: misread(withoutIntent),
  },
  {
    name: 'is impatient',
    does: 'neither waits for its own call nor for that of another',
    diesOf: 'noTwoCallsAreInFlight',
    breaks: (ports, world) =>
      inServices((services) => ({
        setDesiredCount: async (...args) => {
          // It goes on behind the answer, and nobody hears how it ends: that is the mistake.
          services.setDesiredCount(...args).catch(() => undefined);
          return { kind: 'retryable', error: 'TimeoutError', message: 'too slow', unknown: true };
        },
      }))(misread(withoutIntent)(ports, world), world),
  },
];

const CHANGE: readonly Mutant[] = [
  {
    name: 'overwrites',
    does: 'writes over whatever rev lies there',
    diesOf: 'nobodyWritesOverTheUnread',
    breaks: (ports, world) =>
      inStore((store) => ({
        save: async (arn, value, _, abort) => {
          // Not through its own port: a write without a condition has read nothing.
          const [found] = await world.store.load([arn], new AbortController().signal);
          return store.save(arn, value, found?.kind === 'stored' ? found.rev : null, abort);
        },
      }))(ports, world),
  },
  {
    name: 'counts pending twice',
    does: 'adds the tasks that start to the desired count that holds them',
    diesOf: 'asDecidedOnTheCommittedState',
    breaks: inServices((services) => ({
      describe: async (...args) =>
        (await services.describe(...args)).map((one) =>
          one.kind === 'found' ? { ...one, desired: one.desired + one.pending } : one,
        ),
    })),
  },
  {
    name: 'is generous',
    does: 'reads a max that is four tasks too high',
    diesOf: 'withinBounds',
    breaks: (ports) => ({
      ...ports,
      policies: {
        load: async (abort) => {
          const set = await ports.policies.load(abort);
          const raised = set.services.map((one) => ({
            ...one,
            capacity: { ...one.capacity, max: one.capacity.max + 4 },
          }));
          return { ...set, services: raised };
        },
      },
    }),
  },
  {
    name: 'looks once',
    does: 'compares with the description that it decided on',
    diesOf: 'itLooksRightBefore',
    breaks: inServices((services) => {
      let first: ReturnType<Services['describe']> | undefined;
      return { describe: (...args) => (first ??= services.describe(...args)) };
    }),
  },
];

const EVIDENCE: readonly Mutant[] = [
  {
    name: 'forgets what it acted on',
    does: 'reads the state without the evidence that is spent',
    diesOf: 'oneEvidenceActsOnce',
    breaks: misread(({ core, ...value }) => ({ ...value, core: { ...core, actedOn: {} } })),
  },
  {
    name: 'takes pending for running',
    does: 'believes that tasks serve as soon as they are asked for',
    diesOf: 'oneBurstIsAnsweredOnce',
    breaks: inServices((services) => ({
      describe: async (...args) =>
        (await services.describe(...args)).map((one) =>
          one.kind === 'found' ? { ...one, running: one.running + one.pending, pending: 0 } : one,
        ),
    })),
  },
  {
    name: 'takes unknown for zero',
    does: 'answers zero for a signal whose source failed',
    diesOf: 'noScaleInOnUnknown',
    breaks: inSignals((signals) => ({
      read: async (queries, now, abort) =>
        (await signals.read(queries, now, abort)).map((one) => {
          if (one.status === 'complete') return one;
          const newest = Math.floor((now - 110_000) / 60_000) * 60_000;
          const values = [0, 1, 2, 3, 4].map((back) => [newest - back * 60_000, 0] as const);
          return { ...one, status: 'complete', values };
        }),
    })),
  },
  {
    name: 'believes every read',
    does: 'takes a description from before its own write for a change of somebody else',
    diesOf: 'ourWritesAreNotForeign',
    // Both: a ring without the last change is mended from the state.
    breaks: (ports, world) =>
      misread(longAgo)(
        misreadRings((rings) => ({
          ...rings,
          counts: rings.counts.map(([at, desired, inForceAt]) => [at - 60_000, desired, inForceAt]),
        }))(ports, world),
        world,
      ),
  },
  {
    name: 'forgets its wishes',
    does: 'never knows for long enough that less would do',
    diesOf: 'itComesToRest',
    breaks: misreadRings((rings) => ({ ...rings, wishes: [] })),
  },
];

export const MUTANTS: readonly Mutant[] = [...LEASE, ...EVENTS, ...INTENT, ...CHANGE, ...EVIDENCE];
