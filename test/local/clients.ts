/** The SDK's own clients, unmodified, pointed at a local cloud; and the error a call ends with. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../../lib/local/cloud.ts';

const CREDENTIALS = { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'local' };
export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

export interface Bench {
  readonly cloud: LocalCloud;
  readonly ecs: ECSClient;
  readonly cloudwatch: CloudWatchClient;
  readonly dynamo: DynamoDBClient;
  close(): Promise<void>;
}

/** One attempt a call, so that a test counts what it did itself. */
export async function startBench(
  options: Omit<LocalCloudOptions, 'account' | 'region'>,
  maxAttempts = 1,
): Promise<Bench> {
  const cloud = await startLocalCloud({ ...options, account: ACCOUNT, region: REGION });
  const common = { region: REGION, credentials: CREDENTIALS, maxAttempts };
  const ecs = new ECSClient({ ...common, endpoint: cloud.endpoint });
  const cloudwatch = new CloudWatchClient({ ...common, endpoint: cloud.endpoint });
  const dynamo = new DynamoDBClient({ ...common, endpoint: cloud.dynamoEndpoint });
  const close = async () => {
    for (const client of [ecs, cloudwatch, dynamo]) client.destroy();
    await cloud.close();
  };
  return { cloud, ecs, cloudwatch, dynamo, close };
}

/** `name: message` of the error a call ends with, and what it was; throws where the call succeeds. */
export async function failure(
  call: Promise<unknown>,
): Promise<Error & { readonly $metadata?: { httpStatusCode?: number } }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('the call succeeded, and should not have');
}
