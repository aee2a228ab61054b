/** Findings in a map, through the same text as in a table. */
import type { HeadroomStore } from './headroom.ts';
import { decodeFindings, encodeFindings, FINDINGS_FORMAT } from './headroom-item.ts';

export interface MemoryHeadroom extends HeadroomStore {
  /** How often findings were read. */
  readonly loads: number;
  /** What lies there, whatever it is. */
  put(shard: string, text: string): void;
}

export function memoryHeadroom(): MemoryHeadroom {
  const items = new Map<string, { readonly rev: number; readonly text: string }>();
  let loads = 0;
  return {
    get loads() {
      return loads;
    },
    put: (shard, text) => void items.set(shard, { rev: (items.get(shard)?.rev ?? 0) + 1, text }),
    async load(shard, abort) {
      abort.throwIfAborted();
      loads += 1;
      const item = items.get(shard);
      if (item === undefined) return { kind: 'absent', rev: 0 };
      return { ...decodeFindings(FINDINGS_FORMAT, item.text), rev: item.rev };
    },
    async save(shard, findings, rev, abort) {
      abort.throwIfAborted();
      if ((items.get(shard)?.rev ?? 0) !== rev) return { kind: 'stale' };
      items.set(shard, { rev: rev + 1, text: encodeFindings(findings) });
      return { kind: 'saved', rev: rev + 1 };
    },
  };
}
