/** Queues as the unmodified client reads them: those that plants pull from, and those beside. */
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type LocalCloud, startLocalCloud } from '../../lib/local/cloud.ts';
import { createPlant } from '../../lib/sim/plant.ts';
import type { Load } from '../../lib/sim/types.ts';
import { ACCOUNT, failure, REGION } from './clients.ts';
import { NOON } from './stub-plant.ts';

const flood: Load = { name: 'flood', startsAt: NOON, endsAt: NOON + 3_600_000, stepSeconds: 60, rateAt: () => 400 };
const workers = createPlant({ load: flood, seed: 1, kind: 'queue', name: { cluster: 'prod', service: 'thumbs' } });
const counts = { visible: 7, inFlight: 2, delayed: 1 };

let cloud: LocalCloud;
let sqs: SQSClient;

beforeEach(async () => {
  cloud = await startLocalCloud({ plants: [workers], queues: [{ name: 'mail', counts }], region: REGION });
  const credentials = { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'local' };
  sqs = new SQSClient({ region: REGION, credentials, endpoint: cloud.endpoint, maxAttempts: 1 });
});

afterEach(async () => {
  sqs.destroy();
  await cloud.close();
});

describe('GetQueueAttributes', () => {
  test('shows what the queue has at this moment, as text', async () => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'thumbs-jobs' }));
    expect(QueueUrl).toBe(`https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/thumbs-jobs`);
    const read = () => sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect((await read()).Attributes?.ApproximateNumberOfMessages).toBe('0');
    workers.advanceTo(NOON + 60_000);
    const { Attributes } = await read();
    // 400 jobs a second come, two workers take 200.
    expect(Number(Attributes?.ApproximateNumberOfMessages)).toBeCloseTo(12_000, -1);
    expect(Attributes?.ApproximateNumberOfMessagesDelayed).toBe('0');
  });

  test('shows only what it is asked for', async () => {
    const QueueUrl = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/mail`;
    const AttributeNames = ['ApproximateNumberOfMessagesNotVisible' as const];
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
    expect(Attributes).toEqual({ ApproximateNumberOfMessagesNotVisible: '2' });
  });
});

test('a queue that is not there has AWS’s own name for it', async () => {
  const missing = await failure(sqs.send(new GetQueueUrlCommand({ QueueName: 'gone' })));
  expect([missing.name, missing.message]).toEqual(['QueueDoesNotExist', 'The specified queue does not exist.']);
});
