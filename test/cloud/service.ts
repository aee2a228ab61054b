/** The service that is scaled on the emulator, the metric that it is scaled on, and the ticks that came. Clients go by the environment. */
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { keyOf } from '../../lib/aws/table.ts';

const [cluster, serviceName] = ['prod', 'checkout'];
const MINUTE = 60_000;
const PUT_EVERY_MS = 5_000;

export interface Service {
  desired(): Promise<number>;
  /** From now on; the first time for the last ten minutes too. */
  setCpu(percent: number): Promise<void>;
  /** Waits for the last number that is on its way. */
  close(): Promise<void>;
}

export async function createService(desiredCount: number): Promise<Service> {
  const ecs = new ECSClient();
  const cloudWatch = new CloudWatchClient();
  await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  const containerDefinitions = [{ name: 'checkout', image: 'busybox', memory: 64 }];
  await ecs.send(new RegisterTaskDefinitionCommand({ family: 'checkout', containerDefinitions }));
  await ecs.send(new CreateServiceCommand({ cluster, serviceName, taskDefinition: 'checkout', desiredCount }));

  let cpu = 0;
  let timer: NodeJS.Timeout | undefined;
  let putting: Promise<unknown> = Promise.resolve();
  const put = (...times: readonly number[]) =>
    cloudWatch.send(new PutMetricDataCommand({ Namespace: 'AWS/ECS', MetricData: times.map((at) => datum(at, cpu)) }));
  return {
    async desired() {
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: [serviceName] }));
      return services?.[0]?.desiredCount ?? Number.NaN;
    },
    async setCpu(percent) {
      cpu = percent;
      if (timer !== undefined) return;
      await put(...Array.from({ length: 10 }, (_, minute) => Date.now() - (minute + 1) * MINUTE));
      timer = setInterval(() => {
        // One that is lost is no fault: the next comes in a moment.
        putting = put(Date.now()).catch((error) => console.log(`     a number was not put: ${error}`));
      }, PUT_EVERY_MS);
    },
    async close() {
      clearInterval(timer);
      await putting;
      ecs.destroy();
      cloudWatch.destroy();
    },
  };
}

function datum(at: number, Value: number) {
  const Dimensions = [
    { Name: 'ClusterName', Value: cluster },
    { Name: 'ServiceName', Value: serviceName },
  ];
  return { MetricName: 'CPUUtilization', Dimensions, Unit: 'Percent' as const, Timestamp: new Date(at), Value };
}

/** How many ticks took the lease of the only shard so far: its fence only grows. */
export async function ticksSoFar(TableName: string): Promise<number> {
  const client = new DynamoDBClient();
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: keyOf('lease', '0'), ConsistentRead: true }));
  client.destroy();
  return Number(Item?.fence?.N ?? 0);
}
