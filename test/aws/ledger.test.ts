/** The ledger in the table. */

import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { awsLedger } from '../../lib/aws/ledger.ts';
import { entryOf, ledgerContract } from '../contracts/ledger.ts';
import { type DynamoWorld, startDynalite } from './dynamodb.ts';

type Dynalite = Awaited<ReturnType<typeof startDynalite>>;
let dynalite: Dynalite;
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite.stop());

const NOW = Date.UTC(2026, 10, 20, 8);
const live = (): AbortSignal => new AbortController().signal;

async function itemsOf({ table }: DynamoWorld, arn: string): Promise<Record<string, AttributeValue>[]> {
  const query = new QueryCommand({
    TableName: table.name,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: `ledger#${arn}` } },
  });
  return (await table.client.send(query)).Items ?? [];
}

ledgerContract('DynamoDB', async () => {
  const world = await dynalite.create();
  return {
    ledger: awsLedger(world.table),
    read: async (arn) => (await itemsOf(world, arn)).map(({ entry }) => JSON.parse(entry?.S ?? '')),
    close: world.close,
  };
});

describe('ledger items', () => {
  test('lie under the ARN by time and expire after 90 days', async () => {
    const world = await dynalite.create();
    const entry = entryOf('checkout', NOW);
    await awsLedger(world.table).record([entry], live());
    expect(await itemsOf(world, entry.arn)).toEqual([
      {
        pk: { S: 'ledger#arn:aws:ecs:eu-west-1:123456789012:service/prod/checkout' },
        sk: { S: '2026-11-20T08:00:00.000Z' },
        v: { N: '1' },
        entry: { S: JSON.stringify(entry) },
        expiresAt: { N: String(Date.UTC(2027, 1, 18, 8) / 1000) },
      },
    ]);
    await world.close();
  });

  test('go out 25 a call, and what DynamoDB leaves undone goes out again', async () => {
    const world = await dynalite.create();
    const sizes: number[] = [];
    world.interfere((request) => {
      const requests = JSON.parse(request.text).RequestItems[world.table.name];
      sizes.push(requests.length);
      return { body: { UnprocessedItems: sizes.length === 1 ? { [world.table.name]: requests.slice(20) } : {} } };
    });
    const entries = Array.from({ length: 27 }, (_, index) => entryOf(`service-${index}`, NOW));
    await awsLedger(world.table).record(entries, live());
    expect(sizes.toSorted((a, b) => a - b)).toEqual([2, 5, 25]);
    await world.close();
  });

  test('that DynamoDB never takes are a fault', async () => {
    const world = await dynalite.create();
    world.interfere((request) => ({ body: { UnprocessedItems: JSON.parse(request.text).RequestItems } }));
    await expect(awsLedger(world.table).record([entryOf('checkout', NOW)], live())).rejects.toThrow(
      /BatchWriteItem left 1 of 1 items of table schmitt-\d+ undone/,
    );
    await world.close();
  });
});
