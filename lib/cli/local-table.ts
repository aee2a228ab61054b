/** Makes the table in the local cloud, which has no stack that would. */
import { tableDefinition } from '../aws/table.ts';

const TIME_LIMIT_MS = 5_000;

export async function createLocalTable(endpoint: string, region: string, tableName: string): Promise<void> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': 'DynamoDB_20120810.CreateTable',
      'X-Amz-Date': '20260101T000000Z',
      // The local cloud wants the shape of a signature and knows no secrets.
      Authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=local`,
    },
    body: JSON.stringify(tableDefinition(tableName)),
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
  });
  if (response.ok) return;
  throw new Error(
    `the local DynamoDB did not make the table ${tableName}: ${response.status} ${await response.text()}`,
  );
}
