/** For an account that watches the scalers of others: a sink that they link to, so that their metrics and logs are seen here. */
import { Stack } from 'aws-cdk-lib';
import { CfnSink } from 'aws-cdk-lib/aws-oam';
import { Construct } from 'constructs';

export interface MonitoringAccountProps {
  /**
   * The organization whose accounts may link.
   * @default - only `accounts`
   */
  readonly organizationId?: string;
  /**
   * Accounts that may link.
   * @default - only those of `organizationId`
   */
  readonly accounts?: readonly string[];
}

const SHARED = ['AWS::CloudWatch::Metric', 'AWS::Logs::LogGroup', 'AWS::XRay::Trace'];

export class MonitoringAccount extends Construct {
  /** For `monitoringSinkArn` of each scaler. */
  readonly sinkArn: string;

  constructor(scope: Construct, id: string, { organizationId, accounts = [] }: MonitoringAccountProps) {
    super(scope, id);
    const sink = new CfnSink(this, 'Sink', {
      name: 'schmitt',
      policy: {
        Version: '2012-10-17',
        Statement: [
          ...(organizationId === undefined ? [] : [statement('*', { 'aws:PrincipalOrgID': organizationId })]),
          ...(accounts.length === 0 ? [] : [statement({ AWS: [...accounts] }, {})]),
        ],
      },
    });
    if (organizationId === undefined && accounts.length === 0) {
      throw new Error(`${Stack.of(this).stackName}: give organizationId or accounts, or nobody may link.`);
    }
    this.sinkArn = sink.attrArn;
  }
}

function statement(principal: unknown, equals: Readonly<Record<string, string>>) {
  return {
    Effect: 'Allow',
    Principal: principal,
    Action: ['oam:CreateLink', 'oam:UpdateLink'],
    Resource: '*',
    Condition: {
      'ForAllValues:StringEquals': { 'oam:ResourceTypes': SHARED },
      ...(Object.keys(equals).length === 0 ? {} : { StringEquals: equals }),
    },
  };
}
