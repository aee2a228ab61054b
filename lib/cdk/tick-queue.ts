/** For a cadence below a minute: the first tick of each minute sends the others into this queue, which holds each back until it is due. */
import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { encryptionOf } from './dead-letters.ts';
import { TICK_TIMEOUT } from './function.ts';

export interface TickQueueProps {
  readonly tick: LambdaFunction;
  readonly role: Role;
  readonly deadLetters: Queue;
  readonly key: IKey | undefined;
}

export function createTickQueue(scope: Construct, { tick, role, deadLetters, key }: TickQueueProps): Queue {
  const queue = new Queue(scope, 'Ticks', {
    ...encryptionOf(key),
    enforceSSL: true,
    // A tick that nobody took within a minute is worthless. Being held back does not count.
    retentionPeriod: Duration.minutes(2),
    visibilityTimeout: Duration.seconds(6 * TICK_TIMEOUT.toSeconds()),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: 1 },
  });
  role.addToPolicy(
    new PolicyStatement({ sid: 'SendTicks', actions: ['sqs:SendMessage'], resources: [queue.queueArn] }),
  );
  tick.addEventSource(new SqsEventSource(queue, { batchSize: 1 }));
  Validations.of(tick).acknowledge({
    id: 'Serverless-LambdaEventSourceMappingDestination',
    reason: 'A message that failed goes to the dead-letter queue of its own queue, as SQS has it.',
  });
  tick.addEnvironment('TICK_QUEUE_URL', queue.queueUrl);
  return queue;
}
