/** The functions. The tick's environment is what `lambdas/tick/configuration.ts` decodes. */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, type Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

interface EveryFunction {
  readonly code: Code;
  readonly logGroup: LogGroup;
  readonly role: IRole;
  readonly key: IKey | undefined;
}

export interface TickFunctionProps extends EveryFunction {
  readonly deadLetters: Queue;
  readonly environment: Readonly<Record<string, string>>;
}

/** Shorter than the lease, so that a tick that was cut off cannot overlap the next holder. */
export const TICK_TIMEOUT = Duration.seconds(30);

export function createTickFunction(scope: Construct, props: TickFunctionProps): LambdaFunction {
  const { deadLetters, environment } = props;
  const tick = new LambdaFunction(scope, 'Tick', {
    ...every(props),
    description: 'Schmitt: decides the desired count of every service of a shard, once a minute',
    // The share of a processor grows with the memory; this one costs some ten cents a month.
    memorySize: 512,
    timeout: TICK_TIMEOUT,
    environment: { ...environment, NODE_OPTIONS: '--enable-source-maps' },
    // Scheduler invokes asynchronously: Lambda's own two retries would run ticks that are minutes old.
    retryAttempts: 0,
    maxEventAge: Duration.seconds(60),
    onFailure: new SqsDestination(deadLetters),
  });
  Validations.of(tick).acknowledge({
    id: 'Serverless-LambdaDLQ',
    reason: 'What fails goes to the destination for failures, which says the cause as well.',
  });
  return tick;
}

export function createValidateFunction(scope: Construct, props: EveryFunction): LambdaFunction {
  const validate = new LambdaFunction(scope, 'Validate', {
    ...every(props),
    description: 'Schmitt: asked by AppConfig whether policies may be deployed',
    memorySize: 512,
    // AppConfig waits no longer.
    timeout: Duration.seconds(15),
    environment: { NODE_OPTIONS: '--enable-source-maps' },
  });
  Validations.of(validate).acknowledge({
    id: 'Serverless-LambdaDLQ',
    reason: 'AppConfig waits for its answer: nothing is left to be kept.',
  });
  return validate;
}

function every({ code, logGroup, role, key }: EveryFunction) {
  return {
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code,
    tracing: Tracing.ACTIVE,
    logGroup,
    role,
    ...(key === undefined ? {} : { environmentEncryption: key }),
  };
}

export function createLogGroup(
  scope: Construct,
  id: string,
  { retention, key }: { readonly retention: RetentionDays; readonly key: IKey | undefined },
): LogGroup {
  return new LogGroup(scope, id, {
    retention,
    removalPolicy: RemovalPolicy.DESTROY,
    ...(key === undefined ? {} : { encryptionKey: key }),
  });
}
