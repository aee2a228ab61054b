/**
 * The reference store: what leases, revs and items mean, in the fewest words. Every step is one synchronous look and write,
 * which is what a conditional write of a single item gives elsewhere.
 */
import type { EpochMs } from '../policy/policy.ts';
import { LEASE_MS, type LeaseOutcome, type SaveOutcome, SKEW_MARGIN_MS, type Store } from './ports.ts';
import { decodeRings, decodeService, encodeRings, encodeService, type FoundItem, ITEM_FORMAT } from './stored-item.ts';

export interface MemoryStore extends Store {
  /** Lays an item down as somebody else might have left it. */
  plantService(arn: string, item: FoundItem): void;
  plantRings(shard: string, item: FoundItem): void;
}

/** `until` is absent once it was given back; the fence stays for ever. */
interface LeaseItem {
  readonly owner: string;
  readonly fence: number;
  readonly until?: EpochMs;
}

export function memoryStore(): MemoryStore {
  const services = new Map<string, FoundItem>();
  const rings = new Map<string, FoundItem>();

  return {
    ...memoryLeases(),
    async load(arns, abort) {
      abort.throwIfAborted();
      return arns.map((arn) => {
        const item = services.get(arn);
        return item === undefined ? { kind: 'absent' } : decodeService(item);
      });
    },
    async save(arn, value, rev, abort) {
      abort.throwIfAborted();
      return saveIf(services, arn, encodeService(value), rev ?? 0);
    },
    async loadRings(shard, abort) {
      abort.throwIfAborted();
      const item = rings.get(shard);
      return item === undefined ? { rev: 0, rings: {} } : decodeRings(shard, item);
    },
    async saveRings(shard, given, abort) {
      abort.throwIfAborted();
      return saveIf(rings, shard, encodeRings(given), given.rev);
    },
    plantService: (arn, item) => void services.set(arn, item),
    plantRings: (shard, item) => void rings.set(shard, item),
  };
}

export function memoryLeases(): Pick<Store, 'acquire' | 'release'> {
  const leases = new Map<string, LeaseItem>();
  return {
    async acquire(shard, owner, now, abort) {
      abort.throwIfAborted();
      return acquire(leases, shard, owner, now);
    },
    async release(lease, abort) {
      abort.throwIfAborted();
      const item = leases.get(lease.shard);
      if (item?.owner !== lease.owner || item.fence !== lease.fence) return;
      leases.set(lease.shard, { owner: item.owner, fence: item.fence });
    },
  };
}

function acquire(leases: Map<string, LeaseItem>, shard: string, owner: string, now: EpochMs): LeaseOutcome {
  const found = leases.get(shard);
  // Expired by more than the margin: the holder's clock may be behind ours by as much.
  if (found?.until !== undefined && found.until + SKEW_MARGIN_MS >= now) {
    if (found.owner !== owner) return { kind: 'busy', owner: found.owner, until: found.until };
    // The owner asks again because the first answer was lost.
    return { kind: 'held', lease: { shard, owner, fence: found.fence, until: found.until } };
  }
  const lease = { shard, owner, fence: (found?.fence ?? 0) + 1, until: now + LEASE_MS };
  leases.set(shard, { owner, fence: lease.fence, until: lease.until });
  return { kind: 'held', lease };
}

/** `rev` 0: only where nothing lies yet. */
function saveIf(items: Map<string, FoundItem>, key: string, text: string, rev: number): SaveOutcome {
  const found = items.get(key);
  if (found === undefined ? rev !== 0 : found.rev !== rev) return { kind: 'stale' };
  items.set(key, { v: ITEM_FORMAT, rev: rev + 1, text });
  return { kind: 'saved', rev: rev + 1 };
}
