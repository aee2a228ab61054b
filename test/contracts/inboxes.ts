/** What every inbox of a shard promises: no event is left between two holders, and none is there twice. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  INBOX_MOST,
  type Inboxes,
  LEASE_MS,
  type Lease,
  type LeaseOutcome,
  type ShardEvent,
  SKEW_MARGIN_MS,
  type Store,
} from '../../lib/loop/ports.ts';

export interface InboxWorld {
  readonly store: Store & { readonly inboxes: Inboxes };
  close(): Promise<void>;
}

export const NOW = Date.UTC(2026, 10, 20, 8);
const live = (): AbortSignal => new AbortController().signal;

export function wake(id: string, service = 'checkout'): ShardEvent {
  return { id, at: NOW, cluster: 'prod', service, kind: 'wake', why: 'alarm cpu-high' };
}

export function pushed(id: string, value: number, at = NOW, signal = 'load'): ShardEvent {
  return { id, at, cluster: 'prod', service: 'checkout', kind: 'pushed', signal, value };
}

export function inboxesContract(name: string, create: () => Promise<InboxWorld>): void {
  describe(`inboxes: ${name}`, () => {
    let world: InboxWorld;
    beforeEach(async () => {
      world = await create();
    });
    afterEach(() => world.close());
    const acquire = (owner: string, now = NOW) => world.store.acquire('0', owner, now, live());
    const post = (...events: ShardEvent[]) => world.store.inboxes.post('0', events, live());
    const release = (lease: Lease, drained: number) => world.store.inboxes.release(lease, drained, live());

    test('what came while nobody held the lease, its next holder finds with it', async () => {
      expect(await post(wake('a'), pushed('b', 7.5))).toEqual({ kind: 'posted' });
      await post(wake('c'));
      expect(inboxIn(await acquire('anna'))).toEqual({ seq: 2, events: [wake('a'), pushed('b', 7.5), wake('c')] });
    });

    test('a release that drained all forgets all', async () => {
      await post(wake('a'));
      const outcome = await acquire('anna');
      expect(await release(leaseIn(outcome), 1)).toEqual({ kind: 'released' });
      expect(inboxIn(await acquire('ben'))).toEqual({ seq: 1, events: [] });
    });

    test('without an event there is no inbox, and the release is like any other', async () => {
      const outcome = await acquire('anna');
      expect(outcome).toEqual({ kind: 'held', lease: leaseIn(outcome) });
      expect(await release(leaseIn(outcome), 0)).toEqual({ kind: 'released' });
      expect(await acquire('ben')).toMatchObject({ kind: 'held', lease: { owner: 'ben', fence: 2 } });
    });

    test('what came while the lease was held makes the release fail, with everything that is there', async () => {
      const lease = leaseIn(await acquire('anna'));
      await post(wake('a'));
      expect(await release(lease, 0)).toEqual({ kind: 'moreArrived', inbox: { seq: 1, events: [wake('a')] } });
      expect(await acquire('ben')).toMatchObject({ kind: 'busy', owner: 'anna' });
      await post(wake('b'));
      expect(await release(lease, 1)).toMatchObject({ kind: 'moreArrived', inbox: { seq: 2 } });
      expect(await release(lease, 2)).toEqual({ kind: 'released' });
    });

    test('a holder that dies leaves the inbox to the next', async () => {
      await post(wake('a'));
      await acquire('anna');
      const later = NOW + LEASE_MS + SKEW_MARGIN_MS + 1;
      expect(inboxIn(await acquire('ben', later)).events).toEqual([wake('a')]);
    });

    test('a plain release leaves it too', async () => {
      await post(wake('a'));
      await world.store.release(leaseIn(await acquire('anna')), live());
      expect(inboxIn(await acquire('ben')).events).toEqual([wake('a')]);
    });

    test('a lease that was lost takes nothing with it', async () => {
      await post(wake('a'));
      const lost = leaseIn(await acquire('anna'));
      await acquire('ben', lost.until + SKEW_MARGIN_MS + 1);
      expect(await release(lost, 1)).toEqual({ kind: 'released' });
      expect(await acquire('carl', lost.until + SKEW_MARGIN_MS + 1)).toMatchObject({ kind: 'busy', owner: 'ben' });
    });

    test('an event that was delivered twice is there once', async () => {
      await post(wake('a'), wake('b'));
      await post(wake('a'));
      expect(inboxIn(await acquire('anna'))).toEqual({ seq: 2, events: [wake('a'), wake('b')] });
    });

    test('shards have their own, and a flood ends at the brim', async () => {
      const flood = Array.from({ length: INBOX_MOST }, (_, i) => wake(`${i}`));
      expect(await post(...flood)).toEqual({ kind: 'posted' });
      expect(await post(wake('more'))).toEqual({ kind: 'full' });
      expect(await world.store.inboxes.post('1', [wake('other')], live())).toEqual({ kind: 'posted' });
      expect(inboxIn(await acquire('anna')).events).toHaveLength(INBOX_MOST);
    });

    test('of two that post and one that releases, nobody’s event is lost', async () => {
      const lease = leaseIn(await acquire('anna'));
      const seen = new Set<string>();
      const drain = async (from: number): Promise<void> => {
        const outcome = await release(lease, from);
        if (outcome.kind === 'released') return;
        for (const { id } of outcome.inbox.events) seen.add(id);
        await drain(outcome.inbox.seq);
      };
      await Promise.all([post(wake('a')), drain(0), post(wake('b'))]);
      for (const { id } of inboxIn(await acquire('ben')).events) seen.add(id);
      expect(seen).toEqual(new Set(['a', 'b']));
    });

    test('an aborted post and an aborted release change nothing', async () => {
      const lease = leaseIn(await acquire('anna'));
      const gone = AbortSignal.abort(new Error('the time is over'));
      await expect(world.store.inboxes.post('0', [wake('a')], gone)).rejects.toThrow('the time is over');
      await expect(world.store.inboxes.release(lease, 0, gone)).rejects.toThrow('the time is over');
      expect(await acquire('ben')).toMatchObject({ kind: 'busy', owner: 'anna' });
    });
  });
}

function leaseIn(outcome: LeaseOutcome): Lease {
  if (outcome.kind !== 'held') throw new Error(`busy: ${outcome.owner} has it`);
  return outcome.lease;
}

function inboxIn(outcome: LeaseOutcome) {
  return (outcome.kind === 'held' ? outcome.inbox : undefined) ?? { seq: 0, events: [] };
}
