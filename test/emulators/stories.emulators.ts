/** The same adapters against emulators that others wrote: SQS, CloudWatch and EventBridge as somebody else understood them. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { awsClients, type Clients } from '../../lib/aws/clients.ts';
import { sendTicks } from '../../lib/aws/delayed-ticks.ts';
import { readEvents } from '../../lib/aws/events.ts';
import { awsSignals } from '../../lib/aws/signals/signals.ts';
import { awsStore, tableOf } from '../../lib/aws/store.ts';
import { tableDefinition } from '../../lib/aws/table.ts';
import type { SignalQuery, Store } from '../../lib/loop/ports.ts';
import type { SignalSource } from '../../lib/policy/policy.ts';
import { CONTENTION_STORIES, LEASE_STORIES } from '../contracts/lease.ts';
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

/** What becomes of an event that a rule takes from the bus: the first of those that we read in it. */
async function overTheBus(
  emulator: Emulator,
  type: string,
  detail: object,
  resources: readonly string[] = [],
): Promise<object> {
  let body: string | undefined;
  await withClients(emulator, async (clients) => {
    const { name, url } = await newQueue(clients);
    const EventPattern = JSON.stringify({ 'detail-type': [type] });
    await eventBridge(emulator, 'PutRule', { Name: `rule-${name}`, EventPattern, State: 'ENABLED' });
    const Arn = `arn:aws:sqs:${REGION}:${url.split('/').at(-2)}:${name}`;
    await eventBridge(emulator, 'PutTargets', { Rule: `rule-${name}`, Targets: [{ Id: '1', Arn }] });
    const entry = { Source: 'shop', DetailType: type, Detail: JSON.stringify(detail), Resources: resources };
    await eventBridge(emulator, 'PutEvents', { Entries: [entry] });
    for (const limit = Date.now() + 10_000; body === undefined && Date.now() < limit; await wait(100)) {
      const { Messages = [] } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
      body = Messages[0]?.Body;
    }
  });
  const read = readEvents(JSON.parse(body ?? '{}'));
  assert.equal(read.kind, 'events', body);
  return read.kind === 'events' ? (read.events[0] ?? {}) : {};
}

/** A table of its own, in which nothing lies yet. */
async function withStore(emulator: Emulator, tell: (store: Store) => Promise<void>): Promise<void> {
  const { endpoint } = emulator;
  tables += 1;
  const tableName = `schmitt-${process.pid}-${tables}`;
  const setup = new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  try {
    await setup.send(new CreateTableCommand(tableDefinition(tableName)));
    await withClients(emulator, ({ dynamodb: client, limits: { callMs } }) =>
      tell(awsStore(tableOf({ client, tableName, callMs }))),
    );
  } finally {
    setup.destroy();
  }
}

let tables = 0;

const leases = (stories: typeof LEASE_STORIES) =>
  Object.entries(stories).map(
    ([title, tell]) => [`a lease: ${title}`, (emulator: Emulator) => withStore(emulator, tell)] as const,
  );

/** The same stories that are told of memory and of dynalite. moto answers in threads and locks no item: of two conditional writes both may pass. */
export function storiesOf(emulator: string): Readonly<Record<string, (emulator: Emulator) => Promise<void>>> {
  const contended = emulator === 'moto' ? [] : leases(CONTENTION_STORIES);
  return { ...Object.fromEntries([...leases(LEASE_STORIES), ...contended]), ...STORIES };
}

const STORIES: Readonly<Record<string, (emulator: Emulator) => Promise<void>>> = {
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
      assert.deepEqual(await sendTicks(to, '0', ticks, live()), { sent: 2, lost: [] });
      const came: number[] = [];
      while (came.length < 2 && Date.now() < now + 20_000) {
        const { Messages = [] } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
        for (const { Body = '{}' } of Messages) came.push(Date.now() - Date.parse(JSON.parse(Body).dueAt));
        await wait(100);
      }
      assert.equal(came.length, 2);
      for (const late of came) assert.ok(late > -1_000 && late < 3_000, `${late} ms`);
    }),

  'a number that is put on the bus comes as one that we read': async (emulator) => {
    const time = '2026-11-20T08:00:00Z';
    const detail = { service: 'prod/checkout', name: 'load', value: 42, time };
    assert.partialDeepStrictEqual(await overTheBus(emulator, 'schmitt.signal', detail), {
      ...{ cluster: 'prod', service: 'checkout', kind: 'pushed', signal: 'load', value: 42, at: Date.parse(time) },
    });
  },

  'so do an alarm that goes off, a deployment, and tasks that cannot be placed': async (emulator) => {
    const dimensions = { ClusterName: 'prod', ServiceName: 'checkout' };
    const metric = { metricStat: { metric: { namespace: 'AWS/ECS', name: 'CPUUtilization', dimensions } } };
    const alarm = { alarmName: 'cpu-high', state: { value: 'ALARM' }, configuration: { metrics: [metric] } };
    const arn = `arn:aws:ecs:${REGION}:123456789012:service/prod/checkout`;
    const [deployed, unplaced] = ['SERVICE_DEPLOYMENT_COMPLETED', 'SERVICE_TASK_PLACEMENT_FAILURE'];
    const woken = { cluster: 'prod', service: 'checkout', kind: 'wake' };
    const rows = [
      ['CloudWatch Alarm State Change', alarm, 'alarm cpu-high'],
      ['ECS Deployment State Change', { eventName: deployed }, deployed],
      ['ECS Service Action', { eventName: unplaced }, unplaced],
    ] as const;
    for (const [type, detail, why] of rows) {
      assert.partialDeepStrictEqual(await overTheBus(emulator, type, detail, [arn]), { ...woken, why });
    }
  },
};
