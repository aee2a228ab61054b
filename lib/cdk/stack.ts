/** Everything Schmitt needs in an account, in one stack, for those without a CDK app of their own. */
import { CfnCondition, CfnOutput, CfnParameter, Fn, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { type CfnSubscription, Subscription, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { Schmitt } from './schmitt.ts';
import type { SchmittProps } from './schmitt-props.ts';

export interface SchmittStackProps extends StackProps, Omit<SchmittProps, 'alarmTopic' | 'mode'> {
  /**
   * `shadow` or `act`, said for good.
   * @default - the parameter `Mode` says it, which is `shadow` until somebody sets it to `act`
   */
  readonly mode?: 'act' | 'shadow';
}

export class SchmittStack extends Stack {
  readonly scaler: Schmitt;

  constructor(scope: Construct, id: string, props: SchmittStackProps) {
    super(scope, id, { description: 'Schmitt: a hysteresis autoscaler for Amazon ECS services', ...props });
    this.scaler = new Schmitt(this, 'Default', {
      name: this.stackName,
      ...props,
      mode: props.mode ?? this.#modeParameter(),
    });
    this.#mailAlarms();
    this.#outputs();
  }

  /** Shadow at first, so that nobody's counts change because a stack was deployed; CloudFormation remembers what it was set to. */
  #modeParameter(): string {
    return new CfnParameter(this, 'Mode', {
      description:
        'shadow: decide and record only, whatever the policies say. act: each policy acts whose own mode is act.',
      allowedValues: ['shadow', 'act'],
      default: 'shadow',
    }).valueAsString;
  }

  #mailAlarms(): void {
    const { valueAsString: endpoint } = new CfnParameter(this, 'AlarmEmail', {
      description: 'Who gets the alarms by mail. Empty: nobody; subscribe to the topic of the output AlarmTopic.',
      default: '',
    });
    const subscription = new Subscription(this, 'AlarmMail', {
      topic: this.scaler.alarmTopic,
      protocol: SubscriptionProtocol.EMAIL,
      endpoint,
    });
    Validations.of(subscription).acknowledge({
      id: 'Serverless-SNSRedrivePolicy',
      reason: 'An alarm whose mail is lost is still in CloudWatch and on the dashboard.',
    });
    const isGiven = new CfnCondition(this, 'MailsAlarms', {
      expression: Fn.conditionNot(Fn.conditionEquals(endpoint, '')),
    });
    (subscription.node.defaultChild as CfnSubscription).cfnOptions.condition = isGiven;
  }

  #outputs(): void {
    const { alarmTopic, tick, table, dashboard } = this.scaler;
    new CfnOutput(this, 'AlarmTopic', {
      value: alarmTopic.topicArn,
      description: 'Subscribe here to hear of failures',
    });
    new CfnOutput(this, 'TickFunction', {
      value: tick.functionName,
      description: 'The function whose log tells every decision',
    });
    new CfnOutput(this, 'StateTable', {
      value: table.tableName,
      description: 'Leases, states and the ledger; kept when the stack goes',
    });
    new CfnOutput(this, 'DashboardName', {
      value: dashboard.dashboardName,
      description: 'The scaler and its services in CloudWatch',
    });
  }
}
