/** Where the alarms go. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export function createAlarmTopic(scope: Construct, key: IKey | undefined): Topic {
  const topic = new Topic(scope, 'Alarms', {
    displayName: 'Schmitt alarms',
    enforceSSL: true,
    ...(key === undefined ? {} : { masterKey: key }),
  });
  // A topic policy of one's own replaces the default one, which let CloudWatch in.
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsMayPublish',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  return topic;
}
