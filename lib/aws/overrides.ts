/**
 * Overrides in the table: one item each under one key, so that a tick reads all of them in one query. An override is never deleted by us:
 * ending it sets its expiry to now, and DynamoDB forgets it a week later.
 */
import { PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Overrides } from '../loop/ports.ts';
import type { EpochMs, Override } from '../policy/policy.ts';
import { asked, conditionally, type Item, n, numberOf, type Table, TTL_ATTRIBUTE } from './table.ts';

const KEY = { S: 'overrides' };
const FORMAT = 1;
/** A bounded read: a thousand overrides at a time is a policy, not an exception. */
const MAX_PAGES = 10;
const KEPT_AFTER_SECONDS = 7 * 86_400;

export interface AwsOverrides extends Overrides {
  /** Says a new one; its id must be new. */
  put(override: Override, abort: AbortSignal): Promise<void>;
  /** Ends one now. `absent`: there is none of that id, or it has ended already. */
  end(id: string, now: EpochMs, abort: AbortSignal): Promise<'ended' | 'absent'>;
}

export function awsOverrides(table: Table): AwsOverrides {
  return {
    list: (now, abort) => list(table, now, abort),
    put: (override, abort) => put(table, override, abort),
    end: (id, now, abort) => end(table, id, now, abort),
  };
}

async function list(table: Table, now: EpochMs, abort: AbortSignal): Promise<readonly Override[]> {
  const found: Override[] = [];
  let start: Item | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const command = new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      // TTL deletes days late: what has expired is filtered here and again below.
      FilterExpression: 'untilMs > :now',
      ExpressionAttributeValues: { ':pk': KEY, ':now': n(now) },
      ConsistentRead: true,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    const answer = await asked(table, 'Query', { pk: KEY }, abort, (abortSignal) =>
      table.client.send(command, { abortSignal }),
    );
    for (const item of answer.Items ?? []) found.push(overrideOf(item));
    start = answer.LastEvaluatedKey;
    if (start === undefined) return found;
  }
  throw new Error(`Table ${table.name} holds more overrides than a tick reads; end those that are not needed.`);
}

function overrideOf(item: Item): Override {
  if (numberOf(item.v) !== FORMAT || item.text?.S === undefined) {
    throw new Error(
      `Override ${item.sk?.S} is of a format that this version does not read; say it again with this version.`,
    );
  }
  const override: Override = JSON.parse(item.text.S);
  // `untilMs` is what ending it changes.
  return { ...override, expiresAt: numberOf(item.untilMs) ?? override.expiresAt };
}

async function put(table: Table, override: Override, abort: AbortSignal): Promise<void> {
  const key = { pk: KEY, sk: { S: override.id } };
  const expires = n(Math.ceil(override.expiresAt / 1000) + KEPT_AFTER_SECONDS);
  const item = {
    ...key,
    v: n(FORMAT),
    text: { S: JSON.stringify(override) },
    untilMs: n(override.expiresAt),
    [TTL_ATTRIBUTE]: expires,
  };
  const command = new PutItemCommand({ TableName: table.name, Item: item });
  await asked(table, 'PutItem', key, abort, (abortSignal) => table.client.send(command, { abortSignal }));
}

async function end(table: Table, id: string, now: EpochMs, abort: AbortSignal): Promise<'ended' | 'absent'> {
  const key = { pk: KEY, sk: { S: id } };
  const command = new UpdateItemCommand({
    TableName: table.name,
    Key: key,
    UpdateExpression: 'SET untilMs = :now',
    ConditionExpression: 'attribute_exists(pk) AND untilMs > :now',
    ExpressionAttributeValues: { ':now': n(now) },
  });
  const done = await conditionally(table, 'UpdateItem', key, abort, (abortSignal) =>
    table.client.send(command, { abortSignal }),
  );
  return done.kind === 'done' ? 'ended' : 'absent';
}
