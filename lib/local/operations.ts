/** The operations the local cloud knows, by service, and how often each was called. */

const ECS_OPERATIONS = [
  'DescribeCapacityProviders',
  'DescribeContainerInstances',
  'DescribeServices',
  'DescribeTaskDefinition',
  'DescribeTasks',
  'ListContainerInstances',
  'ListServices',
  'ListTasks',
  'UpdateService',
] as const;
const CLOUDWATCH_OPERATIONS = [
  'DescribeAlarms',
  'GetMetricData',
  'GetOTelEnrichment',
  'ListMetrics',
  'PutMetricData',
] as const;
export const DYNAMODB_OPERATIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
  'UpdateTable',
] as const;

const SQS_OPERATIONS = ['GetQueueAttributes', 'GetQueueUrl'] as const;
const ELB_OPERATIONS = [
  'DescribeAccountLimits',
  'DescribeTargetGroupAttributes',
  'DescribeTargetGroups',
  'DescribeTargetHealth',
] as const;
const EC2_OPERATIONS = ['DescribeSubnets'] as const;
const AUTO_SCALING_OPERATIONS = [
  'DescribeScalableTargets',
  'DescribeScalingPolicies',
  'DescribeScheduledActions',
  'GetPredictiveScalingForecast',
  'PutScalingPolicy',
  'RegisterScalableTarget',
] as const;

export type EcsOperation = (typeof ECS_OPERATIONS)[number];
export type CloudWatchOperation = (typeof CLOUDWATCH_OPERATIONS)[number];
export type DynamoDbOperation = (typeof DYNAMODB_OPERATIONS)[number];
export type SqsOperation = (typeof SQS_OPERATIONS)[number];
export type ElbOperation = (typeof ELB_OPERATIONS)[number];
export type Ec2Operation = (typeof EC2_OPERATIONS)[number];
export type AutoScalingOperation = (typeof AUTO_SCALING_OPERATIONS)[number];
export type Operation =
  | EcsOperation
  | CloudWatchOperation
  | DynamoDbOperation
  | SqsOperation
  | ElbOperation
  | Ec2Operation
  | AutoScalingOperation;

/** How often each operation arrived, with those that were scripted to fail. */
export class Calls {
  readonly #counts = new Map<Operation, number>();

  of(operation: Operation): number {
    return this.#counts.get(operation) ?? 0;
  }

  all(): Readonly<Partial<Record<Operation, number>>> {
    return Object.fromEntries(this.#counts);
  }

  count(operation: Operation): void {
    this.#counts.set(operation, this.of(operation) + 1);
  }
}
