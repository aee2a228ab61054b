/**
 * A shard's rings: one item, deflated, since DynamoDB takes 400 KB an item and charges by the kilobyte. What does not fit goes into parts
 * beside it, which are written first and count from the moment the item names them: a tick still ends with one conditional write.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { SaveOutcome, ShardRings } from '../loop/ports.ts';
import { decodeRings, encodeRings, type FoundItem } from '../loop/stored-item.ts';
import { inParallel } from './batches.ts';
import { asked, type Item, keyOf, n, numberOf, putIfRev, readItem, type Table } from './table.ts';

/** Below what DynamoDB takes, names and keys included. */
const BYTES_PER_ITEM = 380_000;
const CALLS_AT_ONCE = 4;
/** More than a shard ever has; an item that inflates to more is none of ours. */
const MOST_BYTES = 64 * 2 ** 20;
const MOST_PARTS = 64;

export async function loadRings(table: Table, shard: string, abort: AbortSignal): Promise<ShardRings> {
  const item = await readItem(table, keyOf('rings', shard), abort);
  if (item === undefined) return { rev: 0, rings: {} };
  const text = await textOf(table, shard, item, abort);
  return decodeRings(shard, { v: numberOf(item.v), rev: numberOf(item.rev), text } satisfies FoundItem);
}

export async function saveRings(
  table: Table,
  shard: string,
  given: ShardRings,
  abort: AbortSignal,
): Promise<SaveOutcome> {
  const packed = deflateRawSync(encodeRings(given));
  const parts: Buffer[] = [];
  for (let at = 0; at < packed.length; at += BYTES_PER_ITEM) parts.push(packed.subarray(at, at + BYTES_PER_ITEM));
  const [first = packed, ...others] = parts;
  const written = table.newToken();
  await inParallel(CALLS_AT_ONCE, [...others.entries()], ([index, part]) =>
    putPart(table, partKey(shard, given.rev + 1, index), { packed: { B: part }, written: { S: written } }, abort),
  );
  const more = others.length === 0 ? {} : { parts: n(others.length), written: { S: written } };
  return putIfRev(table, keyOf('rings', shard), { packed: { B: first }, ...more }, given.rev, abort);
}

/** Those of the rev that lies there are not touched before the next one does. */
function partKey(shard: string, rev: number, index: number): Item {
  return keyOf('rings', shard, `part ${rev % 2} ${index}`);
}

async function putPart(table: Table, key: Item, body: Item, abort: AbortSignal): Promise<void> {
  const command = new PutItemCommand({ TableName: table.name, Item: { ...key, ...body } });
  await asked(table, 'PutItem', key, abort, (abortSignal) => table.client.send(command, { abortSignal }));
}

/** Undefined where it cannot be read: rings that are lost delay a scale-in, and heal with the next save. */
async function textOf(table: Table, shard: string, item: Item, abort: AbortSignal): Promise<string | undefined> {
  const first = item.packed?.B;
  // Written before they were packed.
  if (first === undefined) return item.text?.S;
  const count = numberOf(item.parts) ?? 0;
  if (count > MOST_PARTS) return undefined;
  const keys = Array.from({ length: count }, (_, index) => partKey(shard, numberOf(item.rev) ?? 0, index));
  const parts = await inParallel(CALLS_AT_ONCE, keys, (key) => readItem(table, key, abort));
  const isWhole = parts.every((part) => part?.written?.S === item.written?.S);
  return isWhole ? inflated([first, ...parts.flatMap((part) => part?.packed?.B ?? [])]) : undefined;
}

function inflated(parts: readonly Uint8Array[]): string | undefined {
  try {
    return inflateRawSync(Buffer.concat(parts), { maxOutputLength: MOST_BYTES }).toString('utf8');
  } catch {
    // Torn or foreign bytes are as good as none: the reader says that there is no text.
    return undefined;
  }
}
