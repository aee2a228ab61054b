/** Services' states: JSON text with a rev, written only over the rev that was read. */
import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { LoadedService, SaveOutcome, StoredService } from '../loop/ports.ts';
import { decodeService, encodeService, type FoundItem } from '../loop/stored-item.ts';
import { batchesOf, inParallel } from './batches.ts';
import { untilNothingIsLeft } from './leftovers.ts';
import { asked, type Item, keyOf, numberOf, putIfRev, type Table } from './table.ts';

/** Of BatchGetItem. */
const KEYS_PER_CALL = 100;
const CALLS_AT_ONCE = 4;

export async function loadServices(
  table: Table,
  arns: readonly string[],
  abort: AbortSignal,
): Promise<readonly LoadedService[]> {
  // BatchGetItem refuses a key that comes twice.
  const keys = [...new Set(arns)].map((arn) => keyOf('service', arn));
  const found = new Map<string | undefined, Item>();
  await inParallel(CALLS_AT_ONCE, batchesOf(KEYS_PER_CALL, keys), (batch) =>
    untilNothingIsLeft(table, 'BatchGetItem', batch, abort, async (left) => {
      const { items, undone } = await batchGet(table, left, abort);
      for (const item of items) found.set(item.pk?.S, item);
      return undone;
    }),
  );
  return arns.map((arn) => {
    const item = found.get(keyOf('service', arn).pk?.S);
    return item === undefined ? { kind: 'absent' } : decodeService(foundItem(item));
  });
}

async function batchGet(table: Table, keys: readonly Item[], abort: AbortSignal) {
  const command = new BatchGetItemCommand({
    RequestItems: { [table.name]: { Keys: [...keys], ConsistentRead: true } },
  });
  const answer = await asked(table, 'BatchGetItem', keys[0], abort, (abortSignal) =>
    table.client.send(command, { abortSignal }),
  );
  return {
    items: answer.Responses?.[table.name] ?? [],
    undone: answer.UnprocessedKeys?.[table.name]?.Keys ?? [],
  };
}

export async function saveService(
  table: Table,
  arn: string,
  value: StoredService,
  rev: number | null,
  abort: AbortSignal,
): Promise<SaveOutcome> {
  return putIfRev(table, keyOf('service', arn), { text: { S: encodeService(value) } }, rev ?? 0, abort);
}

function foundItem(item: Item): FoundItem {
  return { v: numberOf(item.v), rev: numberOf(item.rev), text: item.text?.S };
}
