/**
 * The tick: once a minute EventBridge Scheduler sends `{ "shard": "0", "scheduledAt": "…" }`, and every service of the shard is decided once.
 *
 * RUNBOOK
 *
 * How an invocation ends
 *   busy     Another tick holds the shard's lease. Normal now and then; success. When it stays: a crashed holder frees the shard after
 *            45 s and a margin of 10 s; if `TickBusy` is 1 for minutes, look for an invocation that runs into its time limit.
 *   ticked   Each service has one outcome, counted as `DecisionsTotal{action,outcome}`:
 *     held        The count stays. The sentence says why; it is logged when the reason changes.
 *     changed     UpdateService was accepted.
 *     shadowed    Mode shadow: this would have been done.
 *     refused     ECS said no and will say no again. Read `refusal` in the log line; most often the role or a wrong name.
 *     retryable   Throttled, or ECS had a fault. The next tick tries again; look when it stays for five minutes.
 *     settling    A change was sent and its answer was lost; nobody acts until it is certain what became of it.
 *     settled     It is certain now.
 *     stale       Somebody else wrote the service's state meanwhile; nothing was done, the next tick decides.
 *     missing     ECS knows no such service: mend the policy, or wait for the deployment that creates it.
 *     unreadable  ECS would not describe the service (access denied, throttled): the sentence says why; nothing was done.
 *     unsupported A DAEMON or inactive service: take it out of the policy.
 *     corrupt     The stored state is not of a format this version reads: the service is left alone. See docs/operations.md.
 *     outOfTime   The time limit was near, so the service was left for the next tick. When it stays, the shard is too large.
 *     overBudget  Our share of UpdateService was used up; the most urgent changes went first, the rest goes in the next ticks.
 *   error    A fault nobody expected (access denied, throttled table, a bug). Lambda counts it, the alarm on errors follows, the log has
 *            `xray_trace_id` and the cause. Nothing is half done: the next tick starts from what is stored.
 *
 * What to check, in this order: the alarm's section in docs/operations.md; the log lines of level WARN and ERROR of the last ten
 * minutes; `SignalsFailed` and `TickAge`; the dead-letter queue.
 */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { awsPorts } from '../../lib/aws/ports.ts';
import type { Ports, TickReport } from '../../lib/loop/ports.ts';
import { tick } from '../../lib/loop/tick.ts';
import { bundledPolicies } from './bundled-policies.ts';
import { type Configuration, configurationFrom } from './configuration.ts';
import { withDeadline } from './deadline.ts';
import { requestFrom } from './event.ts';
import { count, faultLogged, narrated } from './report.ts';
import { createTelemetry, type Telemetry } from './telemetry.ts';

export type TickHandler = (event: unknown, context: Context) => Promise<TickReport>;

export function createHandler(
  ports: Ports,
  { abortLeadMs }: Pick<Configuration, 'abortLeadMs'>,
  telemetry: Telemetry = createTelemetry(),
): TickHandler {
  const { logger, metrics } = telemetry;
  const heard: Ports = { ...ports, ledger: narrated(ports.ledger, logger) };

  const turn: TickHandler = async (event, context) => {
    const startedAt = ports.clock.now();
    try {
      const request = requestFrom(event, context, abortLeadMs);
      logger.appendKeys({ shard: request.shard });
      metrics.addMetadata('shard', request.shard);
      const report = await withDeadline(context, abortLeadMs, (abort) => tick(heard, { ...request, abort }));
      count(report, telemetry);
      return report;
    } finally {
      metrics.addMetric('TickDuration', 'Milliseconds', ports.clock.now() - startedAt);
    }
  };
  // Without middy's early timeout: deadline.ts says why.
  return middy(turn, { timeoutEarlyInMillis: 0 })
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(logMetrics(metrics))
    .use(faultLogged(logger));
}

function fromEnvironment(): TickHandler {
  const configuration = configurationFrom(process.env);
  const policies = bundledPolicies(new URL('./policies.json', import.meta.url));
  return createHandler(awsPorts({ tableName: configuration.tableName, policies }), configuration);
}

/** What Lambda calls. Made on the first call, so that importing this file makes no clients and reads no environment. */
let made: TickHandler | undefined;
export const handler: TickHandler = (event, context) => {
  made ??= fromEnvironment();
  return made(event, context);
};
