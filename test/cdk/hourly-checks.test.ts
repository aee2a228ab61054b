/** The checks function in a template: on its schedule, woken by trouble, and allowed to look. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { CHECKS_METRICS } from '../../lib/cdk/checks-watches.ts';
import { Schmitt } from '../../lib/cdk/schmitt.ts';
import { statementsOf } from './statements.ts';
import { fleet, policy, readable, synthesize, testApp } from './synthesized.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const { template } = synthesize(fleet(policy('prod/checkout', 'act'), policy('web/shop', 'shadow')));

function only(type: string, id: string): Record<string, unknown> {
  const [found, ...more] = Object.entries(template.findResources(type)).filter(([name]) => name.startsWith(id));
  if (found === undefined || more.length > 0)
    throw new Error(`${type} ${id} is there ${more.length + 1} times, or never`);
  return readable(found[1].Properties) as Record<string, unknown>;
}

describe('the checks', () => {
  test('run once an hour, soon for what is new, and are told what the tick is told', () => {
    expect(only('AWS::Scheduler::Schedule', 'ChecksHourly')).toMatchObject({ ScheduleExpression: 'rate(1 hour)' });
    expect(only('AWS::Scheduler::Schedule', 'ChecksNew')).toMatchObject({
      ScheduleExpression: 'rate(5 minutes)',
      Target: { Input: '{"about":"new"}' },
    });
    expect(only('AWS::Lambda::Function', 'Checks')).toMatchObject({
      ...{ Runtime: 'nodejs24.x', Architectures: ['arm64'], Timeout: 300, TracingConfig: { Mode: 'Active' } },
      LoggingConfig: { LogGroup: '<ChecksLogs>' },
      Environment: {
        Variables: { TABLE_NAME: '<Table>', MODE: 'act', SHARDS: '1', POLICIES: 'Schmitt/live/policies' },
      },
    });
  });

  test('run at once where ECS cannot place or start tasks of a service', () => {
    expect(only('AWS::Events::Rule', 'ChecksTrouble')).toMatchObject({
      EventPattern: {
        source: ['aws.ecs'],
        'detail-type': ['ECS Service Action'],
        detail: { eventName: ['SERVICE_TASK_PLACEMENT_FAILURE', 'SERVICE_TASK_START_IMPAIRED'] },
        resources: [
          { prefix: 'arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:service/prod/' },
          { prefix: 'arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:service/web/' },
        ],
      },
      Targets: [{ Arn: '<Checks.Arn>', DeadLetterConfig: { Arn: '<DeadLetters.Arn>' } }],
    });
  });

  test('write what they found, and touch no lease, no state and no service', () => {
    const statements = statementsOf(template, 'ChecksRole');
    const writing = statements.flatMap(({ Action }) => Action).filter((action) => !/:(Describe|Get|List)/.test(action));
    expect(writing.sort()).toEqual([
      ...['appconfig:StartConfigurationSession', 'dynamodb:PutItem', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      ...['sqs:SendMessage', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    ]);
    expect(statements.find(({ Sid }) => Sid === 'KeepFindings')?.Condition).toEqual({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['headroom#*', 'policies'] },
    });
  });

  test('may send every command of theirs, but for what a takeover alone does', () => {
    const folder = resolve(ROOT, 'lib/aws/headroom');
    const code = readdirSync(folder).map((file) => readFileSync(resolve(folder, file), 'utf8'));
    const sent = new Set(
      code.flatMap((text) => [...text.matchAll(/new (\w+)Command\(/g)].map(([, name = '']) => name)),
    );
    const allowed = statementsOf(template, 'ChecksRole').flatMap(({ Action }) => Action);
    const refused = [...sent].filter((name) => !allowed.some((action) => action.endsWith(`:${name}`)));
    expect(refused).toEqual(['RegisterScalableTarget']);
  });

  test('write the metrics that their alarms watch', () => {
    const code = ['handler', 'report'].map((file) => readFileSync(resolve(ROOT, `lambdas/checks/${file}.ts`), 'utf8'));
    for (const name of Object.keys(CHECKS_METRICS)) expect(code.join()).toContain(`addMetric('${name}'`);
  });
});

test('whoever takes over writes records and findings, and changes nothing but what rests', () => {
  const stack = new Stack(testApp(), 'Stack');
  const operator = new Role(stack, 'Operator', { assumedBy: new AccountRootPrincipal() });
  new Schmitt(stack, 'Schmitt').grantTakeOver(operator);
  const statements = statementsOf(Template.fromStack(stack), 'Operator');
  expect(statements.flatMap(({ Action }) => Action).filter((action) => !/:(Describe|Get)/.test(action))).toEqual([
    'dynamodb:PutItem',
    'application-autoscaling:RegisterScalableTarget',
  ]);
  expect(statements[0]?.Condition).toEqual({
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['takeover#*', 'headroom#*'] },
  });
});
