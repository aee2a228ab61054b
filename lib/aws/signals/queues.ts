/** Asks queues how many messages they have: one call each, because SQS has no batch for it, a few at a time. */
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type QueueAttributeName,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { inParallel } from '../batches.ts';
import { clauseOf, limited, nameOf } from '../call.ts';
import { counted, type Meter } from './meter.ts';
import type { QueueAnswer, QueueCounts, QueueName, QueueRead } from './sqs.ts';

export interface Queues {
  /** One answer for each read, by its id. A queue that fails says so for itself; only the caller's abort is thrown. */
  ask(reads: readonly QueueRead[], abort: AbortSignal): Promise<readonly (readonly [string, QueueAnswer])[]>;
}

const CALLS_AT_ONCE = 16;

const ATTRIBUTES: Readonly<Record<keyof QueueCounts, QueueAttributeName>> = {
  visible: 'ApproximateNumberOfMessages',
  inFlight: 'ApproximateNumberOfMessagesNotVisible',
  delayed: 'ApproximateNumberOfMessagesDelayed',
};

export function sqsQueues(client: SQSClient, callMs: number, meter: Meter): Queues {
  /** A queue keeps its URL as long as it lives. */
  const urls = new Map<string, string>();
  return {
    ask: (reads, abort) =>
      inParallel(CALLS_AT_ONCE, reads, async (read) => {
        try {
          return [read.id, await askOne({ client, callMs, abort, meter, urls }, read)] as const;
        } catch (error) {
          if (abort.aborted) throw error;
          const status = /^(AccessDenied|Unauthorized|NotAuthorized)/.test(nameOf(error)) ? 'forbidden' : 'failed';
          return [read.id, { status, cause: clauseOf(error) }] as const;
        }
      }),
  };
}

interface Asking {
  readonly client: SQSClient;
  readonly callMs: number;
  readonly abort: AbortSignal;
  readonly meter: Meter;
  readonly urls: Map<string, string>;
}

async function askOne(asking: Asking, queue: QueueRead): Promise<QueueAnswer> {
  const { client, callMs, abort, meter, urls } = asking;
  const region = await client.config.region();
  if (queue.owner !== undefined && queue.owner.region !== region) {
    return { status: 'failed', cause: `the queue is in ${queue.owner.region}, and only those of ${region} are read` };
  }
  const QueueUrl = urls.get(keyOf(queue)) ?? (await urlOf(asking, queue));
  urls.set(keyOf(queue), QueueUrl);
  counted(meter, 'GetQueueAttributes');
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: Object.values(ATTRIBUTES) });
  const { Attributes = {} } = await limited(callMs, abort, (abortSignal) => client.send(command, { abortSignal }));
  return countsIn(Attributes);
}

async function urlOf({ client, callMs, abort }: Asking, { name, owner }: QueueName): Promise<string> {
  const command = new GetQueueUrlCommand({
    QueueName: name,
    ...(owner === undefined ? {} : { QueueOwnerAWSAccountId: owner.account }),
  });
  const { QueueUrl } = await limited(callMs, abort, (abortSignal) => client.send(command, { abortSignal }));
  if (QueueUrl === undefined) throw new Error('SQS answered without the URL of the queue');
  return QueueUrl;
}

/** Numbers come as text. */
function countsIn(attributes: Partial<Record<string, string>>): QueueAnswer {
  const count = (name: keyof QueueCounts) => attributes[ATTRIBUTES[name]] ?? '';
  const counts = {
    visible: Number(count('visible')),
    inFlight: Number(count('inFlight')),
    delayed: Number(count('delayed')),
  };
  const bad = (Object.keys(ATTRIBUTES) as (keyof QueueCounts)[]).find((name) => !/^\d{1,15}$/.test(count(name)));
  if (bad === undefined) return { status: 'complete', counts };
  const cause = `SQS answered with ${ATTRIBUTES[bad]} ${count(bad) === '' ? 'missing' : `"${count(bad)}"`}`;
  return { status: 'failed', cause };
}

function keyOf({ name, owner }: QueueName): string {
  return `${owner?.account} ${name}`;
}
