/** The ledger in the table: one item an entry, under the service's ARN by time, until its time to live is over. */
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import type { Ledger, LedgerEntry } from '../loop/ports.ts';
import { batchesOf, inParallel } from './batches.ts';
import { untilNothingIsLeft } from './leftovers.ts';
import { asked, type Item, keyOf, n, type Table, TTL_ATTRIBUTE } from './table.ts';

export const LEDGER_DAYS = 90;

/** Of BatchWriteItem. */
const ITEMS_PER_CALL = 25;
const CALLS_AT_ONCE = 4;
const SECONDS_PER_DAY = 86_400;

/** The same entry recorded twice lies there once: recording is safe to repeat. */
export function awsLedger(table: Table, keepDays = LEDGER_DAYS): Ledger {
  return {
    async record(entries, abort) {
      const items = itemsOf(entries, keepDays);
      await inParallel(CALLS_AT_ONCE, batchesOf(ITEMS_PER_CALL, items), (batch) =>
        untilNothingIsLeft(table, 'BatchWriteItem', batch, abort, (left) => write(table, left, abort)),
      );
    },
  };
}

function itemsOf(entries: readonly LedgerEntry[], keepDays: number): Item[] {
  const taken = new Set<string>();
  return entries.map((entry) => {
    const time = new Date(entry.at).toISOString();
    // Two entries of one service in one millisecond: both stay, in the order given.
    let sk = time;
    for (let nth = 2; taken.has(`${entry.arn} ${sk}`); nth += 1) sk = `${time}#${nth}`;
    taken.add(`${entry.arn} ${sk}`);
    return {
      ...keyOf('ledger', entry.arn, sk),
      v: n(entry.v),
      entry: { S: JSON.stringify(entry) },
      [TTL_ATTRIBUTE]: n(Math.floor(entry.at / 1000) + keepDays * SECONDS_PER_DAY),
    };
  });
}

async function write(table: Table, items: readonly Item[], abort: AbortSignal): Promise<Item[]> {
  const command = new BatchWriteItemCommand({
    RequestItems: { [table.name]: items.map((Item) => ({ PutRequest: { Item } })) },
  });
  const answer = await asked(table, 'BatchWriteItem', items[0], abort, (abortSignal) =>
    table.client.send(command, { abortSignal }),
  );
  const undone = answer.UnprocessedItems?.[table.name] ?? [];
  return undone.flatMap(({ PutRequest }) => (PutRequest?.Item === undefined ? [] : [PutRequest.Item]));
}
