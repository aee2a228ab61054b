/** A minute's other ticks on their way through the queue. */
import { describe, expect, test } from '@jest/globals';
import { awsClients } from '../../lib/aws/clients.ts';
import { sendTicks } from '../../lib/aws/delayed-ticks.ts';
import { ticksOfMinute } from '../../lib/loop/cadence.ts';
import { policy, T0 } from '../support/story.ts';
import { CREDENTIALS, REGION } from './dynamodb.ts';
import { failure, startWire, type WireAnswer } from './wire.ts';

const QUEUE_URL = `https://sqs.${REGION}.amazonaws.com/123456789012/ticks`;

async function sent(answer: (entries: readonly { Id: string }[]) => WireAnswer) {
  const wire = await startWire(({ text }) => answer(JSON.parse(text).Entries));
  const endpoints = { sqs: wire.endpoint };
  const clients = awsClients({ region: REGION, credentials: CREDENTIALS, endpoints, limits: { attempts: 1 } });
  const ticks = ticksOfMinute([policy({ cadenceSeconds: 20 })], T0, T0 + 2_000);
  const to = { client: clients.sqs, queueUrl: QUEUE_URL, callMs: 1_000 };
  const outcome = await sendTicks(to, '0', ticks, new AbortController().signal);
  clients.close();
  await wire.close();
  return { outcome, asked: wire.requests.map(({ text }) => JSON.parse(text)) };
}

const taken = (entries: readonly { Id: string }[]): WireAnswer => ({
  body: { Successful: entries.map(({ Id }) => ({ Id, MessageId: Id, MD5OfMessageBody: '0' })), Failed: [] },
});

describe('the other ticks of a minute', () => {
  test('go in one call, each held back until it is due', async () => {
    // The client checks the digest of what it sent: without one it trusts.
    const { outcome, asked } = await sent(() => ({ body: { Successful: [], Failed: [] } }));
    expect(outcome).toEqual({ sent: 2, lost: [] });
    expect(asked).toMatchObject([{ QueueUrl: QUEUE_URL, Entries: [{ DelaySeconds: 20 }, { DelaySeconds: 40 }] }]);
    expect(JSON.parse(asked[0].Entries[1].MessageBody)).toEqual({
      shard: '0',
      scheduledAt: new Date(T0 + 2_000).toISOString(),
      dueAt: new Date(T0 + 42_000).toISOString(),
      cadenceSeconds: 20,
    });
  });

  test('one that the queue will not take is counted, the other goes', async () => {
    const Failed = [{ Id: '1', SenderFault: false, Code: 'InternalError', Message: 'later' }];
    const { outcome } = await sent(() => ({ body: { Successful: [], Failed } }));
    expect(outcome).toEqual({ sent: 1, lost: ['InternalError: later'] });
  });

  test.each([
    [failure('QueueDoesNotExist', 'The specified queue does not exist.'), 'QueueDoesNotExist: The specified queue'],
    ['breakOff' as const, ''],
  ])('a call that fails loses its own and throws nothing', async (answer, words) => {
    const { outcome } = await sent(() => answer);
    expect(outcome.sent).toBe(0);
    expect(outcome.lost).toEqual([expect.stringContaining(words), expect.stringContaining(words)]);
  });
});

test('an answer with a digest that does not fit is a loss that is told', async () => {
  const { outcome } = await sent(taken);
  expect(outcome.lost[0]).toMatch(/MD5/i);
});
