import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { configurationFrom } from '../../lambdas/tick/configuration.ts';
import { TTL_ATTRIBUTE, tableDefinition } from '../../lib/aws/table.ts';
import { LEASE_MS } from '../../lib/loop/ports.ts';
import { fleet, policy, readable, synthesize } from './synthesized.ts';

const policies = fleet(policy('prod/checkout', 'act'));
const { app, template } = synthesize(policies);

describe('the table', () => {
  test('has the keys and the time to live that the code writes', () => {
    const { AttributeDefinitions, KeySchema, BillingMode } = tableDefinition('any');
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      AttributeDefinitions,
      KeySchema,
      BillingMode,
      TimeToLiveSpecification: { AttributeName: TTL_ATTRIBUTE, Enabled: true },
    });
  });

  test('outlives the stack and mistakes', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    });
  });
});

describe('the function', () => {
  const [found] = Object.values(template.findResources('AWS::Lambda::Function'));

  test('runs on Node 24 on arm64 and is traced', () => {
    expect(found?.Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
    });
  });

  test('is cut off before its lease ends', () => {
    expect(found?.Properties.Timeout).toBe(30);
    expect(found?.Properties.Timeout * 1000).toBeLessThan(LEASE_MS);
  });

  test('has an environment that its own code can read', () => {
    const environment = readable(found?.Properties.Environment.Variables) as Record<string, string>;
    expect(configurationFrom(environment)).toEqual({
      tableName: '<Table>',
      abortLeadMs: 1000,
      mode: 'act',
      scaler: 'schmitt',
      shards: 1,
    });
  });

  test('keeps its log for a month', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    expect(readable(found?.Properties.LoggingConfig)).toEqual({ LogGroup: '<TickLogs>' });
  });

  test('is not retried by Lambda; what failed is kept', () => {
    const [config] = Object.values(template.findResources('AWS::Lambda::EventInvokeConfig'));
    expect(readable(config?.Properties)).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: '<DeadLetters.Arn>' } },
    });
  });
});

describe('the schedule', () => {
  const [found] = Object.values(template.findResources('AWS::Scheduler::Schedule'));

  test('ticks once a minute, on the minute', () => {
    expect(found?.Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
    });
  });

  test('sends the shard and the time it meant', () => {
    expect(JSON.parse(found?.Properties.Target.Input)).toEqual({
      shard: '0',
      scheduledAt: '<aws.scheduler.scheduled-time>',
    });
  });

  test('delivers no tick that is older than a minute, and keeps what it could not deliver', () => {
    expect(readable(found?.Properties.Target)).toMatchObject({
      RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 1 },
      DeadLetterConfig: { Arn: '<DeadLetters.Arn>' },
    });
  });

  test('is there for each shard', () => {
    const sharded = synthesize(policies, { shards: ['0', '1', '2'] }).template;
    const inputs = Object.values(sharded.findResources('AWS::Scheduler::Schedule')).map(
      ({ Properties }) => JSON.parse(Properties.Target.Input).shard,
    );
    expect(inputs).toEqual(['0', '1', '2']);
  });
});

test('letters lie encrypted and travel encrypted', () => {
  template.hasResourceProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ]),
    },
  });
});

test('alarms go by mail where somebody gave an address', () => {
  template.resourceCountIs('AWS::SNS::Subscription', 0);
  synthesize(policies, { alarmEmail: 'on-call@example.com' }).template.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'email',
    Endpoint: 'on-call@example.com',
  });
});

describe('cdk-nag', () => {
  test('finds nothing that is not acknowledged with a reason', () => {
    expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
  });

  test('would find something (planted)', async () => {
    const { Queue } = await import('aws-cdk-lib/aws-sqs');
    const planted = synthesize(policies);
    new Queue(planted.stack, 'Plain');
    const { violations } = new AwsSolutionsChecks(planted.app).validateScope(planted.app);
    expect(violations.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-SQS4');
  });
});
