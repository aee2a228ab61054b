/**
 * A store for one process in which nobody writes into what he was given: states lie in it as they are, not as text. What they mean is the
 * same as in `memoryStore`, and a test runs both over the same day. A run asks it four times a tick, so this is most of the bookkeeping.
 */
import { memoryLeases } from '../loop/memory-leases.ts';
import type { LoadedService, SaveOutcome, ShardRings, Store, StoredService } from '../loop/ports.ts';

interface Kept<T> {
  readonly rev: number;
  readonly value: T;
}

export function valueStore(): Store {
  const services = new Map<string, Kept<StoredService>>();
  const rings = new Map<string, Kept<ShardRings>>();
  return {
    ...memoryLeases(),
    async load(arns, abort) {
      abort.throwIfAborted();
      return arns.map((arn): LoadedService => {
        const kept = services.get(arn);
        return kept === undefined ? ABSENT : { kind: 'stored', rev: kept.rev, value: kept.value };
      });
    },
    async save(arn, value, rev, abort) {
      abort.throwIfAborted();
      return saveIf(services, arn, value, rev ?? 0);
    },
    async loadRings(shard, abort) {
      abort.throwIfAborted();
      const kept = rings.get(shard);
      return kept === undefined ? { rev: 0, rings: {} } : { ...kept.value, rev: kept.rev };
    },
    async saveRings(shard, given, abort) {
      abort.throwIfAborted();
      return saveIf(rings, shard, given, given.rev);
    },
  };
}

const ABSENT: LoadedService = { kind: 'absent' };

function saveIf<T>(items: Map<string, Kept<T>>, key: string, value: T, rev: number): SaveOutcome {
  if ((items.get(key)?.rev ?? 0) !== rev) return { kind: 'stale' };
  items.set(key, { rev: rev + 1, value });
  return { kind: 'saved', rev: rev + 1 };
}
