/** A function may do what its code does, and nothing else: the commands that its bundle sends against what its role allows. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Schmitt } from '../../lib/cdk/index.ts';
import { Policies } from '../../lib/cdk/policies.ts';
import { statementsOf } from './statements.ts';
import { testApp } from './synthesized.ts';

/** The code that a file brings with it, its own included. */
function codeOf(file: string, known = new Map<string, string>()): ReadonlyMap<string, string> {
  if (known.has(file)) return known;
  const code = readFileSync(file, 'utf8');
  known.set(file, code);
  for (const [, type, from = ''] of code.matchAll(/^(?:import|export) (type )?[^;]*?from '(\.[^']+)'/gm)) {
    if (type === undefined) codeOf(resolve(dirname(file), from), known);
  }
  return known;
}

/** The IAM actions of the commands that a function sends: `new QueryCommand(` of what a file imports from a client. */
function actionsSent(name: string): string[] {
  const brought = codeOf(resolve(import.meta.dirname, `../../lambdas/${name}/handler.ts`));
  const actions = [...brought.values()].flatMap((code) =>
    [...code.matchAll(/import (?:type )?\{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g)].flatMap(
      ([, names = '', client = '']) =>
        [...names.matchAll(/(\w+)Command\b/g)]
          .filter(([command]) => code.includes(`new ${command}(`))
          .map(([, operation = '']) => `${IAM_PREFIX[client] ?? client}:${IAM_ACTION[operation] ?? operation}`),
    ),
  );
  return [...new Set(actions)].sort();
}

/** Batches of messages are asked for by their single action. */
const IAM_ACTION: Readonly<Record<string, string>> = { SendMessageBatch: 'SendMessage' };

/** Where IAM calls a service otherwise than the SDK. */
const IAM_PREFIX: Readonly<Record<string, string>> = {
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  'resource-groups-tagging-api': 'tag',
  appconfigdata: 'appconfig',
};

/** What no command sends, and who needs it. */
const LAMBDA_ITSELF = [
  ...['logs:CreateLogStream', 'logs:PutLogEvents'],
  ...['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
];
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
    expect(allowed('SchmittTickRole')).toEqual(union(sent, LAMBDA_ITSELF, EVENT_SOURCE, PROMQL));
  });

  test('the validator sends nothing, and may do nothing', () => {
    expect(actionsSent('validate')).toEqual([]);
    expect(allowed('SchmittValidateRole')).toEqual(union(LAMBDA_ITSELF));
  });
});
