/**
 * The reference store: what revs and items mean, in the fewest words. Every step is one synchronous look and write,
 * which is what a conditional write of a single item gives elsewhere.
 */
import { memoryLeases } from './memory-leases.ts';
import type { Inboxes, SaveOutcome, Store } from './ports.ts';
import { decodeRings, decodeService, encodeRings, encodeService, type FoundItem, ITEM_FORMAT } from './stored-item.ts';

export interface MemoryStore extends Store {
  readonly inboxes: Inboxes;
  /** Lays an item down as somebody else might have left it. */
  plantService(arn: string, item: FoundItem): void;
  plantRings(shard: string, item: FoundItem): void;
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

/** `rev` 0: only where nothing lies yet. */
function saveIf(items: Map<string, FoundItem>, key: string, text: string, rev: number): SaveOutcome {
  const found = items.get(key);
  if (found === undefined ? rev !== 0 : found.rev !== rev) return { kind: 'stale' };
  items.set(key, { v: ITEM_FORMAT, rev: rev + 1, text });
  return { kind: 'saved', rev: rev + 1 };
}
