/** What other people and programs may do with a scaler. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { HotPolicies } from './hot-policies.ts';

export function grantPush(scope: Construct, grantee: IGrantable): Grant {
  const bus = Stack.of(scope).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' });
  return Grant.addToPrincipal({
    grantee,
    actions: ['events:PutEvents'],
    resourceArns: [bus],
    conditions: { StringEquals: { 'events:detail-type': 'schmitt.signal' } },
  });
}

/** Overrides are written, everything else is read. */
export function grantOperate(table: Table, grantee: IGrantable): Grant {
  const read = Grant.addToPrincipal({
    grantee,
    actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
    resourceArns: [table.tableArn],
  });
  const write = Grant.addToPrincipal({
    grantee,
    actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
    resourceArns: [table.tableArn],
    conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['overrides'] } },
  });
  // Whom an override by tag concerns. The Tagging API knows no resources.
  const find = Grant.addToPrincipal({ grantee, actions: ['tag:GetResources'], resourceArns: ['*'] });
  return read.combine(write).combine(find);
}

/** Records of takeovers and what was found are written; of Application Auto Scaling alone what rests is changed by the command. */
export function grantTakeOver(scope: Construct, table: Table, grantee: IGrantable): Grant {
  const write = Grant.addToPrincipal({
    grantee,
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    resourceArns: [table.tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['takeover#*', 'headroom#*'] } },
  });
  const services = Stack.of(scope).formatArn({ service: 'ecs', resource: 'service', resourceName: '*' });
  const describe = Grant.addToPrincipal({ grantee, actions: ['ecs:DescribeServices'], resourceArns: [services] });
  const targets = Stack.of(scope).formatArn({
    service: 'application-autoscaling',
    resource: 'scalable-target',
    resourceName: '*',
  });
  const suspend = Grant.addToPrincipal({
    grantee,
    actions: ['application-autoscaling:RegisterScalableTarget'],
    resourceArns: [targets],
  });
  const read = Grant.addToPrincipal({
    grantee,
    actions: [
      'application-autoscaling:DescribeScalableTargets',
      'application-autoscaling:DescribeScalingPolicies',
      'application-autoscaling:DescribeScheduledActions',
    ],
    resourceArns: ['*'],
  });
  return write.combine(describe).combine(suspend).combine(read);
}

export function grantDeployPolicies(scope: Construct, hot: HotPolicies | undefined, grantee: IGrantable): Grant {
  if (hot === undefined) return Grant.drop(grantee, 'hotPolicies is false');
  const arn = (resourceName: string) =>
    Stack.of(scope).formatArn({
      service: 'appconfig',
      resource: 'application',
      resourceName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  const { applicationId } = hot.application;
  const profile = `${applicationId}/configurationprofile/${hot.profile.configurationProfileId}`;
  const write = Grant.addToPrincipal({
    grantee,
    actions: ['appconfig:CreateHostedConfigurationVersion', 'appconfig:ValidateConfiguration'],
    resourceArns: [arn(applicationId), arn(profile)],
  });
  const environment = `${applicationId}/environment/${hot.environment.environmentId}`;
  const start = Grant.addToPrincipal({
    grantee,
    actions: ['appconfig:StartDeployment', 'appconfig:GetDeployment', 'appconfig:StopDeployment'],
    resourceArns: [
      ...[arn(applicationId), arn(profile), arn(environment), `${arn(environment)}/deployment/*`],
      hot.strategy.deploymentStrategyArn,
    ],
  });
  return write.combine(start);
}
