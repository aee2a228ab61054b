/** Where a tick goes that could not be delivered or that failed: the evidence, not a work list, for a late tick is worthless. */
import { Duration, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export function createDeadLetterQueue(scope: Construct, key: IKey | undefined): Queue {
  const queue = new Queue(scope, 'DeadLetters', {
    ...encryptionOf(key),
    enforceSSL: true,
    retentionPeriod: Duration.days(4),
  });
  // The rules see the queues that other queues name, not what schedules and functions do.
  for (const id of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy']) {
    Validations.of(queue).acknowledge({ id, reason: 'This is the dead-letter queue.' });
  }
  return queue;
}

export function encryptionOf(key: IKey | undefined) {
  return key === undefined
    ? { encryption: QueueEncryption.SQS_MANAGED }
    : { encryption: QueueEncryption.KMS, encryptionMasterKey: key };
}
