/** The one table: its definition, the keys of its items, and single-item writes that are conditional on a rev. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type CreateTableCommandInput,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { SaveOutcome } from '../loop/ports.ts';
import { ITEM_FORMAT } from '../loop/stored-item.ts';
import { clauseOf, limited } from './call.ts';

export interface Table {
  readonly client: DynamoDBClient;
  readonly name: string;
  /** Longest time of one call, its repeats included. */
  readonly callMs: number;
  /** First wait before DynamoDB is asked again for what it left undone; doubles each time. */
  readonly backoffMs: number;
  /** A new token for each write: how a write whose answer was lost is known again. */
  newToken(): string;
}

export type Item = Record<string, AttributeValue>;

/** The attribute DynamoDB deletes items by, epoch seconds. Set on what is history one day: no lease and no state ever expires. */
export const TTL_ATTRIBUTE = 'expiresAt';

/** What CreateTable wants, as plain data. */
export function tableDefinition(tableName: string): CreateTableCommandInput {
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  };
}

type Kind = 'lease' | 'service' | 'rings' | 'ledger' | 'headroom' | 'takeover';

/** `lease#<shard>`, `service#<arn>`, `rings#<shard>`; the ledger has times as sort keys. */
export function keyOf(kind: Kind, id: string, sk = '-'): Item {
  return { pk: { S: `${kind}#${id}` }, sk: { S: sk } };
}

export async function readItem(table: Table, key: Item, abort: AbortSignal): Promise<Item | undefined> {
  const command = new GetItemCommand({ TableName: table.name, Key: key, ConsistentRead: true });
  const answer = await asked(table, 'GetItem', key, abort, (abortSignal) =>
    table.client.send(command, { abortSignal }),
  );
  return answer.Item;
}

/** What is written where no rev was read: only where no item lies, or also over an item without a rev, which is of no format of ours. */
const WHERE_NOTHING_LIES = { ConditionExpression: 'attribute_not_exists(pk)' };
export const WHERE_NO_REV_LIES = {
  ConditionExpression: 'attribute_not_exists(#rev)',
  ExpressionAttributeNames: { '#rev': 'rev' },
};

/**
 * Writes a body over the item with this rev; 0: `first` says where. A body's own `v` stands in for the format of states. The client may
 * send a write twice when an answer is lost, and the second then fails its own condition: one consistent read tells our write from
 * another's by its token.
 */
export async function putIfRev(
  table: Table,
  key: Item,
  body: Item,
  rev: number,
  abort: AbortSignal,
  first: typeof WHERE_NOTHING_LIES = WHERE_NOTHING_LIES,
): Promise<SaveOutcome> {
  const token = table.newToken();
  const next = rev + 1;
  const item = { ...key, v: n(ITEM_FORMAT), rev: n(next), ...body, token: { S: token } };
  const command = new PutItemCommand({
    TableName: table.name,
    Item: item,
    ...(rev === 0
      ? first
      : {
          ConditionExpression: '#rev = :rev',
          ExpressionAttributeNames: { '#rev': 'rev' },
          ExpressionAttributeValues: { ':rev': n(rev) },
        }),
  });
  const done = await conditionally(table, 'PutItem', key, abort, (abortSignal) =>
    table.client.send(command, { abortSignal }),
  );
  if (done.kind === 'done') return { kind: 'saved', rev: next };
  const found = await readItem(table, key, abort);
  return found?.token?.S === token ? { kind: 'saved', rev: next } : { kind: 'stale' };
}

export type Conditional<T> = { readonly kind: 'done'; readonly answer: T } | { readonly kind: 'conditionFailed' };

/** A failed condition is a value; every other failure is thrown, naming the operation and the item. */
export async function conditionally<T>(
  table: Table,
  operation: string,
  key: Item,
  abort: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<Conditional<T>> {
  return asked(table, operation, key, abort, async (signal) => {
    try {
      return { kind: 'done', answer: await call(signal) };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { kind: 'conditionFailed' };
      throw error;
    }
  });
}

/** One call within its time. What is thrown names the operation and the item, except that an abort keeps its own reason. */
export async function asked<T>(
  table: Table,
  operation: string,
  key: Item | undefined,
  abort: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await limited(table.callMs, abort, call);
  } catch (cause) {
    if (abort.aborted) throw cause;
    const what = key === undefined ? '' : ` on ${key.pk?.S}`;
    throw new Error(`DynamoDB ${operation}${what} in table ${table.name} failed: ${clauseOf(cause)}`, { cause });
  }
}

export function n(value: number): AttributeValue {
  return { N: String(value) };
}

/** A number attribute as a number; undefined where there is none. */
export function numberOf(value: AttributeValue | undefined): number | undefined {
  return value?.N === undefined ? undefined : Number(value.N);
}
