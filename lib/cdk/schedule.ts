/** One schedule a shard, once a minute. A tick older than a minute is worthless, so it is not delivered late. */
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { letSend } from './encryption.ts';

export interface ScheduleProps {
  readonly tick: IFunction;
  readonly deadLetters: Queue;
  readonly key: IKey | undefined;
  /** How many; they are called `0` to one less. */
  readonly shards: number;
}

export function createSchedules(scope: Construct, { tick, deadLetters, key, shards }: ScheduleProps): Schedule[] {
  const role = createSchedulerRole(scope, tick, deadLetters);
  letSend(key, role);
  return Array.from({ length: shards }, (_, number) => {
    const shard = String(number);
    return new Schedule(scope, `Shard${shard}`, {
      description: `Schmitt: ticks shard ${shard}`,
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      timeWindow: TimeWindow.off(),
      target: new LambdaInvoke(tick, {
        role: role.withoutPolicyUpdates(),
        input: ScheduleTargetInput.fromObject({ shard, scheduledAt: ContextAttribute.scheduledTime }),
        maxEventAge: Duration.seconds(60),
        retryAttempts: 1,
        deadLetterQueue: deadLetters,
      }),
    });
  });
}

/** Our own, because the one that CDK makes may invoke every version and alias of the function. */
function createSchedulerRole(scope: Construct, tick: IFunction, deadLetters: Queue): Role {
  const stack = Stack.of(scope);
  const ourSchedules = stack.formatArn({
    service: 'scheduler',
    resource: 'schedule-group',
    resourceName: 'default',
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  return new Role(scope, 'SchedulerRole', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': ourSchedules } },
    }),
    description: 'Schmitt: EventBridge Scheduler invokes the tick',
    inlinePolicies: {
      Invoke: new PolicyDocument({
        statements: [
          new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [tick.functionArn] }),
          new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
        ],
      }),
    },
  });
}
