/** Queues, from SQS as the local cloud has it. */
import { describe, expect, test } from '@jest/globals';
import { awsClients } from '../../../lib/aws/clients.ts';
import { awsSignals } from '../../../lib/aws/signals/signals.ts';
import type { SignalQuery } from '../../../lib/loop/ports.ts';
import type { SqsAttribute } from '../../../lib/policy/policy.ts';
import { cpuOf, latencyOf, MINUTE, NOW } from '../../contracts/signals.ts';
import { CREDENTIALS, REGION } from '../dynamodb.ts';
import { startWire } from '../wire.ts';
import { withCloud } from './local.ts';

function queueOf(queue: string, attribute: SqsAttribute = 'backlog', scale = 1): SignalQuery {
  const facts = { publicationDelaySeconds: 0, periodSeconds: 20, averagedOverTasks: false, scale };
  return { ...cpuOf('thumbs', { source: { kind: 'sqs', queue, attribute }, ...facts }), name: 'jobs' };
}

const mail = { name: 'mail', counts: { visible: 70, inFlight: 20, delayed: 5 } };

describe('a queue', () => {
  test('is read as it is now: one value, whose period ends with the read', () =>
    withCloud({ queues: [mail] }, async ({ readAt }) => {
      const now = NOW + 12_345;
      expect(await readAt(now, queueOf('mail'))).toEqual([
        { status: 'complete', periodSeconds: 20, values: [[now - 20_000, 90]] },
      ]);
    }));

  test('answers several signals with one call, and tells its URL once', () =>
    withCloud({ queues: [mail] }, async ({ read, cloud }) => {
      const all = (['backlog', 'visible', 'inFlight', 'delayed'] as const).map((one) => queueOf('mail', one, 2));
      const readings = await read(...all);
      expect(readings.map(({ values }) => values[0]?.[1])).toEqual([180, 140, 40, 10]);
      await read(queueOf('mail'));
      expect(cloud.calls.all()).toEqual({ GetQueueUrl: 1, GetQueueAttributes: 2 });
    }));

  test.each([
    ['its ARN', `arn:aws:sqs:${REGION}:123456789012:mail`],
    ['its URL', `https://sqs.${REGION}.amazonaws.com/123456789012/mail`],
  ])('can be named by %s', (_, name) =>
    withCloud({ queues: [mail] }, async ({ read }) => {
      expect(await read(queueOf(name))).toMatchObject([{ status: 'complete' }]);
    }),
  );
});

describe('a queue that cannot be read says why, and the others are served', () => {
  test.each([
    ['gone', { status: 'failed', cause: 'QueueDoesNotExist: The specified queue does not exist.' }],
    [
      'https://evil.example/123456789012/mail',
      { status: 'failed', cause: expect.stringContaining('is neither a queue') },
    ],
    [
      'arn:aws:sqs:us-west-2:123456789012:mail',
      { status: 'failed', cause: expect.stringContaining('is in us-west-2') },
    ],
  ])('%s', (name, reading) =>
    withCloud({ queues: [mail] }, async ({ read }) => {
      expect(await read(queueOf(name), queueOf('mail'), latencyOf('checkout'))).toMatchObject([
        reading,
        { status: 'complete' },
        { status: 'complete' },
      ]);
    }),
  );

  test.each([
    ['accessDenied', 'forbidden'],
    ['throttle', 'failed'],
    ['serverError', 'failed'],
    ['loseAnswer', 'failed'],
  ] as const)('met by %s', (kind, status) =>
    withCloud({ queues: [mail] }, async ({ read, cloud }) => {
      cloud.faults.next('GetQueueAttributes', { kind });
      expect(await read(queueOf('mail'))).toMatchObject([{ status, values: [], cause: expect.stringMatching(/\w/) }]);
      expect(await read(queueOf('mail'))).toMatchObject([{ status: 'complete' }]);
    }),
  );

  test('that never answers, within the time of a call', () =>
    withCloud({ queues: [mail], limits: { attemptMs: 40 } }, async ({ read, cloud }) => {
      cloud.faults.next('GetQueueUrl', { kind: 'hang' });
      expect(await read(queueOf('mail'))).toMatchObject([
        { status: 'failed', cause: expect.stringContaining('Timeout') },
      ]);
    }));

  test.each([
    ['"many"', { ApproximateNumberOfMessages: 'many' }],
    ['missing', {}],
  ])('that answers with a count %s', async (said, odd) => {
    const url = `https://sqs.${REGION}.amazonaws.com/123456789012/mail`;
    const wire = await startWire(({ operation }) => {
      if (operation === 'GetQueueUrl') return { body: { QueueUrl: url } };
      const rest = { ApproximateNumberOfMessagesNotVisible: '1', ApproximateNumberOfMessagesDelayed: '1' };
      return { body: { Attributes: { ...rest, ...odd } } };
    });
    const endpoints = { sqs: wire.endpoint };
    const clients = awsClients({ region: REGION, credentials: CREDENTIALS, endpoints, limits: { attempts: 1 } });
    const [reading] = await awsSignals(clients).read([queueOf('mail')], NOW, new AbortController().signal);
    clients.close();
    await wire.close();
    const cause = `SQS answered with ApproximateNumberOfMessages ${said}`;
    expect(reading).toEqual({ status: 'failed', periodSeconds: 20, values: [], cause });
  });
});

test('of a hundred queues sixteen are asked at once, no more', async () => {
  let [open, most] = [0, 0];
  const { promise: sixteenAreThere, resolve: there } = Promise.withResolvers<void>();
  const wire = await startWire(async ({ operation, text }) => {
    open += 1;
    most = Math.max(most, open);
    if (open === 16) there();
    await sixteenAreThere;
    // Long enough for a seventeenth to come, if it may.
    await new Promise((turned) => setTimeout(turned, 20));
    open -= 1;
    if (operation === 'GetQueueUrl') return { body: { QueueUrl: `http://queue/${JSON.parse(text).QueueName}` } };
    const names = ['', 'NotVisible', 'Delayed'].map((rest) => [`ApproximateNumberOfMessages${rest}`, '3']);
    return { body: { Attributes: Object.fromEntries(names) } };
  });
  const clients = awsClients({ region: REGION, credentials: CREDENTIALS, endpoints: { sqs: wire.endpoint } });
  const queries = Array.from({ length: 100 }, (_, i) => queueOf(`mail-${i}`));
  const readings = await awsSignals(clients).read(queries, NOW, new AbortController().signal);
  clients.close();
  await wire.close();
  expect(readings.every(({ values }) => values[0]?.[1] === 6)).toBe(true);
  expect(most).toBe(16);
});

test('an aborted read rejects', () =>
  withCloud({ queues: [mail] }, async ({ signals }) => {
    const gone = AbortSignal.abort(new Error('the time is over'));
    await expect(signals.read([queueOf('mail')], NOW + MINUTE, gone)).rejects.toThrow('the time is over');
  }));
