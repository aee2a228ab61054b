/** A real plant behind the real clients: what UpdateService begins, later reads and datapoints show, each in its time. */
import { GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sampledLoad } from '../../lib/sim/load.ts';
import { createPlant } from '../../lib/sim/plant.ts';
import type { Plant } from '../../lib/sim/types.ts';
import { ACCOUNT, type Bench, REGION, startBench } from './clients.ts';
import { MINUTE, NOON } from './stub-plant.ts';

let plant: Plant;
let bench: Bench;

beforeEach(async () => {
  // 240 requests a second on four tasks of 100: 60 % each.
  const load = sampledLoad('steady', NOON, 60, new Float64Array(120).fill(240));
  plant = createPlant({ load, seed: 7, desired: 4 });
  bench = await startBench({ plants: [plant] });
});
afterEach(() => bench.close());

async function service() {
  const { services } = await bench.ecs.send(new DescribeServicesCommand({ cluster: 'prod', services: ['checkout'] }));
  const [found] = services ?? [];
  if (found === undefined) throw new Error('no service');
  return found;
}

async function cpu(stat: string): Promise<readonly number[]> {
  const Dimensions = [
    { Name: 'ClusterName', Value: 'prod' },
    { Name: 'ServiceName', Value: 'checkout' },
  ];
  const Metric = { Namespace: 'AWS/ECS', MetricName: 'CPUUtilization', Dimensions };
  const { MetricDataResults } = await bench.cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(NOON),
      EndTime: new Date(plant.now),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [{ Id: 'cpu', MetricStat: { Metric, Period: 60, Stat: stat } }],
    }),
  );
  return MetricDataResults?.[0]?.Values ?? [];
}

test('tasks that were asked for are pending, then running, then steady', async () => {
  plant.advanceTo(NOON + 5 * MINUTE);
  await bench.ecs.send(new UpdateServiceCommand({ cluster: 'prod', service: 'checkout', desiredCount: 8 }));
  expect(await service()).toMatchObject({ desiredCount: 8, runningCount: 4 });
  plant.advanceTo(NOON + 5 * MINUTE + 1000);
  expect(await service()).toMatchObject({ desiredCount: 8, runningCount: 4, pendingCount: 4 });
  plant.advanceTo(NOON + 15 * MINUTE);
  const { runningCount, pendingCount, events } = await service();
  expect([runningCount, pendingCount]).toEqual([8, 0]);
  expect(events?.[0]?.message).toBe('(service checkout) has reached a steady state.');
});

test('a minute can be read 50 seconds after its end; more tasks make it calmer', async () => {
  plant.advanceTo(NOON + 10 * MINUTE + 49_000);
  expect(await cpu('Average')).toHaveLength(9);
  plant.advanceTo(NOON + 10 * MINUTE + 50_000);
  const before = await cpu('Average');
  expect(before).toHaveLength(10);
  await bench.ecs.send(new UpdateServiceCommand({ cluster: 'prod', service: 'checkout', desiredCount: 8 }));
  plant.advanceTo(NOON + 30 * MINUTE);
  const after = await cpu('Average');
  expect(after.at(-1)).toBeLessThan(0.7 * (before.at(-1) ?? 0));
  expect((await cpu('SampleCount')).at(-1)).toBe(8);
});

test('a load balancer is named by the service and by its metrics alike', async () => {
  plant.advanceTo(NOON + 5 * MINUTE);
  const [group] = (await service()).loadBalancers ?? [];
  const { Metrics } = await bench.cloudwatch.send(new ListMetricsCommand({ MetricName: 'RequestCount' }));
  const named = Metrics?.[0]?.Dimensions?.find(({ Name }) => Name === 'TargetGroup')?.Value;
  expect(group?.targetGroupArn).toBe(`arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:${named}`);
  expect(named).toMatch(/^targetgroup\/checkout\//);
});

test('a new deployment shows both revisions while it rolls', async () => {
  plant.advanceTo(NOON + 5 * MINUTE);
  await bench.ecs.send(new UpdateServiceCommand({ cluster: 'prod', service: 'checkout', forceNewDeployment: true }));
  plant.advanceTo(NOON + 5 * MINUTE + 1000);
  const { deployments } = await service();
  expect(deployments?.map(({ status, rolloutState }) => [status, rolloutState])).toEqual([
    ['PRIMARY', 'IN_PROGRESS'],
    ['ACTIVE', 'COMPLETED'],
  ]);
});
