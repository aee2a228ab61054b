/**
 * The checks: a function that looks at what stands around the services once an hour, soon when a service is new, and at once when ECS cannot
 * place or start tasks. It reads, and writes what it found into the table; it changes no service.
 */
import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { Policy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  type Code,
  type IFunction,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Schedule, ScheduleExpression, ScheduleTargetInput, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { letFunctionUse, letSend } from './encryption.ts';
import { troublePattern } from './events.ts';
import type { HotPolicies } from './hot-policies.ts';
import { reachOf, type Settled } from './reach.ts';
import { wildcardReasons } from './role.ts';
import { taggedStatements } from './tagged-permissions.ts';

export interface HourlyChecksProps {
  readonly table: Table;
  readonly logGroup: LogGroup;
  readonly code: Code;
  /** As the tick's. */
  readonly environment: Readonly<Record<string, string>>;
  readonly deadLetters: Queue;
  readonly key: IKey | undefined;
  readonly hot: HotPolicies | undefined;
  /** Goes off when checks do not come. */
  readonly missing: Alarm;
}

export interface HourlyChecks {
  readonly checks: IFunction;
  /** Adds what the policies ask for. */
  permit(settled: Settled): void;
}

export function createHourlyChecks(scope: Construct, props: HourlyChecksProps): HourlyChecks {
  const { key, hot, deadLetters } = props;
  const { role, document } = createRole(scope, props);
  letFunctionUse(key, role);
  if (hot !== undefined) new Policy(hot, 'ReadForChecks', { roles: [role], statements: [hot.readStatement()] });
  const checks = createFunction(scope, role, props);
  const schedules = createSchedules(scope, checks, props);
  // The first check finds policies, and nobody is told that there was none before it.
  for (const schedule of schedules) if (hot !== undefined) schedule.node.addDependency(hot);
  props.missing.node.addDependency(...schedules);
  return {
    checks,
    permit(settled) {
      const reach = reachOf(scope, settled);
      const { read } = taggedStatements(Stack.of(scope), settled.set);
      const describe = { sid: 'DescribeServices', actions: ['ecs:DescribeServices'], resources: [...reach.read] };
      document.addStatements(...(reach.read.length === 0 ? [] : [new PolicyStatement(describe)]), ...read);
      for (const [id, reason] of Object.entries(wildcardReasons(reach, settled, NO_RESOURCES)))
        Validations.of(role).acknowledge({ id, reason });
      new Rule(scope, 'ChecksTrouble', {
        description: 'Schmitt: tasks that ECS cannot place or start',
        eventPattern: troublePattern(scope, settled),
        targets: [
          new FunctionTarget(checks, {
            deadLetterQueue: deadLetters,
            maxEventAge: Duration.minutes(5),
            retryAttempts: 1,
          }),
        ],
      });
    },
  };
}

const NO_RESOURCES =
  'Subnets, load balancers, limits, metrics, task definitions, instances and scalable targets are read, which knows no resources or names that nobody knows beforehand.';

function createFunction(scope: Construct, role: Role, props: HourlyChecksProps): LambdaFunction {
  const checks = new LambdaFunction(scope, 'Checks', {
    description: 'Schmitt: looks once an hour for room for more tasks, and for what else scales them',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: props.code,
    memorySize: 512,
    // Some hundreds of services, a few calls each, four at a time.
    timeout: Duration.minutes(5),
    environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
    tracing: Tracing.ACTIVE,
    logGroup: props.logGroup,
    role,
    retryAttempts: 1,
    maxEventAge: Duration.minutes(10),
    onFailure: new SqsDestination(props.deadLetters),
    ...(props.key === undefined ? {} : { environmentEncryption: props.key }),
  });
  Validations.of(checks).acknowledge({
    id: 'Serverless-LambdaDLQ',
    reason: 'What fails goes to the destination for failures, which says the cause as well.',
  });
  return checks;
}

function createRole(scope: Construct, { table, logGroup }: HourlyChecksProps) {
  const statement = (sid: string, actions: string[], resources: string[], keys?: string[]) =>
    new PolicyStatement({
      ...{ sid, actions, resources },
      ...(keys === undefined ? {} : { conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } } }),
    });
  const document = new PolicyDocument({
    statements: [
      statement('KeepFindings', ['dynamodb:GetItem', 'dynamodb:PutItem'], [table.tableArn], ['headroom#*', 'policies']),
      statement('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
      statement('Look', [...LOOKED_WITH], ['*']),
    ],
  });
  const role = new Role(scope, 'ChecksRole', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: 'Schmitt: reads what stands around services, and keeps what it found',
    inlinePolicies: { Checks: document },
  });
  return { role, document };
}

const LOOKED_WITH = [
  'application-autoscaling:DescribeScalableTargets',
  'application-autoscaling:DescribeScalingPolicies',
  'application-autoscaling:DescribeScheduledActions',
  'cloudwatch:GetMetricData',
  'ec2:DescribeSubnets',
  'ecs:DescribeCapacityProviders',
  'ecs:DescribeContainerInstances',
  'ecs:DescribeTaskDefinition',
  'ecs:ListContainerInstances',
  'elasticloadbalancing:DescribeAccountLimits',
  'elasticloadbalancing:DescribeTargetGroupAttributes',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
] as const;

function createSchedules(scope: Construct, checks: IFunction, { deadLetters, key }: HourlyChecksProps): Schedule[] {
  const stack = Stack.of(scope);
  const arnFormat = ArnFormat.SLASH_RESOURCE_NAME;
  const group = { service: 'scheduler', resource: 'schedule-group', resourceName: 'default', arnFormat };
  const role = new Role(scope, 'ChecksSchedulerRole', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': stack.formatArn(group) } },
    }),
    description: 'Schmitt: EventBridge Scheduler invokes the checks',
    inlinePolicies: {
      Invoke: new PolicyDocument({
        statements: [
          new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [checks.functionArn] }),
          new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
        ],
      }),
    },
  });
  letSend(key, role);
  const every = (id: string, rate: Duration, what: string, input?: ScheduleTargetInput) =>
    new Schedule(scope, id, {
      description: `Schmitt: ${what}`,
      schedule: ScheduleExpression.rate(rate),
      timeWindow: TimeWindow.off(),
      target: new LambdaInvoke(checks, {
        role: role.withoutPolicyUpdates(),
        maxEventAge: Duration.minutes(10),
        retryAttempts: 2,
        deadLetterQueue: deadLetters,
        ...(input === undefined ? {} : { input }),
      }),
    });
  return [
    every('ChecksHourly', Duration.hours(1), 'checks what stands around every service'),
    // What nobody has looked at yet gives no task back: a new service should not wait an hour for that.
    every(
      'ChecksNew',
      Duration.minutes(5),
      'checks services that are new',
      ScheduleTargetInput.fromObject({ about: 'new' }),
    ),
  ];
}
