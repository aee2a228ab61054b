/** What a scaler can be told. Everything has a default but what is to be scaled. */
import type { Duration } from 'aws-cdk-lib';
import type { IBaseService } from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { LeftOut } from './alarms.ts';
import type { Policies } from './policies.ts';
import type { PrometheusProps } from './prometheus.ts';

export interface SchmittProps {
  /**
   * Policy files. `scale` adds to them.
   * @default - none: only what `scale` says
   */
  readonly policies?: Policies;
  /**
   * `shadow`: nothing acts, whatever the policies say, and the role cannot change a count. May be a parameter of the stack.
   * @default 'act', each policy's own mode
   */
  readonly mode?: string;
  /**
   * What this scaler is called in its logs, metrics and in AppConfig; at most 64 letters, digits, `.`, `_` and `-`.
   * @default - made of the construct's path
   */
  readonly name?: string;
  /**
   * How many functions share the services; one serves some 500. Groups stay together.
   * @default 1
   */
  readonly shards?: number;
  /**
   * Policies in AppConfig, so that they change without a deployment. Otherwise they lie beside the function.
   * @default true
   */
  readonly hotPolicies?: boolean;
  /**
   * The services that policies may name; another name is an error at synth.
   * @default - any
   */
  readonly services?: readonly IBaseService[];
  /**
   * Prometheus servers, by the name that policies call them in `from`.
   * @default - none
   */
  readonly prometheus?: Readonly<Record<string, PrometheusProps>>;
  /**
   * Where alarms go.
   * @default - a new topic
   */
  readonly alarmTopic?: ITopic;
  /**
   * Encrypts table, queues, topic, logs and the functions' environment. An imported key must let CloudWatch, EventBridge and Logs use it.
   * @default - keys that AWS owns
   */
  readonly encryptionKey?: IKey;
  /**
   * How long the functions' logs are kept.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
  /**
   * US dollars a month above which the cost of reading signals is an alarm.
   * @default 50
   */
  readonly readCostLimit?: number;
  /**
   * How long an override may stand before it is an alarm, whole hours up to a week.
   * @default Duration.days(1)
   */
  readonly overrideReminder?: Duration;
  /**
   * The sink of a monitoring account, which then sees metrics and logs of this one.
   * @default - no other account sees them
   */
  readonly monitoringSinkArn?: string;
  /**
   * Kinds of alarms that an emulator refuses.
   * @default - none: everything is made
   */
  readonly leaveOut?: readonly LeftOut[];
}
