/** Any metric of CloudWatch, from the local cloud: what an application sends itself, percentiles, the age of a queue's oldest message. */
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { expect, test } from '@jest/globals';
import type { SignalQuery } from '../../../lib/loop/ports.ts';
import type { SignalSpec } from '../../../lib/policy/policy.ts';
import { latencyOf, MINUTE, minutesAgo, NOW } from '../../contracts/signals.ts';
import { metricOf, point } from '../../local/stub-plant.ts';
import { CREDENTIALS, REGION } from '../dynamodb.ts';
import { type World, withCloud } from './local.ts';

function metricSignal(namespace: string, metric: string, facts: Partial<SignalSpec> = {}): SignalQuery {
  const source = { kind: 'cloudwatch', namespace, metric, dimensions: {} } as const;
  return latencyOf('checkout', { scale: 1, source, ...facts });
}

async function put({ cloud }: World, values: readonly number[], at: number): Promise<void> {
  const client = new CloudWatchClient({ region: REGION, credentials: CREDENTIALS, endpoint: cloud.endpoint });
  const datum = { MetricName: 'Wait', Timestamp: new Date(at), Values: [...values] };
  await client.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [datum] }));
  client.destroy();
}

test('what an application sends is read by any statistic, percentiles too', () =>
  withCloud({}, async (world) => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    await put(world, hundred, NOW - 2 * MINUTE);
    const stats = ['p95', 'p99.5', 'Average', 'SampleCount', 'Maximum'];
    const readings = await world.read(...stats.map((stat) => metricSignal('Shop', 'Wait', { stat })));
    expect(readings.map(({ values }) => values)).toEqual([95, 100, 50.5, 100, 100].map((one) => minutesAgo([2, one])));
    expect(readings.map(({ samples }) => samples?.map(([, count]) => count))).toEqual([
      [100],
      [100],
      undefined,
      undefined,
      undefined,
    ]);
    expect(world.cloud.calls.of('GetMetricData')).toBe(1);
  }));

test('the age of the oldest message of a queue is a metric of CloudWatch', () => {
  const dimensions = { QueueName: 'mail' };
  const age = metricOf('AWS/SQS', 'ApproximateAgeOfOldestMessage', dimensions, 60, [point(NOW - 2 * MINUTE, 60, [73])]);
  return withCloud({ metrics: [age] }, async ({ read }) => {
    const source = { kind: 'cloudwatch', namespace: 'AWS/SQS', metric: age.name, dimensions } as const;
    expect(await read(latencyOf('checkout', { source, stat: 'Maximum', scale: 1 }))).toMatchObject([
      { status: 'complete', values: minutesAgo([2, 73]) },
    ]);
  });
});

test('a namespace that nobody sends to is silent, as CloudWatch answers for it', () =>
  withCloud({}, async ({ read }) => {
    expect(await read(metricSignal('Typo', 'Wait'))).toEqual([{ status: 'complete', periodSeconds: 60, values: [] }]);
  }));
