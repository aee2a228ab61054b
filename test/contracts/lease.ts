/**
 * What every lease promises, as stories that need no test runner: the same ones are told of the store in memory, of DynamoDB as dynalite
 * has it, and of emulators that others wrote.
 */
import assert from 'node:assert/strict';
import { LEASE_MS, type Lease, type LeaseOutcome, SKEW_MARGIN_MS, type Store } from '../../lib/loop/ports.ts';

const NOW = Date.UTC(2026, 10, 20, 8);
const live = (): AbortSignal => new AbortController().signal;
const CONTENDERS = Array.from({ length: 20 }, (_, index) => `owner-${index}`);

type LeaseStore = Pick<Store, 'acquire' | 'release'>;
type Acquire = (owner: string, now?: number, shard?: string) => Promise<LeaseOutcome>;
type Story = (acquire: Acquire, release: (lease: Lease) => Promise<void>) => Promise<void>;

function held(outcome: LeaseOutcome): Lease {
  if (outcome.kind !== 'held') throw new Error(`busy: ${outcome.owner} has it`);
  return outcome.lease;
}

function winnersOf(outcomes: readonly LeaseOutcome[]): readonly Lease[] {
  return outcomes.flatMap((outcome) => (outcome.kind === 'held' ? [outcome.lease] : []));
}

function busyWith(owner: string, outcome: LeaseOutcome): void {
  assert.deepEqual([outcome.kind, outcome.kind === 'busy' && outcome.owner], ['busy', owner]);
}

const STORIES: Readonly<Record<string, Story>> = {
  'the first who asks has it, with the first fence': async (acquire) => {
    const lease = { shard: '0', owner: 'anna', fence: 1, until: NOW + LEASE_MS };
    assert.deepEqual(await acquire('anna'), { kind: 'held', lease });
  },

  'it is busy until it has been expired for longer than the skew margin': async (acquire) => {
    const { until } = held(await acquire('anna'));
    assert.deepEqual(await acquire('ben', until + SKEW_MARGIN_MS), { kind: 'busy', owner: 'anna', until });
    assert.equal(held(await acquire('ben', until + SKEW_MARGIN_MS + 1)).fence, 2);
  },

  'given back it is free at once, and the fence goes on': async (acquire, release) => {
    await release(held(await acquire('anna')));
    assert.equal(held(await acquire('ben', NOW + 1)).fence, 2);
    busyWith('ben', await acquire('carl', NOW + 1));
  },

  'the owner who asks again has the same lease: its first answer may have been lost': async (acquire) => {
    const first = await acquire('anna');
    assert.deepEqual(await acquire('anna', NOW + 1_000), first);
  },

  'releasing a lease that was lost changes nothing': async (acquire, release) => {
    const lost = held(await acquire('anna'));
    const later = lost.until + SKEW_MARGIN_MS + 1;
    held(await acquire('ben', later));
    await release(lost);
    busyWith('ben', await acquire('carl', later));
  },

  'releasing with an old fence changes nothing, though the owner is the same': async (acquire, release) => {
    const old = held(await acquire('anna'));
    const later = old.until + SKEW_MARGIN_MS + 1;
    held(await acquire('anna', later));
    await release(old);
    busyWith('anna', await acquire('ben', later));
  },

  'shards know nothing of each other': async (acquire) => {
    held(await acquire('anna', NOW, '0'));
    assert.equal(held(await acquire('ben', NOW, '1')).fence, 1);
  },
};

const CONTENTION: Readonly<Record<string, Story>> = {
  'of twenty contenders one wins, and the others know who': async (acquire) => {
    const outcomes = await Promise.all(CONTENDERS.map((owner) => acquire(owner)));
    const [winner, ...others] = winnersOf(outcomes);
    assert.deepEqual([winner?.fence, others], [1, []]);
    for (const outcome of outcomes) if (outcome.kind === 'busy') assert.equal(outcome.owner, winner?.owner);
  },

  'of twenty contenders for a lease that a crash left behind one wins, with the next fence': async (acquire) => {
    const { until } = held(await acquire('anna'));
    const outcomes = await Promise.all(CONTENDERS.map((owner) => acquire(owner, until + SKEW_MARGIN_MS + 1)));
    assert.deepEqual(
      winnersOf(outcomes).map(({ fence }) => fence),
      [2],
    );
  },

  'twenty contenders who give it back and ask again have it one after the other, each with a fence of its own': async (
    acquire,
    release,
  ) => {
    const fences: number[] = [];
    let holders = 0;
    const contend = async (owner: string): Promise<void> => {
      for (let tries = 0; tries < 400; tries++) {
        const outcome = await acquire(`${owner}/${tries}`);
        if (outcome.kind === 'busy') continue;
        holders += 1;
        assert.equal(holders, 1, 'two at once');
        fences.push(outcome.lease.fence);
        holders -= 1;
        return release(outcome.lease);
      }
      throw new Error(`${owner} never had it`);
    };
    await Promise.all(CONTENDERS.map(contend));
    assert.deepEqual(
      fences,
      [...fences].sort((a, b) => a - b),
    );
    assert.equal(new Set(fences).size, CONTENDERS.length);
  },
};

type Told = Readonly<Record<string, (store: LeaseStore) => Promise<void>>>;

/** Each needs a store in which nothing lies yet. */
export const LEASE_STORIES: Told = told(STORIES);
/** They need conditional writes that are atomic, also where twenty come at once. */
export const CONTENTION_STORIES: Told = told(CONTENTION);

function told(stories: Readonly<Record<string, Story>>): Told {
  const entries = Object.entries(stories).map(([title, tell]) => {
    const ofStore = (store: LeaseStore) =>
      tell(
        (owner, now = NOW, shard = '0') => store.acquire(shard, owner, now, live()),
        (lease) => store.release(lease, live()),
      );
    return [title, ofStore] as const;
  });
  return Object.fromEntries(entries);
}
