/** What the tick must be allowed to read, from the sources that the signals of its policies name. */
import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { PolicySet, SignalSource } from '../policy/policy.ts';

export function signalStatements(stack: Stack, policies: PolicySet): PolicyStatement[] {
  const sources = sourcesOf(policies);
  const queues = sources.flatMap((source) => (source.kind === 'sqs' ? [source.queue] : []));
  const statements = [
    new PolicyStatement({ sid: 'ReadMetrics', actions: ['cloudwatch:GetMetricData'], resources: ['*'] }),
  ];
  // Whether tasks are in service is asked of their target groups, whatever the signals are.
  statements.push(
    new PolicyStatement({
      sid: 'FindLoadBalancers',
      actions: ['elasticloadbalancing:DescribeTargetGroups', 'elasticloadbalancing:DescribeTargetHealth'],
      resources: ['*'],
    }),
  );
  if (queues.length > 0) {
    statements.push(
      new PolicyStatement({
        sid: 'ReadQueues',
        actions: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
        resources: [...new Set(queues.map((queue) => queueArn(stack, queue)))].sort(),
      }),
    );
  }
  return statements;
}

/** Of all signals; a share has two, and the one it is a share of is a signal of its own. */
function sourcesOf({ services, tagged }: PolicySet): SignalSource[] {
  return [...services, ...tagged.map(({ policy }) => policy)]
    .filter(({ mode }) => mode !== 'off')
    .flatMap(({ signals }) => Object.values(signals))
    .map(({ source }) => (source.kind === 'share' ? source.part : source));
}

/** A queue is named by its name, its URL or its ARN. */
function queueArn(stack: Stack, queue: string): string {
  if (queue.startsWith('arn:')) return queue;
  const [, region, account, name] = queue.match(/^https:\/\/sqs\.([^.]+)\.[^/]+\/(\d{12})\/([^/]+)$/) ?? [];
  const at = region === undefined || account === undefined ? {} : { region, account };
  return stack.formatArn({ service: 'sqs', resource: name ?? queue, arnFormat: ArnFormat.NO_RESOURCE_NAME, ...at });
}
