/**
 * The local cloud: plants in virtual time behind the real wire protocols of ECS, CloudWatch, ELB, SQS, Application Auto Scaling and
 * DynamoDB, on loopback only. The unmodified SDK clients run against it. It never moves time: whoever holds the plants does.
 */
import type { EpochMs } from '../policy/policy.ts';
import type { Plant } from '../sim/types.ts';
import { createAutoScaling, type LocalScaling } from './autoscaling.ts';
import { createCloudWatch } from './cloudwatch/cloudwatch.ts';
import { createDynamoDbServer } from './dynamodb.ts';
import { createEc2 } from './ec2.ts';
import { createEcs } from './ecs/ecs.ts';
import { createElb } from './elb/elb.ts';
import { Faults } from './faults.ts';
import { close, listen } from './listen.ts';
import { Calls } from './operations.ts';
import { createCloudServer } from './server.ts';
import { createSqs, type LocalQueue } from './sqs/sqs.ts';
import { type LocalSurroundings, surrounded } from './surroundings.ts';

export interface LocalCloudOptions {
  /** One ECS service each. Names are unique. */
  readonly plants: readonly Plant[];
  /** Beside those that the plants pull from. */
  readonly queues?: readonly LocalQueue[];
  /** What Application Auto Scaling was told of the services; nothing by default. */
  readonly scaling?: readonly LocalScaling[];
  /** What stands around the services; nothing by default. */
  readonly surroundings?: LocalSurroundings;
  /** Of all but DynamoDB; 0, the default, takes any free port. DynamoDB's is always any. */
  readonly port?: number;
  /** Twelve digits; `123456789012` by default. */
  readonly account?: string;
  /** Requests signed for another one are refused; `us-east-1` by default. */
  readonly region?: string;
  /** Virtual now, for what belongs to no plant. By default the furthest plant's. */
  readonly clock?: { now(): EpochMs };
  /** Virtual seconds for which `DescribeServices` still shows the count before an `UpdateService`; 0 by default. */
  readonly staleReadSeconds?: number;
}

export interface LocalCloud {
  /** For all but DynamoDB. */
  readonly endpoint: string;
  readonly dynamoEndpoint: string;
  readonly faults: Faults;
  readonly calls: Calls;
  /** Ends all connections. The tables are gone with it. May be called twice. */
  close(): Promise<void>;
}

/** Throws `BadInput` where the port cannot be had. */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const {
    plants,
    port = 0,
    account = '123456789012',
    region = 'us-east-1',
    staleReadSeconds = 0,
    scaling = [],
  } = options;
  const now = options.clock?.now.bind(options.clock) ?? (() => Math.max(0, ...plants.map((plant) => plant.now)));
  const faults = new Faults();
  const calls = new Calls();
  const services = [
    createEcs({ account, region, plants, staleReadSeconds }),
    createCloudWatch({ plants, faults, now, alarms: scaling.flatMap(({ alarms = [] }) => alarms) }),
    createElb({ account, region, plants }),
    createSqs({ account, region, plants, queues: options.queues ?? [] }),
    createAutoScaling(scaling),
    createEc2(options.surroundings?.subnets ?? []),
  ];
  const server = createCloudServer({
    services: surrounded(services, options.surroundings ?? {}),
    region,
    faults,
    calls,
  });
  const dynamo = createDynamoDbServer(faults, calls);
  const endpoint = await listen(server, port);
  const dynamoEndpoint = await listen(dynamo, 0);
  return {
    endpoint,
    dynamoEndpoint,
    faults,
    calls,
    close: async () => {
      await Promise.all([close(server), close(dynamo)]);
    },
  };
}
