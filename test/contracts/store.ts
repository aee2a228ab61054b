/** What every store promises. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Lease, LeaseOutcome, ServiceCore, Store, StoredService } from '../../lib/loop/ports.ts';
import type { FoundItem } from '../../lib/loop/stored-item.ts';
import { EMPTY_STATE } from '../../lib/policy/state.ts';
import { CONTENTION_STORIES, LEASE_STORIES } from './lease.ts';

export interface StoreWorld {
  readonly store: Store;
  /** Lays an item down as somebody else might have left it. */
  plantService(arn: string, item: FoundItem): Promise<void>;
  plantRings(shard: string, item: FoundItem): Promise<void>;
  close(): Promise<void>;
}

export type CreateStoreWorld = () => Promise<StoreWorld>;

export function storeContract(name: string, create: CreateStoreWorld): void {
  describe(`store: ${name}`, () => {
    leaseContract(create);
    serviceContract(create);
    corruptionContract(create);
    ringsContract(create);
    abortContract(create);
  });
}

const NOW = Date.UTC(2026, 10, 20, 8);
const CHECKOUT = 'arn:aws:ecs:eu-west-1:123456789012:service/prod/checkout';
const BILLING = 'arn:aws:ecs:eu-west-1:123456789012:service/prod/billing';
const live = (): AbortSignal => new AbortController().signal;

/** A world for each test. */
function worlds(create: CreateStoreWorld): { readonly world: StoreWorld; readonly store: Store } {
  let world: StoreWorld;
  beforeEach(async () => {
    world = await create();
  });
  afterEach(() => world.close());
  return {
    get world() {
      return world;
    },
    get store() {
      return world.store;
    },
  };
}

export function coreWith(facts: Partial<ServiceCore> = {}): ServiceCore {
  const { rings: _, ...core } = EMPTY_STATE;
  return { ...core, ...facts };
}

const INTENT: StoredService = {
  core: coreWith({ lastOutAt: NOW, actedOn: { warm: NOW - 60_000 } }),
  intent: { fence: 7, from: 4, to: 6, at: NOW, sendBy: NOW + 5_000, after: coreWith({ startSeconds: [41.5] }) },
};

function held(outcome: LeaseOutcome): Lease {
  if (outcome.kind !== 'held') throw new Error(`busy: ${outcome.owner} has it`);
  return outcome.lease;
}

function leaseContract(create: CreateStoreWorld): void {
  describe('lease', () => {
    const here = worlds(create);
    test.each(Object.entries({ ...LEASE_STORIES, ...CONTENTION_STORIES }))('%s', (_, tell) => tell(here.store));
  });
}

function serviceContract(create: CreateStoreWorld): void {
  describe('services', () => {
    const here = worlds(create);
    const load = (...arns: string[]) => here.store.load(arns, live());
    const save = (arn: string, value: StoredService, rev: number | null) => here.store.save(arn, value, rev, live());

    test('what was saved is loaded, in the order asked, absent where nothing lies', async () => {
      expect(await save(CHECKOUT, INTENT, null)).toEqual({ kind: 'saved', rev: 1 });
      expect(await load(BILLING, CHECKOUT, BILLING, CHECKOUT)).toEqual([
        { kind: 'absent' },
        { kind: 'stored', rev: 1, value: INTENT },
        { kind: 'absent' },
        { kind: 'stored', rev: 1, value: INTENT },
      ]);
    });

    test('every save raises the rev by one', async () => {
      await save(CHECKOUT, INTENT, null);
      expect(await save(CHECKOUT, { core: coreWith() }, 1)).toEqual({ kind: 'saved', rev: 2 });
      expect(await load(CHECKOUT)).toEqual([{ kind: 'stored', rev: 2, value: { core: coreWith() } }]);
    });

    test.each([null, 1, 3, 99])('rev %p is refused where 2 lies, and nothing changes', async (rev) => {
      await save(CHECKOUT, INTENT, null);
      await save(CHECKOUT, INTENT, 1);
      expect(await save(CHECKOUT, { core: coreWith() }, rev)).toEqual({ kind: 'stale' });
      expect(await load(CHECKOUT)).toEqual([{ kind: 'stored', rev: 2, value: INTENT }]);
    });

    test('a rev is refused where nothing lies', async () => {
      expect(await save(CHECKOUT, INTENT, 1)).toEqual({ kind: 'stale' });
      expect(await load(CHECKOUT)).toEqual([{ kind: 'absent' }]);
    });

    test('of twenty writers who read the same rev one writes, also when all write the same', async () => {
      await save(CHECKOUT, INTENT, null);
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => save(CHECKOUT, { core: coreWith() }, 1)));
      expect(outcomes.filter(({ kind }) => kind === 'saved')).toHaveLength(1);
      expect(await load(CHECKOUT)).toMatchObject([{ kind: 'stored', rev: 2 }]);
    });

    test('nobody shares objects with the store', async () => {
      const actedOn: Record<string, number> = { warm: 1 };
      await save(CHECKOUT, { core: coreWith({ actedOn }) }, null);
      actedOn.warm = 2;
      const [first] = await load(CHECKOUT);
      if (first?.kind === 'stored') Object.assign(first.value.core.actedOn, { warm: 3 });
      expect(await load(CHECKOUT)).toMatchObject([{ value: { core: { actedOn: { warm: 1 } } } }]);
    });

    test('more services than go into one call', async () => {
      const arns = Array.from({ length: 230 }, (_, index) => `${CHECKOUT}-${index}`);
      await Promise.all(arns.map((arn, index) => save(arn, { core: coreWith({ lastInAt: index }) }, null)));
      const loaded = await load(...arns);
      expect(loaded.map((one) => (one.kind === 'stored' ? one.value.core.lastInAt : one.kind))).toEqual(
        arns.map((_, index) => index),
      );
    });

    test('a state that could not be read back is not written', async () => {
      const broken = { core: coreWith({ lastOutAt: Number.NaN }) };
      await expect(save(CHECKOUT, broken, null)).rejects.toThrow('core.lastOutAt is null, not a number');
      expect(await load(CHECKOUT)).toEqual([{ kind: 'absent' }]);
    });
  });
}

const text = (value: unknown): string => JSON.stringify(value);

/** The clause the operator reads, and what somebody left there. */
const CORRUPTIONS: readonly (readonly [string, FoundItem])[] = [
  ['its format is 2, newer than 1, the newest this version reads', { v: 2, rev: 4, text: '{}' }],
  ['its format is absent, not 1', { rev: 4, text: '{}' }],
  ['its rev is absent, not a whole number above 0', { v: 1, text: text(INTENT) }],
  ['its rev is 1.5, not a whole number above 0', { v: 1, rev: 1.5, text: text(INTENT) }],
  ['it has no text', { v: 1, rev: 4 }],
  ['its text is not JSON', stored('{"core":')],
  ['its text is null, not an object', stored('null')],
  ['core is absent, not an object', stored('{}')],
  ['core.v is 2, newer than 1, the newest this version reads', stored(text({ core: { ...coreWith(), v: 2 } }))],
  [
    'core.actedOn is {"warm":"yes"}, not a map of times',
    stored(text({ core: { ...coreWith(), actedOn: { warm: 'yes' } } })),
  ],
  ['intent.to is null, not a number', stored(text({ ...INTENT, intent: { ...INTENT.intent, to: null } }))],
  ['intent.after.v is absent, not 1', stored(text({ ...INTENT, intent: { ...INTENT.intent, after: {} } }))],
];

function stored(json: string): FoundItem {
  return { v: 1, rev: 4, text: json };
}

function corruptionContract(create: CreateStoreWorld): void {
  describe('an item that is broken or not ours', () => {
    const here = worlds(create);

    test.each(CORRUPTIONS)('is corrupt, because %s', async (cause, item) => {
      await here.world.plantService(CHECKOUT, item);
      await here.store.save(BILLING, INTENT, null, live());
      expect(await here.store.load([CHECKOUT, BILLING], live())).toEqual([
        { kind: 'corrupt', cause },
        { kind: 'stored', rev: 1, value: INTENT },
      ]);
    });

    test('is not written over by one who thinks that nothing lies there', async () => {
      await here.world.plantService(CHECKOUT, { v: 2, rev: 4, text: '{}' });
      expect(await here.store.save(CHECKOUT, INTENT, null, live())).toEqual({ kind: 'stale' });
    });
  });
}

function ringsContract(create: CreateStoreWorld): void {
  describe('rings', () => {
    const here = worlds(create);
    const rings = { counts: [[NOW, 4, null] as const], wishes: [[NOW, 5] as const] };

    test('begin empty with rev 0, and lie there for the whole shard', async () => {
      expect(await here.store.loadRings('0', live())).toEqual({ rev: 0, rings: {} });
      const shard = { updates: { tokens: 12.5, at: NOW } };
      const given = { rev: 0, rings: { [CHECKOUT]: rings, [BILLING]: { counts: [], wishes: [] } }, shard };
      expect(await here.store.saveRings('0', given, live())).toEqual({ kind: 'saved', rev: 1 });
      expect(await here.store.loadRings('0', live())).toEqual({ ...given, rev: 1 });
      expect(await here.store.loadRings('1', live())).toEqual({ rev: 0, rings: {} });
    });

    test('a stale rev is refused, and nothing changes', async () => {
      const given = { rev: 0, rings: { [CHECKOUT]: rings } };
      await here.store.saveRings('0', given, live());
      expect(await here.store.saveRings('0', { rev: 0, rings: {} }, live())).toEqual({ kind: 'stale' });
      expect(await here.store.saveRings('0', { rev: 2, rings: {} }, live())).toEqual({ kind: 'stale' });
      expect(await here.store.loadRings('0', live())).toEqual({ ...given, rev: 1 });
    });

    test('what cannot be read of them is left out, and the next save heals it', async () => {
      const mixed = text({ rings: { [CHECKOUT]: rings, [BILLING]: { counts: [[NOW]], wishes: [] } } });
      await here.world.plantRings('0', { v: 1, rev: 3, text: mixed });
      expect(await here.store.loadRings('0', live())).toEqual({ rev: 3, rings: { [CHECKOUT]: rings } });
      await here.world.plantRings('1', { v: 9, rev: 5, text: mixed });
      expect(await here.store.loadRings('1', live())).toEqual({
        rev: 5,
        rings: {},
        cause: 'its format is 9, newer than 1, the newest this version reads',
      });
      expect(await here.store.saveRings('1', { rev: 5, rings: {} }, live())).toEqual({ kind: 'saved', rev: 6 });
    });
  });
}

function abortContract(create: CreateStoreWorld): void {
  describe('an aborted call', () => {
    const here = worlds(create);
    const gone = AbortSignal.abort(new Error('the time is over'));

    test('rejects with the reason and changes nothing', async () => {
      const { store } = here;
      await expect(store.acquire('0', 'anna', NOW, gone)).rejects.toThrow('the time is over');
      await expect(store.save(CHECKOUT, INTENT, null, gone)).rejects.toThrow('the time is over');
      await expect(store.saveRings('0', { rev: 0, rings: {} }, gone)).rejects.toThrow('the time is over');
      await expect(store.load([CHECKOUT], gone)).rejects.toThrow('the time is over');
      await expect(store.loadRings('0', gone)).rejects.toThrow('the time is over');
      expect(held(await store.acquire('0', 'ben', NOW, live())).fence).toBe(1);
      expect(await store.load([CHECKOUT], live())).toEqual([{ kind: 'absent' }]);
      expect(await store.loadRings('0', live())).toEqual({ rev: 0, rings: {} });
    });

    test('a release that is aborted leaves the lease with its owner', async () => {
      const lease = held(await here.store.acquire('0', 'anna', NOW, live()));
      await expect(here.store.release(lease, gone)).rejects.toThrow('the time is over');
      expect(await here.store.acquire('0', 'ben', NOW, live())).toMatchObject({ kind: 'busy', owner: 'anna' });
    });
  });
}
