/** A ledger that keeps its entries in a list, oldest record first. */
import type { Ledger, LedgerEntry } from './ports.ts';

export interface MemoryLedger extends Ledger {
  readonly entries: readonly LedgerEntry[];
}

export function memoryLedger(): MemoryLedger {
  const entries: LedgerEntry[] = [];
  return {
    entries,
    async record(given, abort) {
      abort.throwIfAborted();
      // Through JSON, as every other ledger does it: nobody shares an object with the one who recorded it.
      for (const entry of given) entries.push(JSON.parse(JSON.stringify(entry)));
    },
  };
}
