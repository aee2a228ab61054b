/** The resources of a scaler, in the order in which they need each other. */
import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Policy } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLink } from 'aws-cdk-lib/aws-oam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { PolicySet } from '../policy/policy.ts';
import { createAlarms, type SchmittAlarms } from './alarms.ts';
import { layBeside } from './bundle.ts';
import { createDashboard, type SchmittDashboard } from './dashboard.ts';
import { createDeadLetterQueue } from './dead-letters.ts';
import { letFunctionUse, letServicesUse } from './encryption.ts';
import { createRules } from './events.ts';
import { createLogGroup, createTickFunction, createValidateFunction } from './function.ts';
import { HotPolicies } from './hot-policies.ts';
import { createHourlyChecks } from './hourly-checks.ts';
import { bundledCode } from './lambda-code.ts';
import { prometheusStatements, prometheusVariable } from './prometheus.ts';
import type { Settled } from './reach.ts';
import { createTickRole, createValidateRole, type TickRole } from './role.ts';
import { createSchedules } from './schedule.ts';
import type { SchmittProps } from './schmitt-props.ts';
import { createTable } from './table.ts';
import { createTickQueue } from './tick-queue.ts';
import { createAlarmTopic } from './topic.ts';

export interface PartsProps extends SchmittProps {
  readonly scaler: string;
  readonly shards: number;
  /** Of policies beside the function. */
  readonly policySet: () => PolicySet;
  /** Of policies in AppConfig, as JSON. */
  readonly content: () => string;
}

export interface Parts {
  readonly table: Table;
  readonly tick: LambdaFunction;
  readonly deadLetters: Queue;
  readonly topic: ITopic;
  readonly alarms: SchmittAlarms;
  readonly dashboard: SchmittDashboard;
  readonly hotPolicies: HotPolicies | undefined;
  /** Makes what follows from the policies. */
  complete(settled: Settled): void;
}

export function createParts(scope: Construct, props: PartsProps): Parts {
  const { scaler, shards, mode = 'act', encryptionKey: key, prometheus = {}, hotPolicies: isHot = true } = props;
  if (key !== undefined) letServicesUse(key, scope);
  const table = createTable(scope, key);
  const deadLetters = createDeadLetterQueue(scope, key);
  const topic = props.alarmTopic ?? createAlarmTopic(scope, key);
  const retention = props.logRetention ?? RetentionDays.ONE_MONTH;
  const logGroup = createLogGroup(scope, 'TickLogs', { retention, key });
  const tickRole = createTickRole(scope, { table, logGroup, mode });
  letFunctionUse(key, tickRole.role);
  const environment = {
    TABLE_NAME: table.tableName,
    SCALER_NAME: scaler,
    MODE: mode,
    SHARDS: String(shards),
    ...(isHot ? { POLICIES: HotPolicies.sourceOf(scaler) } : {}),
  };
  const layPolicies = (folder: string) => (isHot ? undefined : layBeside(folder, props.policySet()));
  const tick = createTickFunction(scope, {
    ...{ logGroup, key, deadLetters, role: tickRole.role },
    code: bundledCode('tick', layPolicies),
    environment: { ...environment, ...prometheusVariable(scope, prometheus) },
  });
  const alarms = createAlarms(scope, {
    ...{ tick, deadLetters, topic, scaler },
    readCostLimit: props.readCostLimit ?? 50,
    overrideReminder: props.overrideReminder ?? Duration.days(1),
    leaveOut: props.leaveOut ?? [],
  });
  const hot = isHot ? createHotPolicies(scope, props, tickRole, alarms, retention) : undefined;
  const schedules = createSchedules(scope, { tick, deadLetters, key, shards });
  // The first tick finds policies, and nobody is told that there was none before it.
  for (const schedule of schedules) if (hot !== undefined) schedule.node.addDependency(hot);
  alarms.noTick.node.addDependency(...schedules);
  const checks = createHourlyChecks(scope, {
    ...{ table, environment, deadLetters, key, hot, code: bundledCode('checks', layPolicies) },
    logGroup: createLogGroup(scope, 'ChecksLogs', { retention, key }),
    missing: alarms.checksMissing,
  });
  const dashboard = createDashboard(scope, { scaler, tick, log: logGroup, alarms });
  if (props.monitoringSinkArn !== undefined) linkTo(scope, props.monitoringSinkArn);
  return {
    ...{ table, tick, deadLetters, topic, alarms, dashboard, hotPolicies: hot },
    complete(settled) {
      tickRole.permit(settled, prometheusStatements(scope, prometheus));
      checks.permit(settled);
      createRules(scope, { tick, deadLetters }, settled);
      if (hasShortCadence(settled)) createTickQueue(scope, { tick, role: tickRole.role, deadLetters, key });
      dashboard.show(settled);
    },
  };
}

function createHotPolicies(
  scope: Construct,
  { scaler, content, encryptionKey: key }: PartsProps,
  { role }: TickRole,
  { monitors }: SchmittAlarms,
  retention: RetentionDays,
): HotPolicies {
  const logGroup = createLogGroup(scope, 'ValidateLogs', { retention, key });
  const validator = createValidateFunction(scope, {
    ...{ logGroup, key, code: bundledCode('validate'), role: createValidateRole(scope, logGroup) },
  });
  const hot = new HotPolicies(scope, 'Policies', { name: scaler, content, validator, monitors, key });
  // Not the role's own policy, on which the function waits, and on the function the alarms, and on those the policies.
  new Policy(hot, 'Read', { roles: [role], statements: [hot.readStatement()] });
  return hot;
}

function hasShortCadence({ set }: Settled): boolean {
  const policies = [...set.services, ...set.tagged.map(({ policy }) => policy)];
  return policies.some(({ mode, cadenceSeconds }) => mode !== 'off' && cadenceSeconds < 60);
}

/** So that a monitoring account sees what happens here. */
function linkTo(scope: Construct, sinkIdentifier: string): void {
  new CfnLink(scope, 'MonitoringLink', {
    sinkIdentifier,
    labelTemplate: '$AccountName',
    resourceTypes: ['AWS::CloudWatch::Metric', 'AWS::Logs::LogGroup', 'AWS::XRay::Trace'],
  });
}
