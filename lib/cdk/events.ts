/** What has a service decided at once: events of ECS, alarms that go off, numbers that an application pushes, and counts that others set. */
import { Duration, Stack } from 'aws-cdk-lib';
import { EventField, type EventPattern, type IRuleTarget, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Scaled } from './policy-model.ts';
import type { Settled } from './reach.ts';
import { sourcesOf } from './signal-permissions.ts';

export interface EventProps {
  readonly tick: IFunction;
  readonly deadLetters: Queue;
}

/** Of `lib/aws/events.ts`. */
const PUSHED_TYPE = 'schmitt.signal';

/** A pattern names so many clusters at most; of more, every cluster of the account is heard. */
const MOST_CLUSTERS = 20;

export function createRules(scope: Construct, { tick, deadLetters }: EventProps, settled: Settled): void {
  const target = (event?: RuleTargetInput): IRuleTarget =>
    new LambdaFunction(tick, {
      deadLetterQueue: deadLetters,
      maxEventAge: Duration.seconds(60),
      retryAttempts: 1,
      ...(event === undefined ? {} : { event }),
    });
  const rule = (id: string, description: string, eventPattern: EventPattern, event?: RuleTargetInput) =>
    new Rule(scope, id, { description: `Schmitt: ${description}`, eventPattern, targets: [target(event)] });

  rule('EcsEvents', 'deployments and placement failures of services', ecsPattern(scope, settled));
  rule('ForeignUpdates', 'counts that somebody else sets, and who', foreignUpdates(tick));
  if (sourcesOf(settled.set).some(({ kind }) => kind === 'pushed')) {
    rule('PushedSignals', 'numbers that applications push', { detailType: [PUSHED_TYPE] });
  }
  for (const [index, scaled] of settled.scaled.entries()) {
    const alarms = Object.values(scaled.props.alarms ?? {});
    if (alarms.length === 0) continue;
    const pattern: EventPattern = {
      source: ['aws.cloudwatch'],
      detailType: ['CloudWatch Alarm State Change'],
      detail: { alarmName: alarms.map(({ alarmName }) => alarmName), state: { value: ['ALARM'] } },
    };
    rule(`AlarmsOf${index}`, `alarms of ${scaled.service.node.path}`, pattern, alarmOf(scaled, settled));
  }
}

const TROUBLE = ['SERVICE_TASK_PLACEMENT_FAILURE', 'SERVICE_TASK_START_IMPAIRED'];

/** Tasks that ECS cannot place or start, of the services in the policies. */
export function troublePattern(scope: Construct, settled: Settled): EventPattern {
  return { ...ecsPattern(scope, settled), detailType: ['ECS Service Action'], detail: { eventName: TROUBLE } };
}

function ecsPattern(scope: Construct, { set, standIns }: Settled): EventPattern {
  const stack = Stack.of(scope);
  const clusters = [...new Set(set.services.filter(({ mode }) => mode !== 'off').map(({ cluster }) => cluster))];
  const isMany = set.tagged.length > 0 || clusters.length > MOST_CLUSTERS || clusters.length === 0;
  const names = isMany ? [''] : clusters.map((cluster) => `${standIns.resolve(cluster)}/`);
  return {
    source: ['aws.ecs'],
    detailType: ['ECS Deployment State Change', 'ECS Service Action'],
    resources: names.map((name) => ({
      prefix: stack.formatArn({ service: 'ecs', resource: 'service', resourceName: name }),
    })) as unknown as string[],
    detail: {
      eventName: ['SERVICE_DEPLOYMENT_COMPLETED', 'SERVICE_DEPLOYMENT_FAILED', ...TROUBLE],
    },
  };
}

/** As CloudTrail tells of them, where it keeps a trail of management events. Our own calls wake nobody. */
function foreignUpdates({ role }: IFunction): EventPattern {
  const others = [...(role === undefined ? [] : [{ 'anything-but': [role.roleArn] }]), { exists: false }];
  return {
    source: ['aws.ecs'],
    detailType: ['AWS API Call via CloudTrail'],
    detail: {
      eventSource: ['ecs.amazonaws.com'],
      eventName: ['UpdateService'],
      errorCode: [{ exists: false }],
      requestParameters: { desiredCount: [{ exists: true }] },
      userIdentity: { sessionContext: { sessionIssuer: { arn: others } } },
    },
  };
}

/** The event itself, and the service it is for, which an alarm on any metric does not say. */
function alarmOf({ name }: Scaled, { standIns }: Settled): RuleTargetInput {
  const service = `${standIns.resolve(name.cluster)}/${standIns.resolve(name.service)}`;
  return RuleTargetInput.fromObject({
    id: EventField.eventId,
    time: EventField.time,
    'detail-type': EventField.detailType,
    detail: {
      alarmName: EventField.fromPath('$.detail.alarmName'),
      configuration: { description: `schmitt: ${service}`, metrics: [] },
    },
  });
}
