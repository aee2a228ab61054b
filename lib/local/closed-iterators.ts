/**
 * dynalite ends a stream with `return` of the iterator behind it, and those of abstract-level have no `return`: they would never be closed
 * and keep, each of them, the tree they were reading for as long as the table lives. Here they get one.
 */
import { createRequire } from 'node:module';

interface Iterator {
  next(): Promise<unknown>;
  close(): Promise<void>;
}

interface Level {
  values(): Iterator;
  close(): Promise<void>;
}

/** What all iterators of dynalite's tables in memory have in common. */
export function iteratorPrototype(): Iterator & { return?: () => Promise<void> } {
  const requireAsDynalite = createRequire(createRequire(import.meta.url).resolve('dynalite'));
  const { MemoryLevel } = requireAsDynalite('memory-level') as { readonly MemoryLevel: new () => Level };
  const level = new MemoryLevel();
  let found: object = level.values();
  while (!Object.hasOwn(found, 'close')) found = Object.getPrototypeOf(found);
  void level.close();
  return found as Iterator;
}

/** May be called more than once. */
export function closeIteratorsThatEnd(): void {
  const prototype = iteratorPrototype();
  if (prototype.return !== undefined) return;
  Object.defineProperty(prototype, 'return', {
    value(this: Iterator) {
      return this.close();
    },
  });
}
