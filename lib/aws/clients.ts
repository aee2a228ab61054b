/** The clients, each with a time limit on connecting and on answering; connections are kept alive, which is the SDK's default. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { SQSClient } from '@aws-sdk/client-sqs';
import { UPDATE_TIME_LIMIT_MS } from '../loop/ports.ts';

export interface ClientOptions {
  /** Absent: as the SDK finds it, from the environment. */
  readonly region?: string;
  /** Absent: as the SDK finds them. */
  readonly credentials?: Credentials;
  /** Where AWS is not itself: a local cloud. */
  readonly endpoints?: Endpoints;
  readonly limits?: Partial<CallLimits>;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Endpoints {
  readonly ecs?: string;
  readonly cloudwatch?: string;
  readonly dynamodb?: string;
  readonly elb?: string;
  readonly sqs?: string;
  readonly tagging?: string;
  readonly appconfig?: string;
}

/** All but `setDesiredCount`, whose limits are the ports' law. */
export interface CallLimits {
  /** Attempts of one call, the first included. */
  readonly attempts: number;
  readonly connectMs: number;
  /** One attempt, from sending to the answer's head; also the longest silence within an answer. */
  readonly attemptMs: number;
  /** One call with all its attempts and the waits between them. */
  readonly callMs: number;
}

export const CALL_LIMITS: CallLimits = Object.freeze({
  attempts: 3,
  connectMs: 1_000,
  attemptMs: 3_000,
  callMs: 8_000,
});

export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly cloudwatch: CloudWatchClient;
  readonly ecs: ECSClient;
  /** One attempt only: a change is never sent twice for one decision. */
  readonly ecsOnce: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly sqs: SQSClient;
  readonly tagging: ResourceGroupsTaggingAPIClient;
  readonly limits: CallLimits;
  /** Closes the connections. */
  close(): void;
}

export function awsClients(options: ClientOptions): Clients {
  const limits = { ...CALL_LIMITS, ...options.limits };
  const once = { ...limits, attempts: 1, attemptMs: UPDATE_TIME_LIMIT_MS };
  const dynamodb = new DynamoDBClient(configOf(options, limits, options.endpoints?.dynamodb));
  const cloudwatch = new CloudWatchClient(configOf(options, limits, options.endpoints?.cloudwatch));
  const ecs = new ECSClient(configOf(options, limits, options.endpoints?.ecs));
  const ecsOnce = new ECSClient(configOf(options, once, options.endpoints?.ecs));
  const elb = new ElasticLoadBalancingV2Client(configOf(options, limits, options.endpoints?.elb));
  // A queue's URL says where it lives; what is signed goes to the Region's own endpoint all the same.
  const sqs = new SQSClient({ ...configOf(options, limits, options.endpoints?.sqs), useQueueUrlAsEndpoint: false });
  const tagging = new ResourceGroupsTaggingAPIClient(configOf(options, limits, options.endpoints?.tagging));
  return {
    dynamodb,
    cloudwatch,
    ecs,
    ecsOnce,
    elb,
    sqs,
    tagging,
    limits,
    close: () => {
      for (const client of [dynamodb, cloudwatch, ecs, ecsOnce, elb, sqs, tagging]) client.destroy();
    },
  };
}

/** What every client is made with. */
export function configOf({ region, credentials }: ClientOptions, limits: CallLimits, endpoint: string | undefined) {
  return {
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(endpoint === undefined ? {} : { endpoint }),
    retryMode: 'standard',
    maxAttempts: limits.attempts,
    requestHandler: {
      connectionTimeout: limits.connectMs,
      requestTimeout: limits.attemptMs,
      // Without it the SDK only warns when the time is over.
      throwOnRequestTimeout: true,
      // An answer that stops in its middle.
      socketTimeout: limits.attemptMs,
    },
  };
}
