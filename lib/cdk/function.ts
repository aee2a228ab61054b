/** The tick's function. Its environment is what `lambdas/tick/configuration.ts` decodes. */
import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { PolicySet } from '../policy/policy.ts';
import { createTickRole } from './role.ts';

export interface TickFunctionProps {
  readonly table: Table;
  readonly deadLetters: Queue;
  readonly policies: PolicySet;
  /** The folder that `bundle.ts` wrote. */
  readonly asset: string;
}

export function createTickFunction(stack: Stack, props: TickFunctionProps): LambdaFunction {
  const { table, deadLetters, policies, asset } = props;
  const logGroup = new LogGroup(stack, 'TickLogs', {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return new LambdaFunction(stack, 'Tick', {
    description: 'Schmitt: decides the desired count of every service of a shard, once a minute',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromAsset(asset),
    // The share of a processor grows with the memory; this one costs some ten cents a month.
    memorySize: 512,
    // Shorter than the lease, so that a tick that was cut off cannot overlap the next holder.
    timeout: Duration.seconds(30),
    tracing: Tracing.ACTIVE,
    logGroup,
    role: createTickRole(stack, { table, logGroup, policies }),
    environment: { TABLE_NAME: table.tableName, NODE_OPTIONS: '--enable-source-maps' },
    // Scheduler invokes asynchronously: Lambda's own two retries would run ticks that are minutes old.
    retryAttempts: 0,
    maxEventAge: Duration.seconds(60),
    onFailure: new SqsDestination(deadLetters),
  });
}
