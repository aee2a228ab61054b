import { describe, expect, test } from '@jest/globals';
import { keyOf } from '../../lib/aws/table.ts';
import type { ServicePolicy } from '../../lib/policy/policy.ts';
import { checkoutPolicies } from '../support/policy-texts.ts';
import { find, type Statement, statementsOf } from './statements.ts';
import { fleet, policy, readable, synthesize } from './synthesized.ts';

const service = (cluster: string) => `arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:service/${cluster}/*`;

const everySource: ServicePolicy['signals'] =
  checkoutPolicies(`
signals:
  cpu: { ecs: CPUUtilization }
  rps: { alb: RequestCount, per: second }
  errors: { alb: HTTPCode_Target_5XX_Count, shareOf: rps }
  jobs: { sqs: checkout-jobs }
  mails: { sqs: 'https://sqs.eu-west-1.amazonaws.com/111122223333/mails' }
  files: { sqs: 'arn:aws:sqs:eu-west-1:111122223333:files' }
scaleOut: [{ name: busy, when: 'cpu > 70 || rps > 900 || errors > 5 || jobs > 10 || mails > 9 || files > 9', add: 2, trueFor: 2 of 3 }]
scaleIn: [{ name: calm, when: 'cpu < 40', remove: 1, trueFor: 10 of 10 }]`).services[0]?.signals ?? {};

const mixed = fleet(
  policy('prod/checkout', 'act'),
  policy('prod/billing', 'act'),
  policy('stage/web', 'shadow'),
  policy('old/web', 'off'),
);
const { template } = synthesize(mixed);
const tick = statementsOf(template, 'TickRole');

describe('the tick', () => {
  test('changes counts in the clusters with a service in mode act, and in no other', () => {
    expect(find(tick, 'ecs:UpdateService').map(({ Resource }) => Resource)).toEqual([service('prod')]);
  });

  test('cannot change a count at all while everything is in shadow', () => {
    const shadowed = synthesize(fleet(policy('prod/checkout', 'shadow'))).template;
    expect(find(statementsOf(shadowed, 'TickRole'), 'ecs:UpdateService')).toEqual([]);
  });

  test('never changes a task definition, whatever else it may do', () => {
    expect(find(tick, 'ecs:UpdateService', 'Deny')).toEqual([
      {
        Sid: 'NeverDeploy',
        Effect: 'Deny',
        Action: 'ecs:UpdateService',
        Resource: '*',
        Condition: { Null: { 'ecs:task-definition': 'false' } },
      },
    ]);
  });

  test('looks at the clusters of its policies, those in shadow too', () => {
    expect(find(tick, 'ecs:DescribeServices')).toEqual([
      {
        Sid: 'DescribeServices',
        Effect: 'Allow',
        Action: 'ecs:DescribeServices',
        Resource: [service('prod'), service('stage')],
      },
    ]);
  });

  test('asks why tasks stop, and how far deployments are, in those clusters alone', () => {
    const arn = (of: string) => `arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:${of}`;
    const closer = {
      Sid: 'LookCloser',
      Effect: 'Allow',
      Action: ['ecs:ListTasks', 'ecs:DescribeTasks'],
      Resource: '*',
      Condition: { ArnLike: { 'ecs:cluster': [arn('cluster/prod'), arn('cluster/stage')] } },
    };
    for (const action of closer.Action) expect(find(tick, action)).toEqual([closer]);
    expect(find(tick, 'ecs:DescribeServiceDeployments').map(({ Resource }) => Resource)).toEqual([
      [arn('service-deployment/prod/*'), arn('service-deployment/stage/*')],
    ]);
  });

  test('keeps its state in the one table', () => {
    const [state] = find(tick, 'dynamodb:UpdateItem');
    expect(state).toEqual({
      Sid: 'KeepState',
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      Resource: '<Table.Arn>',
    });
  });

  test('queries its overrides, and no other part of the table', () => {
    expect(find(tick, 'dynamodb:Query')).toMatchObject([
      {
        Resource: '<Table.Arn>',
        Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['overrides'] } },
      },
    ]);
  });

  test('writes batches, which could delete, to the ledger alone', () => {
    const [batch] = find(tick, 'dynamodb:BatchWriteItem');
    expect(batch).toMatchObject({
      Action: 'dynamodb:BatchWriteItem',
      Resource: '<Table.Arn>',
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ledger#*'] } },
    });
    expect(keyOf('ledger', 'arn').pk?.S).toMatch(/^ledger#/);
  });

  test('reads load balancers and queues where a signal wants them', () => {
    const reading = statementsOf(
      synthesize(fleet({ ...policy('prod/checkout', 'act'), signals: everySource })).template,
      'TickRole',
    );
    expect(find(reading, 'elasticloadbalancing:DescribeTargetGroups')).toHaveLength(1);
    const queues = (statements: Statement[]) =>
      find(statements, 'sqs:GetQueueAttributes')
        .filter(({ Sid }) => Sid === 'ReadQueues')
        .map(({ Resource }) => Resource);
    expect(queues(reading)).toEqual([
      [
        'arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:checkout-jobs',
        'arn:<AWS::Partition>:sqs:eu-west-1:111122223333:mails',
        'arn:aws:sqs:eu-west-1:111122223333:files',
      ],
    ]);
    expect(find(tick, 'elasticloadbalancing:DescribeTargetGroups')).toEqual([]);
    expect(queues(tick)).toEqual([]);
  });

  test('may change services found by a tag only where they carry it', () => {
    const { cluster: _, service: __, ...acting } = policy('prod/checkout', 'act');
    const tagged = [
      { tags: { schmitt: 'web', stage: 'prod' }, policy: acting },
      { tags: { schmitt: 'jobs' }, policy: { ...acting, mode: 'shadow' as const } },
    ];
    const { template } = synthesize({ ...fleet(policy('prod/checkout', 'act')), tagged });
    const own = statementsOf(template, 'TickRole').filter(({ Sid }) => Sid?.includes('Tagged'));
    const on = 'arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:service/*';
    const web = { StringEquals: { 'aws:ResourceTag/schmitt': 'web', 'aws:ResourceTag/stage': 'prod' } };
    const jobs = { StringEquals: { 'aws:ResourceTag/schmitt': 'jobs' } };
    expect(own.map(({ Action, Condition, Resource }) => ({ Action, Condition, Resource }))).toEqual([
      { Action: 'tag:GetResources', Condition: undefined, Resource: '*' },
      { Action: 'ecs:DescribeServices', Condition: web, Resource: on },
      { Action: 'ecs:DescribeServices', Condition: jobs, Resource: on },
      { Action: 'ecs:UpdateService', Condition: web, Resource: on },
    ]);
  });

  test('deletes nothing, passes no role, and has no wildcard in an action', () => {
    const actions = tick.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
    expect(actions.filter((action) => /Delete|PassRole|\*/.test(action))).toEqual([]);
  });

  test('has all resources only where AWS knows none', () => {
    const everywhere = tick.filter(
      ({ Effect, Resource, Condition }) => Effect === 'Allow' && Resource === '*' && Condition === undefined,
    );
    expect(everywhere.flatMap(({ Action }) => Action).sort()).toEqual([
      'cloudwatch:GetMetricData',
      'elasticloadbalancing:DescribeTargetHealth',
      'tag:GetResources',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });
});

describe('the scheduler', () => {
  test('invokes the tick, reports what it could not deliver, and nothing else', () => {
    expect(statementsOf(template, 'SchedulerRole')).toEqual([
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '<Tick.Arn>' },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '<DeadLetters.Arn>' },
    ]);
  });

  test("lends its role to this account's schedules alone", () => {
    const [role] = Object.entries(template.findResources('AWS::IAM::Role'))
      .filter(([id]) => id.startsWith('SchedulerRole'))
      .map(([, found]) => readable(found.Properties.AssumeRolePolicyDocument));
    expect(role).toMatchObject({
      Statement: [
        {
          Condition: {
            StringEquals: {
              'aws:SourceAccount': '<AWS::AccountId>',
              'aws:SourceArn': 'arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule-group/default',
            },
          },
        },
      ],
    });
  });
});

test('CloudWatch may publish to the topic, from this account', () => {
  const [topic] = Object.values(template.findResources('AWS::SNS::TopicPolicy'));
  expect(readable(topic?.Properties.PolicyDocument.Statement)).toContainEqual(
    expect.objectContaining({
      Effect: 'Allow',
      Action: 'sns:Publish',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' } },
    }),
  );
});
