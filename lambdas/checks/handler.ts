/**
 * The checks: once an hour EventBridge Scheduler has the surroundings of every service looked at, every five minutes those of services that
 * are new, and a rule of EventBridge those of a service that ECS could not place or start. What is found lies in the table, where ticks
 * read it before they change something.
 *
 * RUNBOOK
 *
 * How an invocation ends
 *   success  What was found is kept. Level WARN: a limit that is near, a service that something else may scale in, a service that loses work
 *            when it is scaled in, and whatever could not be found out, a sentence each.
 *   error    A fault nobody expected (policies that cannot be loaded, a table that does not answer). Ticks go on with what was found last,
 *            for three hours; then they say that they believe it no more, and change counts without it.
 *
 * What to check: the alarm's section in docs/operations.md, then the log lines of level WARN and ERROR.
 */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { awsChecker } from '../../lib/aws/headroom/checker.ts';
import { headroomClients } from '../../lib/aws/headroom/clients.ts';
import { awsHeadroom } from '../../lib/aws/headroom/findings-store.ts';
import { hotPolicies } from '../../lib/aws/policies.ts';
import { tableOf } from '../../lib/aws/store.ts';
import { systemClock } from '../../lib/aws/system-clock.ts';
import { awsTaggedServices } from '../../lib/aws/tagged-services.ts';
import { type CheckPorts, type CheckSummary, checkShards } from '../../lib/loop/headroom-checks.ts';
import { selectedPolicies } from '../../lib/loop/selected-policies.ts';
import { bundledPolicies } from '../tick/bundled-policies.ts';
import { configurationFrom } from '../tick/configuration.ts';
import { withDeadline } from '../tick/deadline.ts';
import { createTelemetry, type Telemetry } from '../tick/telemetry.ts';
import { servicesAskedFor } from './asked.ts';
import { report } from './report.ts';

export type ChecksHandler = (event: unknown, context: Context) => Promise<CheckSummary>;

export interface ChecksOptions {
  readonly shards: number;
  readonly mode: 'act' | 'shadow';
  readonly abortLeadMs: number;
}

export function createHandler(
  ports: CheckPorts,
  { shards, mode, abortLeadMs }: ChecksOptions,
  telemetry: Telemetry = createTelemetry(),
): ChecksHandler {
  const { logger, metrics } = telemetry;
  const check: ChecksHandler = async (event, context) => {
    const about = servicesAskedFor(event);
    let done = 0;
    const round = async (abort: AbortSignal) => {
      const checks = await checkShards(ports, { shards, abort, ...(about === undefined ? {} : { about }) });
      const { services } = await ports.policies.load(abort);
      const acting = services.filter((policy) => mode === 'act' && policy.mode === 'act');
      const summary = report(checks, new Set(acting.map(({ cluster, service }) => `${cluster}/${service}`)), telemetry);
      // The alarm is on rounds over everything.
      done = about === undefined ? 1 : 0;
      return summary;
    };
    try {
      return await withDeadline(context, abortLeadMs, round);
    } finally {
      metrics.addMetric('ChecksDone', MetricUnit.Count, done);
    }
  };
  return middy(check, { timeoutEarlyInMillis: 0 })
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(logMetrics(metrics))
    .use({ onError: ({ error }): void => logger.error('The check failed.', error ?? new Error('unknown')) });
}

function fromEnvironment(): ChecksHandler {
  const { tableName, scaler, mode, shards, abortLeadMs, policies: source } = configurationFrom(process.env);
  const clients = headroomClients({});
  const { callMs } = clients.limits;
  const table = tableOf({ client: clients.dynamodb, tableName, callMs });
  const written =
    source === undefined
      ? bundledPolicies(new URL('./policies.json', import.meta.url))
      : hotPolicies({ source, table, clock: systemClock });
  const ports: CheckPorts = {
    clock: systemClock,
    policies: selectedPolicies(written, awsTaggedServices(clients.tagging, callMs), systemClock),
    headroom: awsHeadroom(table),
    checker: awsChecker(clients, process.env.AWS_REGION ?? ''),
  };
  return createHandler(ports, { shards, mode, abortLeadMs }, createTelemetry(scaler));
}

/** What Lambda calls. Made on the first call, so that importing this file makes no clients and reads no environment. */
let made: ChecksHandler | undefined;
export const handler: ChecksHandler = (event, context) => {
  made ??= fromEnvironment();
  return made(event, context);
};
