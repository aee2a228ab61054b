/** What the tick must be allowed to read, from the sources that the signals of its policies name. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { PolicySet, SignalSource } from '../policy/policy.ts';
import { signalsOf } from './derived-signals.ts';
import type { Settled } from './reach.ts';

export function signalStatements(scope: Construct, { set, standIns, scaled }: Settled): PolicyStatement[] {
  const sources = sourcesOf(set);
  const handed = new Map(
    scaled
      .flatMap(({ props }) => signalsOf(props).flatMap(({ queue }) => queue ?? []))
      .map((one) => [one.queueUrl, one]),
  );
  const queues = sources.flatMap((source) => (source.kind === 'sqs' ? [standIns.resolve(source.queue)] : []));
  const arns = queues.map((queue) => handed.get(queue)?.queueArn ?? queueArn(Stack.of(scope), queue));
  const statements = [
    new PolicyStatement({ sid: 'ReadMetrics', actions: ['cloudwatch:GetMetricData'], resources: ['*'] }),
    // Whether new tasks are in service: of any service that stands behind a load balancer.
    new PolicyStatement({
      sid: 'LookAtTargets',
      actions: ['elasticloadbalancing:DescribeTargetHealth'],
      resources: ['*'],
    }),
  ];
  if (sources.some(({ kind }) => kind === 'alb')) {
    statements.push(
      new PolicyStatement({
        sid: 'FindLoadBalancers',
        actions: ['elasticloadbalancing:DescribeTargetGroups'],
        resources: ['*'],
      }),
    );
  }
  if (arns.length > 0) {
    statements.push(
      new PolicyStatement({
        sid: 'ReadQueues',
        actions: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
        resources: [...new Set(arns)].sort(),
      }),
    );
  }
  return statements;
}

/** Of all signals; a share has two, and the one it is a share of is a signal of its own. */
export function sourcesOf({ services, tagged }: Pick<PolicySet, 'services' | 'tagged'>): SignalSource[] {
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
