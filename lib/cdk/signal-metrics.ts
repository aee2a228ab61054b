/** A service's signals as CloudWatch metrics, for pictures. What CloudWatch does not have (queries, pushed numbers) is left out. */
import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { ServicePolicy, SignalSource, SignalSpec } from '../policy/policy.ts';
import type { Settled } from './reach.ts';

export interface SignalMetric {
  readonly signal: string;
  readonly metric: Metric;
}

type Named = Pick<Metric, 'namespace' | 'metricName'> & { readonly dimensionsMap: Record<string, string> };

export function signalMetrics(policy: ServicePolicy, settled: Settled): readonly SignalMetric[] {
  return Object.entries(policy.signals).flatMap(([signal, spec]) => {
    const named = namedIn(spec.source, policy, settled);
    if (named === undefined) return [];
    const period = Duration.seconds(Math.max(60, spec.periodSeconds));
    return [{ signal, metric: new Metric({ ...named, statistic: statisticOf(spec), period, label: signal }) }];
  });
}

function namedIn(source: SignalSource, { cluster, service }: ServicePolicy, settled: Settled): Named | undefined {
  const { standIns, scaled } = settled;
  switch (source.kind) {
    case 'ecs':
      return {
        namespace: 'AWS/ECS',
        metricName: source.metric,
        dimensionsMap: { ClusterName: standIns.resolve(cluster), ServiceName: standIns.resolve(service) },
      };
    case 'cloudwatch': {
      const resolved = Object.entries(source.dimensions).map(([name, value]) => [name, standIns.resolve(value)]);
      return { namespace: source.namespace, metricName: source.metric, dimensionsMap: Object.fromEntries(resolved) };
    }
    case 'alb': {
      const handed = scaled.find(({ name }) => name.cluster === cluster && name.service === service);
      const metric = ofTargetGroup(handed?.props.targetGroup, source.metric);
      if (metric === undefined) return undefined;
      const { namespace, metricName, dimensions = {} } = metric;
      return { namespace, metricName, dimensionsMap: { ...dimensions } };
    }
    case 'sqs':
      return queueMetric(standIns.resolve(source.queue), source.queue, settled);
    default:
      return undefined;
  }
}

/** What waits; a queue's metrics know no sum of it and what is in flight. */
function queueMetric(queue: string, written: string, { scaled }: Settled): Named {
  const handed = scaled
    .flatMap(({ props }) => Object.values(props.queues ?? {}))
    .find(({ queueUrl }) => queueUrl === queue);
  const name = handed?.queueName ?? written.split(/[/:]/).at(-1) ?? written;
  return { namespace: 'AWS/SQS', metricName: 'ApproximateNumberOfMessagesVisible', dimensionsMap: { QueueName: name } };
}

function statisticOf({ source, stat }: SignalSpec): string {
  return source.kind === 'sqs' ? 'Maximum' : stat;
}

/** CDK throws where it does not know the load balancer, as of a target group that is imported; the tick finds it all the same. */
function ofTargetGroup(targetGroup: IApplicationTargetGroup | undefined, metricName: string): Metric | undefined {
  try {
    return targetGroup?.metrics.custom(metricName);
  } catch {
    return undefined;
  }
}
