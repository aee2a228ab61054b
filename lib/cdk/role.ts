/** What the tick may do, statement by statement. What follows from the policies is added when they are settled; nothing can be deleted. */
import { CfnCondition, Fn, Stack, Token, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import {
  type CfnPolicy,
  Effect,
  Policy,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type Reach, reachOf, type Settled } from './reach.ts';
import { signalStatements } from './signal-permissions.ts';
import { taggedStatements } from './tagged-permissions.ts';

export interface RoleProps {
  readonly table: Table;
  readonly logGroup: LogGroup;
  /** `shadow`: the role itself cannot change a count. A token: as CloudFormation says when it deploys. */
  readonly mode: string;
}

export interface TickRole {
  readonly role: Role;
  /** Adds what the policies ask for. */
  permit(settled: Settled, more: readonly PolicyStatement[]): void;
}

export function createTickRole(scope: Construct, { table, logGroup, mode }: RoleProps): TickRole {
  const document = new PolicyDocument({
    statements: [...stateStatements(table), logStatement(logGroup), NEVER_DEPLOY()],
  });
  const role = new Role(scope, 'TickRole', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: 'Schmitt: reads signals, keeps state, sets desired counts of the services in its policies',
    inlinePolicies: { Tick: document },
  });
  return {
    role,
    permit(settled, more) {
      const reach = reachOf(scope, settled);
      const { read, act } = taggedStatements(Stack.of(scope), settled.set);
      document.addStatements(
        ...describeStatements(reach),
        ...closerStatements(scope, reach, settled),
        ...signalStatements(scope, settled),
        ...read,
        ...more,
      );
      permitActing(scope, role, mode, [...updateStatements(reach), ...act]);
      acknowledge(scope, role, reach, settled);
    },
  };
}

/** The validator is shown policies, and does nothing but say what it thinks. */
export function createValidateRole(scope: Construct, logGroup: LogGroup): Role {
  const role = new Role(scope, 'ValidateRole', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: 'Schmitt: reads policies that AppConfig shows it, and writes its log',
    inlinePolicies: { Validate: new PolicyDocument({ statements: [logStatement(logGroup)] }) },
  });
  Validations.of(role).acknowledge({ id: iam5('*'), reason: 'The X-Ray calls know no resources.' });
  return role;
}

function stateStatements(table: Table): PolicyStatement[] {
  return [
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
  ];
}

function logStatement(logGroup: LogGroup): PolicyStatement {
  return new PolicyStatement({
    sid: 'WriteLogs',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
}

/** ECS has no condition key for the desired count, but one for the task definition: a scaler that is taken over deploys no code. */
const NEVER_DEPLOY = () =>
  new PolicyStatement({
    sid: 'NeverDeploy',
    effect: Effect.DENY,
    actions: ['ecs:UpdateService'],
    resources: ['*'],
    conditions: { Null: { 'ecs:task-definition': 'false' } },
  });

function describeStatements({ read }: Reach): PolicyStatement[] {
  if (read.length === 0) return [];
  return [new PolicyStatement({ sid: 'DescribeServices', actions: ['ecs:DescribeServices'], resources: [...read] })];
}

/** Why tasks stop and how far a deployment is: asked by the cluster, since neither tasks nor deployments have names beforehand. */
function closerStatements(scope: Construct, { clusters }: Reach, { set }: Settled): PolicyStatement[] {
  const every = (resource: string) => Stack.of(scope).formatArn({ service: 'ecs', resource, resourceName: '*' });
  const isAll = set.tagged.length > 0;
  if (!isAll && clusters.length === 0) return [];
  return [
    new PolicyStatement({
      sid: 'LookCloser',
      actions: ['ecs:ListTasks', 'ecs:DescribeTasks'],
      resources: ['*'],
      conditions: { ArnLike: { 'ecs:cluster': isAll ? [every('cluster')] : clusters.map(({ arn }) => arn) } },
    }),
    new PolicyStatement({
      sid: 'FollowDeployments',
      actions: ['ecs:DescribeServiceDeployments'],
      resources: isAll ? [every('service-deployment')] : clusters.map(({ deployments }) => deployments),
    }),
  ];
}

function updateStatements({ act }: Reach): PolicyStatement[] {
  if (act.length === 0) return [];
  return [new PolicyStatement({ sid: 'SetDesiredCount', actions: ['ecs:UpdateService'], resources: [...act] })];
}

const ACTING = 'TickRoleActing';

/** A policy of its own, so that a parameter of the stack can leave it out. */
function permitActing(scope: Construct, role: Role, mode: string, statements: PolicyStatement[]): void {
  if (mode === 'shadow' || statements.length === 0) return;
  const policy = new Policy(scope, ACTING, { roles: [role], statements });
  if (!Token.isUnresolved(mode)) return;
  const acts = new CfnCondition(scope, 'Acts', { expression: Fn.conditionEquals(mode, 'act') });
  (policy.node.defaultChild as CfnPolicy).cfnOptions.condition = acts;
}

/** Wildcards that are meant, by the rule that finds them. */
export function wildcardReasons({ wildcards }: Reach, { set }: Settled, everything: string): Record<string, string> {
  const reasons: Record<string, string> = {
    'Serverless-LambdaStarPermissions': 'Each wildcard is named and reasoned with AwsSolutions-IAM5.',
    [iam5('*')]: everything,
  };
  for (const cluster of wildcards) {
    reasons[iam5(`${SERVICES}/${cluster}/*`)] =
      'The cluster is one of the policies; its services come and go with policies.';
  }
  if (set.tagged.length > 0) {
    reasons[iam5(`${SERVICES}/*`)] =
      'Services are found by their tags, and the condition on the tags holds for every one of them.';
  }
  return reasons;
}

/** Deployments get their names when they begin. */
function deploymentReasons({ clusters }: Reach, { set }: Settled): Record<string, string> {
  const names = set.tagged.length > 0 ? ['*'] : clusters.map(({ finding }) => `${finding}/*`);
  const reason =
    'The deployments are those of the cluster, or of services that are found by their tags; they are only read.';
  return Object.fromEntries(names.map((name) => [iam5(`${SERVICES}-deployment/${name}`), reason]));
}

const NO_RESOURCES =
  'Metrics, target groups and their health, tags and X-Ray know no resources; tasks are reached by their cluster; the Deny is meant for all of them.';

function acknowledge(scope: Construct, role: Role, reach: Reach, settled: Settled): void {
  const acting = scope.node.tryFindChild(ACTING);
  const reasons = { ...wildcardReasons(reach, settled, NO_RESOURCES), ...deploymentReasons(reach, settled) };
  for (const [id, reason] of Object.entries(reasons)) {
    for (const one of [role, ...(acting === undefined ? [] : [acting])])
      Validations.of(one).acknowledge({ id, reason });
  }
}

const SERVICES = 'arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:service';

function iam5(resource: string): string {
  return `AwsSolutions-IAM5[Resource::${resource}]`;
}
