/** The same adapters against emulators that others wrote: SQS, CloudWatch and EventBridge as somebody else understood them. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { awsClients, type Clients } from '../../lib/aws/clients.ts';
import { sendTicks } from '../../lib/aws/delayed-ticks.ts';
import { readEvents } from '../../lib/aws/events.ts';
import { awsSignals } from '../../lib/aws/signals/signals.ts';
import type { SignalQuery } from '../../lib/loop/ports.ts';
import type { SignalSource } from '../../lib/policy/policy.ts';
import type { Emulator } from './emulators.ts';

const REGION = 'us-east-1';
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const MINUTE = 60_000;
const live = (): AbortSignal => new AbortController().signal;

function signal(source: SignalSource, stat = 'Average'): SignalQuery {
  const times = source.kind === 'sqs' ? { periodSeconds: 20, publicationDelaySeconds: 0 } : CLOUDWATCH_TIMES;
  const spec = {
    source,
    stat,
    scale: 1,
    averagedOverTasks: false,
    whenMissing: { kind: 'unknown' },
    ...times,
  } as const;
  return { cluster: 'prod', service: 'web', name: 'one', spec, periods: 3 };
}

const CLOUDWATCH_TIMES = { periodSeconds: 60, publicationDelaySeconds: 50 } as const;

async function withClients(emulator: Emulator, tell: (clients: Clients) => Promise<void>): Promise<void> {
  const { endpoint } = emulator;
  const endpoints = { cloudwatch: endpoint, sqs: endpoint, elb: endpoint, ecs: endpoint, dynamodb: endpoint };
  const clients = awsClients({ region: REGION, credentials: CREDENTIALS, endpoints });
  try {
    await tell(clients);
  } finally {
    clients.close();
  }
}

/** A call in AWS JSON 1.1, for a service whose client is no dependency. */
async function eventBridge({ endpoint }: Emulator, operation: string, input: object): Promise<Record<string, unknown>> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSEvents.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=test/20261120/${REGION}/events/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return text === '' ? {} : JSON.parse(text);
}

let queues = 0;
async function newQueue({ sqs }: Clients): Promise<{ name: string; url: string }> {
  queues += 1;
  const name = `queue-${queues}`;
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  return { name, url: QueueUrl };
}

export const STORIES: Readonly<Record<string, (emulator: Emulator) => Promise<void>>> = {
  'a queue: what waits, what is held and what is delayed': (emulator) =>
    withClients(emulator, async (clients) => {
      const { name, url } = await newQueue(clients);
      for (let i = 0; i < 5; i++)
        await clients.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: `${i}` }));
      await clients.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'later', DelaySeconds: 600 }));
      await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 1 }));
      const attributes = ['backlog', 'visible', 'inFlight', 'delayed'] as const;
      const queries = attributes.map((attribute) => signal({ kind: 'sqs', queue: name, attribute }));
      const readings = await awsSignals(clients).read(queries, Date.now(), live());
      assert.deepEqual(
        readings.map(({ values }) => values[0]?.[1]),
        [5, 4, 1, 1],
      );
    }),

  'a queue that is not there says so': (emulator) =>
    withClients(emulator, async (clients) => {
      const gone = signal({ kind: 'sqs', queue: 'gone', attribute: 'visible' });
      const [reading] = await awsSignals(clients).read([gone], Date.now(), live());
      assert.match(reading?.cause ?? '', /QueueDoesNotExist|NonExistentQueue/);
    }),

  'a metric of one’s own: average, sum and the number of samples': (emulator) =>
    withClients(emulator, async (clients) => {
      const put = new CloudWatchClient({
        region: REGION,
        credentials: CREDENTIALS,
        endpoint: emulator.endpoint,
        disableRequestCompression: true,
      });
      const now = Math.floor(Date.now() / MINUTE) * MINUTE + 55_000 - MINUTE;
      const at = new Date(Math.floor((now - 50_000) / MINUTE) * MINUTE - MINUTE);
      const MetricData = [10, 20, 60].map((Value) => ({ MetricName: 'Depth', Timestamp: at, Value }));
      await put.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData }));
      put.destroy();
      const source = { kind: 'cloudwatch', namespace: 'Shop', metric: 'Depth', dimensions: {} } as const;
      const queries = ['Average', 'Sum', 'SampleCount', 'Maximum'].map((stat) => signal(source, stat));
      const readings = await awsSignals(clients).read(queries, now, live());
      assert.deepEqual(
        readings.map(({ status, values }) => [status, values.at(-1)?.[1]]),
        [
          ['complete', 30],
          ['complete', 90],
          ['complete', 3],
          ['complete', 60],
        ],
      );
      assert.ok(readings.every(({ values }) => values.at(-1)?.[0] === at.getTime()));
    }),

  'the minute’s other ticks come when they are due, and not before': (emulator) =>
    withClients(emulator, async (clients) => {
      const { url } = await newQueue(clients);
      const now = Date.now();
      const ticks = [1, 3].map((delaySeconds) => ({
        dueAt: now + delaySeconds * 1000,
        delaySeconds,
        cadenceSeconds: 20,
      }));
      const to = { client: clients.sqs, queueUrl: url, callMs: 8_000 };
      assert.deepEqual(await sendTicks(to, '0', now, ticks, live()), { sent: 2, lost: [] });
      const came: number[] = [];
      while (came.length < 2 && Date.now() < now + 20_000) {
        const { Messages = [] } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
        for (const { Body = '{}' } of Messages) came.push(Date.now() - Date.parse(JSON.parse(Body).dueAt));
        await wait(100);
      }
      assert.equal(came.length, 2);
      for (const late of came) assert.ok(late > -1_000 && late < 3_000, `${late} ms`);
    }),

  'a number that is put on the bus comes as one that we read': (emulator) =>
    withClients(emulator, async (clients) => {
      const { name, url } = await newQueue(clients);
      const EventPattern = JSON.stringify({ 'detail-type': ['schmitt.signal'] });
      await eventBridge(emulator, 'PutRule', { Name: `rule-${name}`, EventPattern, State: 'ENABLED' });
      const Arn = `arn:aws:sqs:${REGION}:${url.split('/').at(-2)}:${name}`;
      await eventBridge(emulator, 'PutTargets', { Rule: `rule-${name}`, Targets: [{ Id: '1', Arn }] });
      const Detail = JSON.stringify({
        service: 'prod/checkout',
        name: 'load',
        value: 42,
        time: '2026-11-20T08:00:00Z',
      });
      const Entries = [{ Source: 'shop', DetailType: 'schmitt.signal', Detail }];
      await eventBridge(emulator, 'PutEvents', { Entries });
      let body: string | undefined;
      for (const limit = Date.now() + 10_000; body === undefined && Date.now() < limit; await wait(100)) {
        const { Messages = [] } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
        body = Messages[0]?.Body;
      }
      const read = readEvents(JSON.parse(body ?? '{}'));
      assert.equal(read.kind, 'events');
      assert.partialDeepStrictEqual(read.kind === 'events' ? read.events[0] : {}, {
        cluster: 'prod',
        service: 'checkout',
        kind: 'pushed',
        signal: 'load',
        value: 42,
        at: Date.parse('2026-11-20T08:00:00Z'),
      });
    }),
};
