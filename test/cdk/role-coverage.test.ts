/** A function may do what its code does, and nothing else: the commands that its bundle sends against what its role allows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { bundleModule } from '../../lib/cdk/bundle.ts';
import { Policies, Schmitt } from '../../lib/cdk/index.ts';
import { statementsOf } from './statements.ts';
import { testApp } from './synthesized.ts';

const folder = mkdtempSync(join(tmpdir(), 'coverage-'));
afterAll(() => rmSync(folder, { recursive: true }));

const COMMAND = /client-([\w-]+)\/dist-es\/commands\/(\w+)Command\.js$/;

/** The IAM actions of the commands that a function can send: those that are left in its bundle. */
function actionsSent(name: string): string[] {
  const { inputs } = bundleModule({ entryPoints: [`lambdas/${name}/handler.ts`] }, folder);
  const actions = Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => {
    const [, client = '', operation = ''] = COMMAND.exec(file) ?? [];
    if (bytesInOutput === 0 || operation === '') return [];
    return [`${IAM_PREFIX[client] ?? client}:${IAM_ACTION[operation] ?? operation}`];
  });
  return [...new Set(actions)].filter((action) => !NEVER_SENT.includes(action)).sort();
}

/** In a bundle because something else of its file is. */
const NEVER_SENT = [
  // The client's own, where endpoint discovery is switched on.
  'dynamodb:DescribeEndpoints',
  // What `schmitt` at a desk does, in the adapter that also reads.
  'application-autoscaling:RegisterScalableTarget',
];

/** Batches of messages are asked for by their single action. */
const IAM_ACTION: Readonly<Record<string, string>> = { SendMessageBatch: 'SendMessage' };

/** Where IAM calls a service otherwise than the SDK. */
const IAM_PREFIX: Readonly<Record<string, string>> = {
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  'resource-groups-tagging-api': 'tag',
  appconfigdata: 'appconfig',
  'application-auto-scaling': 'application-autoscaling',
};

/** What no command sends, and who needs it. */
const LAMBDA_ITSELF = [
  ...['logs:CreateLogStream', 'logs:PutLogEvents'],
  ...['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
];
/** For what failed, as the CDK grants it to a destination. */
const DESTINATION = ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'];
const EVENT_SOURCE = [
  ...['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
  'sqs:ReceiveMessage',
];
/** PromQL is HTTP, signed by us; see `lib/aws/signals/promql`. */
const PROMQL = ['aps:QueryMetrics', 'cloudwatch:ListMetrics'];

/** A scaler of which everything is asked that can be. */
const POLICIES = `
version: 1
services:
  - service: prod/checkout
    mode: act
    cadence: 20s
    capacity: { min: 2, max: 20 }
    signals:
      cpu: { ecs: CPUUtilization }
      rps: { alb: RequestCount, per: second }
      jobs: { sqs: checkout-jobs }
    scaleOut: [{ name: busy, when: 'cpu > 70 || rps > 900 || jobs > 10', add: 2 }]
  - tagged: { schmitt: web }
    mode: act
    capacity: { min: 2, max: 20 }
    signals: { cpu: { ecs: CPUUtilization } }
    scaleOut: [{ name: busy, when: 'cpu > 70', add: 2 }]
`;

describe('the roles, where everything is asked of a scaler', () => {
  const stack = new Stack(testApp(), 'All');
  new Schmitt(stack, 'Schmitt', {
    policies: Policies.fromText(POLICIES),
    prometheus: { main: { workspace: 'ws-1' }, metrics: { cloudwatch: true } },
  });
  const template = Template.fromStack(stack);
  const allowed = (role: string) => {
    const statements = statementsOf(template, role).filter(({ Effect }) => Effect === 'Allow');
    return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
  };
  const union = (...lists: readonly (readonly string[])[]) => [...new Set(lists.flat())].sort();

  test('the tick may send every command that it sends, and no more', () => {
    const sent = actionsSent('tick');
    expect(sent).toEqual(expect.arrayContaining(['dynamodb:Query', 'ecs:UpdateService', 'cloudwatch:GetMetricData']));
    expect(allowed('SchmittTickRole')).toEqual(union(sent, LAMBDA_ITSELF, DESTINATION, EVENT_SOURCE, PROMQL));
  });

  test('the checks may send every command that they send, and no more', () => {
    const sent = actionsSent('checks');
    expect(sent).toEqual(expect.arrayContaining(['ecs:DescribeServices', 'dynamodb:GetItem']));
    expect(allowed('SchmittChecksRole')).toEqual(union(sent, LAMBDA_ITSELF, DESTINATION));
  });

  test('the validator sends nothing, and may do nothing', () => {
    expect(actionsSent('validate')).toEqual([]);
    expect(allowed('SchmittValidateRole')).toEqual(union(LAMBDA_ITSELF));
  });
});
