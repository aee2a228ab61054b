import { describe, expect, test } from '@jest/globals';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { configurationFrom } from '../../lambdas/tick/configuration.ts';
import { TTL_ATTRIBUTE, tableDefinition } from '../../lib/aws/table.ts';
import { Policies, Schmitt } from '../../lib/cdk/index.ts';
import { SchmittStack } from '../../lib/cdk/stack.ts';
import { LEASE_MS } from '../../lib/loop/ports.ts';
import { printPolicies } from '../../lib/policy/document/print.ts';
import { serviceStage } from './a-service.ts';
import { fleet, policy, readable, synthesize, testApp } from './synthesized.ts';

const policies = fleet(policy('prod/checkout', 'act'));
const POLICIES = Policies.fromText(printPolicies(policies));
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
  const found = Object.entries(template.findResources('AWS::Lambda::Function')).find(([id]) =>
    id.startsWith('Tick'),
  )?.[1];

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
      scaler: 'Schmitt',
      mode: 'act',
      shards: 1,
      abortLeadMs: 1000,
      policies: { application: 'Schmitt', environment: 'live', profile: 'policies' },
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
    const sharded = synthesize(policies, { shards: 3 }).template;
    const inputs = Object.values(sharded.findResources('AWS::Scheduler::Schedule')).map(
      ({ Properties }) => JSON.parse(Properties.Target.Input ?? '{}').shard,
    );
    expect(inputs.filter(Boolean)).toEqual(['0', '1', '2']);
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

describe('the parameters', () => {
  test('alarms go by mail where somebody gave an address', () => {
    template.hasParameter('AlarmEmail', { Default: '' });
    template.hasCondition('MailsAlarms', { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AlarmEmail' }, ''] }] });
    template.hasResource('AWS::SNS::Subscription', {
      Condition: 'MailsAlarms',
      Properties: { Protocol: 'email', Endpoint: { Ref: 'AlarmEmail' } },
    });
  });

  test('nothing acts until somebody says so, whatever the policies say: neither the function nor its role', () => {
    const { stack } = synthesize(policies, {});
    const asked = new SchmittStack(testApp(), 'Schmitt', { policies: POLICIES });
    const first = Template.fromStack(asked);
    expect(stack.stackName).toBe('Schmitt');
    first.hasParameter('Mode', { Default: 'shadow', AllowedValues: ['shadow', 'act'] });
    first.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ MODE: { Ref: 'Mode' } }) },
    });
    first.hasCondition('Acts', { 'Fn::Equals': [{ Ref: 'Mode' }, 'act'] });
    const acting = Object.values(first.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
      JSON.stringify(Properties).includes('ecs:UpdateService'),
    );
    expect(acting.map(({ Condition }) => Condition)).toEqual(['Acts']);
  });

  test('-c mode says it for good', () => {
    const shadowed = synthesize(policies, { mode: 'shadow' }).template;
    expect(shadowed.findParameters('Mode')).toEqual({});
    shadowed.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ MODE: 'shadow' }) },
    });
  });
});

describe('cdk-nag', () => {
  const findings = (inspected: typeof app) =>
    [new AwsSolutionsChecks(inspected), new ServerlessChecks(inspected)].flatMap(
      (pack) => pack.validateScope(inspected).violations,
    );

  test('finds nothing that is not acknowledged with a reason', () => {
    expect(findings(app)).toEqual([]);
  });

  test('nor with a queue for short cadences, tags and shards', () => {
    const { cluster: _, service: __, ...tagged } = policy('any/any', 'act');
    const many = {
      ...fleet({ ...policy('prod/checkout', 'act'), cadenceSeconds: 20 }),
      tagged: [{ tags: { a: 'b' }, policy: tagged }],
    };
    const { app: full, stack } = synthesize(many, { shards: 2 });
    expect(findings(full)).toEqual([]);
    expect(stack.scaler.alarms.length).toBeGreaterThan(10);
  });

  test('nor with a key, in an app of one’s own', () => {
    const { stack, service } = serviceStage('checkout');
    const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true });
    const scaler = new Schmitt(stack, 'Schmitt', { encryptionKey });
    scaler.scale(service, {
      mode: 'act',
      capacity: { min: 2, max: 9 },
      scaleOut: [{ name: 'busy', when: 'cpu > 70', add: 1 }],
    });
    Template.fromStack(stack);
    const ours = findings(stack.node.root as typeof app).filter((one) => JSON.stringify(one).includes('Web/Schmitt'));
    expect(ours).toEqual([]);
  });

  test('would find something (planted)', async () => {
    const { Queue } = await import('aws-cdk-lib/aws-sqs');
    const planted = synthesize(policies);
    new Queue(planted.stack, 'Plain');
    expect(findings(planted.app).map(({ ruleName }) => ruleName)).toEqual(
      expect.arrayContaining(['AwsSolutions-SQS4', 'Serverless-SQSRedrivePolicy']),
    );
  });
});
