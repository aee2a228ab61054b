/** The last good policies in the table: one item, the configuration's own text, compressed, for an item holds 400 KB. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { conditionally, type Item, n, numberOf, readItem, type Table } from './table.ts';

const KEY: Item = { pk: { S: 'policies' }, sk: { S: 'last good' } };
const FORMAT = 1;

export interface LastGood {
  readonly version: string;
  readonly text: string;
}

/** Writes nothing where the same version lies already. */
export async function writeLastGood(table: Table, { version, text }: LastGood, abort: AbortSignal): Promise<void> {
  const packed = await promisify(gzip)(text);
  const command = new PutItemCommand({
    TableName: table.name,
    Item: { ...KEY, v: n(FORMAT), version: { S: version }, packed: { B: packed } },
    ConditionExpression: 'attribute_not_exists(pk) OR #version <> :version',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':version': { S: version } },
  });
  await conditionally(table, 'PutItem', KEY, abort, (abortSignal) => table.client.send(command, { abortSignal }));
}

/** Undefined: there are none, or they are of a format that this version does not read. */
export async function readLastGood(table: Table, abort: AbortSignal): Promise<string | undefined> {
  const item = await readItem(table, KEY, abort);
  if (item?.packed?.B === undefined || numberOf(item.v) !== FORMAT) return undefined;
  return (await promisify(gunzip)(item.packed.B)).toString();
}
