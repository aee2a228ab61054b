/** Everything Schmitt needs in an account, in one stack. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { PolicySet } from '../policy/policy.ts';
import { createAlarms } from './alarms.ts';
import { createDeadLetterQueue } from './dead-letters.ts';
import { createTickFunction } from './function.ts';
import { createSchedules } from './schedule.ts';
import { createTable } from './table.ts';
import { createAlarmTopic } from './topic.ts';

export interface SchmittStackProps extends StackProps {
  /** Compiled policies; the role's permissions follow from their clusters. */
  readonly policies: PolicySet;
  /** The folder of the tick's bundle. */
  readonly tickAsset: string;
  /**
   * Names of the shards, one schedule each.
   * @default ['0']
   */
  readonly shards?: readonly string[];
  /**
   * Who gets the alarms by mail.
   * @default - nobody: subscribe to the topic of the output `AlarmTopic`
   */
  readonly alarmEmail?: string;
}

export class SchmittStack extends Stack {
  constructor(scope: Construct, id: string, props: SchmittStackProps) {
    super(scope, id, { description: 'Schmitt: a hysteresis autoscaler for Amazon ECS services', ...props });
    const table = createTable(this);
    const deadLetters = createDeadLetterQueue(this);
    const tick = createTickFunction(this, { table, deadLetters, policies: props.policies, asset: props.tickAsset });
    createSchedules(this, { tick, deadLetters, shards: props.shards ?? ['0'] });
    const topic = createAlarmTopic(this, props.alarmEmail);
    createAlarms(this, { tick, deadLetters, topic });
    new CfnOutput(this, 'AlarmTopic', { value: topic.topicArn, description: 'Subscribe here to hear of failures' });
    new CfnOutput(this, 'TickFunction', {
      value: tick.functionName,
      description: 'The function whose log tells every decision',
    });
    new CfnOutput(this, 'StateTable', {
      value: table.tableName,
      description: 'Leases, states and the ledger; kept when the stack goes',
    });
  }
}
