/** Leases and inboxes of shards, in memory. */
import type { EpochMs } from '../policy/policy.ts';
import {
  INBOX_MOST,
  type Inboxes,
  LEASE_MS,
  type Lease,
  type LeaseOutcome,
  SKEW_MARGIN_MS,
  type Store,
} from './ports.ts';
import { decodeInbox, encodeEvent } from './shard-events.ts';

/** `owner` and `until` are undefined where nobody holds it; the fence stays for ever. */
interface LeaseItem {
  owner: string | undefined;
  until: EpochMs | undefined;
  fence: number;
  seq: number;
  inbox: readonly string[];
}

const NOTHING: readonly string[] = [];

export function memoryLeases(): Pick<Store, 'acquire' | 'release'> & { readonly inboxes: Inboxes } {
  const items = new Map<string, LeaseItem>();
  const itemOf = (shard: string): LeaseItem => {
    const item = items.get(shard) ?? { owner: undefined, until: undefined, fence: 0, seq: 0, inbox: NOTHING };
    items.set(shard, item);
    return item;
  };
  return {
    async acquire(shard, owner, now, abort) {
      abort.throwIfAborted();
      return acquire(itemOf(shard), shard, owner, now);
    },
    async release(lease, abort) {
      abort.throwIfAborted();
      const item = itemOf(lease.shard);
      if (holds(item, lease)) item.until = undefined;
    },
    inboxes: {
      async post(shard, events, abort) {
        abort.throwIfAborted();
        const item = itemOf(shard);
        if (item.inbox.length + events.length > INBOX_MOST) return { kind: 'full' };
        item.inbox = [...item.inbox, ...events.map(encodeEvent)];
        item.seq += 1;
        return { kind: 'posted' };
      },
      async release(lease, drained, abort) {
        abort.throwIfAborted();
        const item = itemOf(lease.shard);
        if (!holds(item, lease)) return { kind: 'released' };
        if (item.seq !== drained) return { kind: 'moreArrived', inbox: decodeInbox(item.seq, item.inbox) };
        item.until = undefined;
        item.inbox = NOTHING;
        return { kind: 'released' };
      },
    },
  };
}

function acquire(item: LeaseItem, shard: string, owner: string, now: EpochMs): LeaseOutcome {
  // Expired by more than the margin: the holder's clock may be behind ours by as much.
  const isTaken = item.until !== undefined && item.until + SKEW_MARGIN_MS >= now;
  if (isTaken && item.owner !== owner) return { kind: 'busy', owner: item.owner ?? '', until: item.until ?? now };
  // The owner who asks again does so because the first answer was lost.
  if (!isTaken) {
    item.owner = owner;
    item.fence += 1;
    item.until = now + LEASE_MS;
  }
  const lease = { shard, owner, fence: item.fence, until: item.until ?? now };
  return item.seq === 0 ? { kind: 'held', lease } : { kind: 'held', lease, inbox: decodeInbox(item.seq, item.inbox) };
}

function holds(item: LeaseItem, { owner, fence }: Lease): boolean {
  return item.until !== undefined && item.owner === owner && item.fence === fence;
}
