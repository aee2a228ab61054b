/**
 * The tick: once a minute EventBridge Scheduler sends `{ "shard": "0", "scheduledAt": "…" }`, and every service of the shard is decided once.
 * A queue brings the minute's other ticks where a cadence is shorter; rules of EventBridge bring what happened to a service (an alarm, an
 * ECS event, a pushed number), and that service is decided at once.
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
import { sendTicks } from '../../lib/aws/delayed-ticks.ts';
import { type HotPolicies, hotPolicies } from '../../lib/aws/policies.ts';
import { awsPorts } from '../../lib/aws/ports.ts';
import { newMeter } from '../../lib/aws/signals/meter.ts';
import type { Ports } from '../../lib/loop/ports.ts';
import type { TickReport } from '../../lib/loop/tick-request.ts';
import { bundledPolicies } from './bundled-policies.ts';
import { configurationFrom } from './configuration.ts';
import { withDeadline } from './deadline.ts';
import { askedBy } from './event.ts';
import { faultLogged, narrated } from './report.ts';
import { shadowed } from './shadowed.ts';
import { createTelemetry, type Telemetry } from './telemetry.ts';
import { type TurnOptions, turns } from './turns.ts';
import { type Watched, watch } from './watch.ts';

export type TickHandler = (event: unknown, context: Context) => Promise<TickReport>;

export interface HandlerOptions extends TurnOptions, Watched {}

export function createHandler(
  given: Ports,
  options: HandlerOptions,
  telemetry: Telemetry = createTelemetry(),
): TickHandler {
  const { logger, metrics } = telemetry;
  const { ports, report } = watch({ ...given, ledger: narrated(given.ledger, logger) }, options, telemetry);

  const turn: TickHandler = async (event, context) => {
    const startedAt = ports.clock.now();
    try {
      const asked = askedBy(event, options.shards ?? 1, startedAt);
      if (asked.kind === 'nothing') {
        logger[asked.refused ? 'warn' : 'info'](asked.why);
        return report([], asked.dropped === true ? 1 : 0);
      }
      if (asked.kind === 'tick') {
        logger.appendKeys({ shard: asked.shard });
        metrics.addMetadata('shard', asked.shard);
      }
      const { reports, complaints, lostTicks } = await withDeadline(context, options.abortLeadMs, (abort) =>
        turns(asked, ports, options, context, abort),
      );
      for (const complaint of complaints) logger.warn(complaint);
      return report(reports, lostTicks);
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
  const {
    tableName,
    scaler,
    mode,
    shards,
    abortLeadMs,
    prometheus,
    policies: source,
    queueUrl,
  } = configurationFrom(process.env);
  const meter = newMeter();
  let hot: HotPolicies | undefined;
  const ports = awsPorts({
    tableName,
    shards,
    meter,
    ...(prometheus === undefined ? {} : { prometheus }),
    policies: (made) => {
      if (source === undefined) return bundledPolicies(new URL('./policies.json', import.meta.url));
      hot = hotPolicies({ ...made, source });
      return hot;
    },
  });
  const { sqs: client, limits } = ports.clients;
  const sendOthers: HandlerOptions['sendOthers'] | undefined =
    queueUrl === undefined
      ? undefined
      : (shard, _minute, ticks, abort) => sendTicks({ client, queueUrl, callMs: limits.callMs }, shard, ticks, abort);
  const options: HandlerOptions = {
    abortLeadMs,
    shards,
    meter,
    policyTrouble: () => hot?.trouble(),
    ...(sendOthers === undefined ? {} : { sendOthers }),
  };
  return createHandler(mode === 'shadow' ? shadowed(ports) : ports, options, createTelemetry(scaler));
}

/** What Lambda calls. Made on the first call, so that importing this file makes no clients and reads no environment. */
let made: TickHandler | undefined;
export const handler: TickHandler = (event, context) => {
  made ??= fromEnvironment();
  return made(event, context);
};
