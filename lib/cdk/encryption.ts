/** With a key of one's own: who else must be let in, besides those whom the resources grant it themselves. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
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
