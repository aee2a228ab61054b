/** Batches that DynamoDB leaves partly undone, with HTTP 200: asked again a few times, then a fault. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Table } from './table.ts';

/** The first included. With a first wait of 50 ms the waits sum to 750 ms. */
const MOST_TURNS = 5;

/** `turn` does what it can and returns what is left. Throws when something is left after the last turn. */
export async function untilNothingIsLeft<T>(
  table: Table,
  operation: string,
  all: readonly T[],
  abort: AbortSignal,
  turn: (left: readonly T[]) => Promise<readonly T[]>,
): Promise<void> {
  let left = all;
  for (let done = 0; left.length > 0; done += 1) {
    if (done === MOST_TURNS) {
      throw new Error(
        `DynamoDB ${operation} left ${left.length} of ${all.length} items of table ${table.name} undone.`,
      );
    }
    if (done > 0) await wait(table.backoffMs * 2 ** (done - 1), undefined, { signal: abort });
    left = await turn(left);
  }
}
