/** Amazon SQS over its JSON 1.0 protocol: how many messages a queue has at this moment. */
import { queueName } from '../../sim/queue-reporter.ts';
import type { Plant } from '../../sim/types.ts';
import { AwsError } from '../aws-error.ts';
import type { Answer, JsonService } from '../aws-service.ts';
import { type JsonObject, text, texts } from '../json-input.ts';
import type { SqsOperation } from '../operations.ts';

/** A queue that belongs to no plant. */
export interface LocalQueue {
  readonly name: string;
  /** Read at each call. */
  readonly counts: { readonly visible: number; readonly inFlight: number; readonly delayed: number };
}

export interface SqsOptions {
  readonly account: string;
  readonly region: string;
  readonly plants: readonly Plant[];
  readonly queues: readonly LocalQueue[];
}

export function createSqs(options: SqsOptions): JsonService {
  const operations = new Map<SqsOperation, Answer>([
    ['GetQueueUrl', (input) => ({ QueueUrl: urlOf(options, find(options, text(input, 'QueueName')).name) })],
    ['GetQueueAttributes', (input) => getQueueAttributes(options, input)],
  ]);
  return {
    protocol: 'json',
    targetPrefix: 'AmazonSQS',
    signingName: 'sqs',
    contentType: 'application/x-amz-json-1.0',
    errorNamespace: 'com.amazonaws.sqs',
    operations,
    refusals: {
      throttle: () => new AwsError(400, 'RequestThrottled', 'Rate exceeded', 'RequestThrottled'),
      serverError: () => new AwsError(500, 'InternalFailure', 'Internal failure', 'InternalError'),
      accessDenied: (operation) => {
        const message = `User is not authorized to perform: sqs:${operation.toLowerCase()}`;
        return new AwsError(403, 'AccessDeniedException', message, 'AccessDenied');
      },
    },
  };
}

const COUNTS = {
  ApproximateNumberOfMessages: 'visible',
  ApproximateNumberOfMessagesNotVisible: 'inFlight',
  ApproximateNumberOfMessagesDelayed: 'delayed',
} as const;

/** Numbers come as text, as SQS sends them; only what was asked for comes. */
function getQueueAttributes(options: SqsOptions, input: JsonObject): object {
  const url = text(input, 'QueueUrl') ?? '';
  const { counts } = find(options, url.slice(url.lastIndexOf('/') + 1));
  const asked = texts(input, 'AttributeNames');
  const unknown = asked.find((name) => name !== 'All' && !(name in COUNTS));
  if (unknown !== undefined) {
    throw new AwsError(400, 'InvalidAttributeName', `Unknown Attribute ${unknown}.`, 'InvalidAttributeName');
  }
  const shown = Object.entries(COUNTS).filter(([name]) => asked.includes('All') || asked.includes(name));
  return { Attributes: Object.fromEntries(shown.map(([name, count]) => [name, String(counts[count])])) };
}

function find({ plants, queues }: SqsOptions, name: string | undefined): LocalQueue {
  for (const queue of queues) if (queue.name === name) return queue;
  for (const plant of plants) {
    const view = plant.view();
    const own = queueName(view);
    if (view.queue !== undefined && own === name) return { name: own, counts: { ...view.queue, delayed: 0 } };
  }
  const message = 'The specified queue does not exist.';
  throw new AwsError(400, 'QueueDoesNotExist', message, 'AWS.SimpleQueueService.NonExistentQueue');
}

function urlOf({ account, region }: SqsOptions, name: string): string {
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}
