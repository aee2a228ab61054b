/** With a key of one's own: who else must be let in, besides those whom the resources grant it themselves. */
import { Stack, Validations } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

const USE = ['kms:Decrypt', 'kms:GenerateDataKey*'];

/** An imported key has a policy of its own, which must say the same. */
export function letServicesUse(key: IKey, scope: Construct): void {
  const { account, partition, region } = Stack.of(scope);
  const ours = { StringEquals: { 'aws:SourceAccount': account } };
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsMayPublish',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: USE,
      resources: ['*'],
      conditions: ours,
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'RulesMaySend',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: USE,
      resources: ['*'],
      conditions: ours,
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'LogsMayEncrypt',
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
      },
    }),
  );
}

/** A function that keeps state in the table: DynamoDB asks these actions of whoever uses a table with a key. */
export function letFunctionUse(key: IKey | undefined, role: IRole): void {
  if (key === undefined) return;
  key.grantEncryptDecrypt(role);
  for (const action of ['ReEncrypt', 'GenerateDataKey']) {
    const id = `AwsSolutions-IAM5[Action::kms:${action}*]`;
    Validations.of(role).acknowledge({
      id,
      reason: 'As DynamoDB asks of whoever uses a table with a key; of one key.',
    });
  }
}

/** Whoever sends into a queue with a key. */
export function letSend(key: IKey | undefined, role: IRole): void {
  key?.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey');
}
