import { DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { expect, jest, test } from '@jest/globals';
import { createLocalTable } from '../../lib/cli/local-table.ts';
import { iteratorPrototype } from '../../lib/local/closed-iterators.ts';
import { startLocalCloud } from '../../lib/local/cloud.ts';

const REGION = 'us-east-1';

test('a query leaves no iterator open, also one that ends before its rows do', async () => {
  const cloud = await startLocalCloud({ plants: [] });
  await createLocalTable(cloud.dynamoEndpoint, REGION, 'schmitt');
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ region: REGION, credentials, endpoint: cloud.dynamoEndpoint });
  for (const sk of ['a', 'b', 'c']) {
    await client.send(new PutItemCommand({ TableName: 'schmitt', Item: { pk: { S: 'p' }, sk: { S: sk } } }));
  }
  const prototype = iteratorPrototype();
  const [next, close] = [jest.spyOn(prototype, 'next'), jest.spyOn(prototype, 'close')];
  for (const Limit of [10, 1, 2]) {
    const ExpressionAttributeValues = { ':p': { S: 'p' } };
    const query = { TableName: 'schmitt', KeyConditionExpression: 'pk = :p', ExpressionAttributeValues, Limit };
    expect((await client.send(new QueryCommand(query))).Count).toBe(Math.min(3, Limit));
  }
  const used = new Set(next.mock.contexts);
  const open = [...used].filter((one) => !close.mock.contexts.includes(one));
  // Now everything is closed in any case.
  client.destroy();
  await cloud.close();
  expect(used.size).toBe(3);
  expect(open.length).toBe(0);
});
