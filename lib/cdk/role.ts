/** What the tick may do, statement by statement. Services are named by the clusters of the policies; nothing can be deleted. */
import { type Stack, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { PolicySet } from '../policy/policy.ts';
import { signalStatements } from './signal-permissions.ts';
import { taggedStatements } from './tagged-permissions.ts';

export interface RoleProps {
  readonly table: Table;
  readonly logGroup: LogGroup;
  readonly policies: PolicySet;
}

export function createTickRole(stack: Stack, { table, logGroup, policies }: RoleProps): Role {
  const clusters = clustersOf(policies);
  const role = new Role(stack, 'TickRole', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: 'Schmitt: reads signals, keeps state, sets desired counts of the services in its policies',
    inlinePolicies: {
      Tick: new PolicyDocument({
        statements: [
          ...serviceStatements(stack, clusters),
          ...signalStatements(stack, policies),
          ...taggedStatements(stack, policies),
          new PolicyStatement({
            sid: 'KeepState',
            actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
            resources: [table.tableArn],
          }),
          new PolicyStatement({
            sid: 'ReadOverrides',
            actions: ['dynamodb:Query'],
            resources: [table.tableArn],
            conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['overrides'] } },
          }),
          // BatchWriteItem may delete as well as put, so it reaches the ledger's items alone: leases and states it cannot touch.
          new PolicyStatement({
            sid: 'KeepLedger',
            actions: ['dynamodb:BatchWriteItem'],
            resources: [table.tableArn],
            conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ledger#*'] } },
          }),
          new PolicyStatement({
            sid: 'WriteLogs',
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [logGroup.logGroupArn],
          }),
        ],
      }),
    },
  });
  acknowledge(role, clusters, policies.tagged.length > 0);
  return role;
}

interface Clusters {
  /** Every cluster with a service that is not off. */
  readonly read: readonly string[];
  /** Those with a service in mode act: in shadow the role itself cannot change a count. */
  readonly act: readonly string[];
}

function clustersOf({ services }: PolicySet): Clusters {
  const named = (wanted: typeof services) => [...new Set(wanted.map(({ cluster }) => cluster))].sort();
  return {
    read: named(services.filter(({ mode }) => mode !== 'off')),
    act: named(services.filter(({ mode }) => mode === 'act')),
  };
}

function serviceStatements(stack: Stack, { read, act }: Clusters): PolicyStatement[] {
  const arns = (clusters: readonly string[]) =>
    clusters.map((cluster) => stack.formatArn({ service: 'ecs', resource: 'service', resourceName: `${cluster}/*` }));
  const statements: PolicyStatement[] = [];
  if (read.length > 0) {
    statements.push(
      new PolicyStatement({ sid: 'DescribeServices', actions: ['ecs:DescribeServices'], resources: arns(read) }),
    );
  }
  if (act.length > 0) {
    statements.push(
      new PolicyStatement({ sid: 'SetDesiredCount', actions: ['ecs:UpdateService'], resources: arns(act) }),
    );
  }
  statements.push(
    // ECS has no condition key for the desired count, but one for the task definition: a scaler that is taken over deploys no code.
    new PolicyStatement({
      sid: 'NeverDeploy',
      effect: Effect.DENY,
      actions: ['ecs:UpdateService'],
      resources: ['*'],
      conditions: { Null: { 'ecs:task-definition': 'false' } },
    }),
  );
  return statements;
}

function acknowledge(role: Role, { read }: Clusters, tagged: boolean): void {
  const reasons: Record<string, string> = {
    'Resource::*':
      'GetMetricData, DescribeTargetGroups, DescribeTargetHealth and the X-Ray calls know no resources; the Deny is meant for all of them.',
  };
  for (const cluster of read) {
    reasons[`Resource::arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:service/${cluster}/*`] =
      'The cluster is one of the policies; its services come and go with policies.';
  }
  if (tagged) {
    reasons['Resource::arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:service/*'] =
      'Services are found by their tags, and the condition on the tags holds for every one of them.';
  }
  for (const [finding, reason] of Object.entries(reasons)) {
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[${finding}]`, reason });
  }
}
