/** A workload's own metrics: put, listed, read back, packed with gzip when they are many. */
import {
  GetMetricDataCommand,
  InvalidParameterValueException,
  ListMetricsCommand,
  type MetricDatum,
  PutMetricDataCommand,
  paginateListMetrics,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Bench, failure, startBench } from './clients.ts';
import { MINUTE, NOON, stubPlant } from './stub-plant.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench({ plants: [stubPlant()] });
});
afterEach(() => bench.close());

const put = (data: MetricDatum[], namespace = 'Shop') =>
  bench.cloudwatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData: data }));

async function read(name: string, stat = 'Average', unit?: 'Count' | 'Percent'): Promise<number[] | undefined> {
  const Metric = { Namespace: 'Shop', MetricName: name };
  const MetricStat = { Metric, Period: 60, Stat: stat, ...(unit === undefined ? {} : { Unit: unit }) };
  const window = { StartTime: new Date(NOON - 60 * MINUTE), EndTime: new Date(NOON + MINUTE) };
  const { MetricDataResults } = await bench.cloudwatch.send(
    new GetMetricDataCommand({ ...window, MetricDataQueries: [{ Id: 'q', MetricStat }], ScanBy: 'TimestampAscending' }),
  );
  return MetricDataResults?.[0]?.Values;
}

test('what was put can be read, in order of time whatever the order it came in', async () => {
  await put([
    { MetricName: 'Jobs', Value: 7, Unit: 'Count' },
    { MetricName: 'Jobs', Value: 3, Timestamp: new Date(NOON - 5 * MINUTE) },
    { MetricName: 'Jobs', Value: 5, Timestamp: new Date(NOON - 4 * MINUTE + 20_000) },
  ]);
  expect(await read('Jobs')).toEqual([3, 5, 7]);
  expect(await read('Jobs', 'Sum', 'Count')).toEqual([3, 5, 7]);
  expect(await read('Jobs', 'Sum', 'Percent')).toEqual([]);
});

test('sets of values and statistics count as what they stand for', async () => {
  await put([
    { MetricName: 'Latency', Values: [100, 200], Counts: [9, 1] },
    { MetricName: 'Size', StatisticValues: { Sum: 60, SampleCount: 4, Minimum: 1, Maximum: 40 } },
  ]);
  expect([await read('Latency', 'SampleCount'), await read('Latency'), await read('Latency', 'p95')]).toEqual([
    [10],
    [110],
    [200],
  ]);
  expect([await read('Size'), await read('Size', 'Maximum'), await read('Size', 'p50')]).toEqual([[15], [40], []]);
});

test('a body above 10 KB comes packed with gzip, and is read all the same', async () => {
  const packed: (string | undefined)[] = [];
  bench.cloudwatch.middlewareStack.add(
    (next) => (args) => {
      packed.push((args.request as { headers: Record<string, string> }).headers['content-encoding']);
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await put(Array.from({ length: 400 }, (_, i) => ({ MetricName: `Metric${i}`, Value: i })));
  expect(packed).toEqual(['gzip']);
  expect(await read('Metric399')).toEqual([399]);
});

test("AWS's own namespaces are not ours to write, and nothing is taken in part", async () => {
  const error = await failure(put([{ MetricName: 'CPUUtilization', Value: 1 }], 'AWS/ECS'));
  expect(error).toBeInstanceOf(InvalidParameterValueException);
  expect(error.message).toBe('The value AWS/ECS for parameter Namespace is invalid.');
  expect((await failure(put([{ MetricName: 'Good', Value: 1 }, { MetricName: 'Empty' }]))).message).toContain(
    'member.2',
  );
  expect(await read('Good')).toEqual([]);
});

test('metrics are listed with those of the plants, 500 a page, by namespace, name and dimension', async () => {
  const datum = (i: number) => ({ MetricName: 'Depth', Value: i, Dimensions: [{ Name: 'Queue', Value: `q${i}` }] });
  await put(Array.from({ length: 600 }, (_, i) => datum(i)));
  const sizes: (number | undefined)[] = [];
  for await (const page of paginateListMetrics({ client: bench.cloudwatch }, { Namespace: 'Shop' })) {
    sizes.push(page.Metrics?.length);
  }
  expect(sizes).toEqual([500, 100]);
  const list = (Dimensions: { Name: string; Value?: string }[]) =>
    bench.cloudwatch.send(new ListMetricsCommand({ Dimensions }));
  expect((await list([{ Name: 'Queue', Value: 'q7' }])).Metrics).toHaveLength(1);
  expect((await list([{ Name: 'ServiceName' }])).Metrics).toEqual([
    {
      Namespace: 'AWS/ECS',
      MetricName: 'CPUUtilization',
      Dimensions: [
        { Name: 'ClusterName', Value: 'prod' },
        { Name: 'ServiceName', Value: 'checkout' },
      ],
    },
  ]);
});
