/**
 * The policies in AppConfig, so that they change without a deployment of the stack: validated by our own function, rolled out in two steps,
 * and taken back when an alarm goes off.
 */
import { Duration, Lazy, Stack, Validations } from 'aws-cdk-lib';
import {
  Application,
  ConfigurationContent,
  DeploymentStrategy,
  Environment,
  HostedConfiguration,
  type IEnvironment,
  LambdaValidator,
  Monitor,
  RolloutStrategy,
} from 'aws-cdk-lib/aws-appconfig';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface HotPoliciesProps {
  /** Of the application and the strategy. */
  readonly name: string;
  /** The configuration's JSON, known when the template is made; it may hold tokens. */
  readonly content: () => string;
  readonly validator: LambdaFunction;
  /** Those that a bad policy sets off. */
  readonly monitors: readonly IAlarm[];
  readonly key: IKey | undefined;
}

const ENVIRONMENT = 'live';
const PROFILE = 'policies';
/** A template holds 1 MB, with all quotation marks of the policies escaped in it; the rest is left for everything else. */
export const CONTENT_LIMIT_BYTES = 800 * 1024;

export class HotPolicies extends Construct {
  readonly application: Application;
  readonly environment: IEnvironment;
  readonly profile: HostedConfiguration;
  readonly strategy: DeploymentStrategy;

  constructor(scope: Construct, id: string, { name, content, validator, monitors, key }: HotPoliciesProps) {
    super(scope, id);
    this.application = new Application(this, 'Application', {
      applicationName: name,
      description: 'Schmitt: the policies in force',
    });
    this.environment = new Environment(this, 'Environment', {
      application: this.application,
      environmentName: ENVIRONMENT,
      monitors: monitors.map((alarm) => Monitor.fromCloudWatchAlarm(alarm)),
    });
    Validations.of(this.environment).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'The role with which AppConfig asks for the state of alarms, as AWS documents it.',
    });
    this.strategy = new DeploymentStrategy(this, 'Strategy', {
      deploymentStrategyName: name,
      description: 'Half at once, all within a minute, and five more in which an alarm takes it back',
      rolloutStrategy: RolloutStrategy.linear({
        growthFactor: 50,
        deploymentDuration: Duration.minutes(1),
        finalBakeTime: Duration.minutes(5),
      }),
    });
    this.profile = new HostedConfiguration(this, 'Profile', {
      application: this.application,
      name: PROFILE,
      description: 'Compiled policies, as npm run build writes them',
      content: ConfigurationContent.fromInlineJson(Lazy.string({ produce: content })),
      validators: [LambdaValidator.fromFunction(validator)],
      deployTo: [this.environment],
      deploymentStrategy: this.strategy,
      ...(key === undefined ? {} : { kmsKey: key }),
    });
  }

  /** What the tick's environment says. By names, since the ids follow from alarms, which follow from the tick. */
  static sourceOf(name: string): string {
    return [name, ENVIRONMENT, PROFILE].join('/');
  }

  /** To read what is in force. */
  readStatement(): PolicyStatement {
    const { applicationId } = this.application;
    const { environmentId } = this.environment;
    const { configurationProfileId } = this.profile;
    return new PolicyStatement({
      sid: 'ReadPolicies',
      actions: ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'],
      resources: [
        Stack.of(this).formatArn({
          service: 'appconfig',
          resource: 'application',
          resourceName: `${applicationId}/environment/${environmentId}/configuration/${configurationProfileId}`,
        }),
      ],
    });
  }
}
