/** What a tick says about itself: log lines for people, metrics for alarms. Facts of one ECS service go in log fields, never in dimensions. */
import type { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';
import { groupedBy } from '../../lib/aws/grouped.ts';
import type { Ledger, LedgerEntry, Outcome } from '../../lib/loop/ports.ts';
import type { TickReport } from '../../lib/loop/tick-request.ts';
import type { Reason } from '../../lib/policy/decision.ts';
import type { Telemetry } from './telemetry.ts';

/** Outcomes that somebody should look at when they stay; `docs/operations.md` has a section on each. */
const WORRYING: ReadonlySet<Outcome> = new Set([
  'refused',
  'retryable',
  'missing',
  'unsupported',
  'corrupt',
  'outOfTime',
]);

/** The same ledger; each entry is also one log line whose message is the sentence. */
export function narrated(ledger: Ledger, logger: Logger): Ledger {
  return {
    record(entries, abort) {
      for (const entry of entries) narrate(entry, logger);
      return ledger.record(entries, abort);
    },
  };
}

function narrate(entry: LedgerEntry, logger: Logger): void {
  const { cluster, service, decision, outcome, sentence, reasons, at, policyVersion, error } = entry;
  const fields = {
    ecsService: `${cluster}/${service}`,
    ...decision,
    outcome,
    decidedAt: new Date(at).toISOString(),
    policyVersion,
    reasons,
    ...(error === undefined ? {} : { refusal: error }),
  };
  if (WORRYING.has(outcome)) logger.warn(sentence, fields);
  else logger.info(sentence, fields);
}

/** Counts the report. The metrics without dimensions leave together, in the line that ends the invocation. */
export function count(report: TickReport, { logger, metrics }: Telemetry): void {
  metrics.addMetric('TickBusy', MetricUnit.Count, report.kind === 'busy' ? 1 : 0);
  if (report.kind === 'busy') {
    logger.info(`Another tick holds the shard until ${new Date(report.until).toISOString()}: nothing to do.`, {
      holder: report.owner,
    });
    return;
  }
  metrics.addMetadata('policyVersion', report.policyVersion);
  metrics.addMetric('SignalsRead', MetricUnit.Count, report.signalsRead);
  metrics.addMetric('SignalsFailed', MetricUnit.Count, report.signalsFailed);
  metrics.addMetric('SignalsMissing', MetricUnit.Count, signalsMissing(report.entries));
  metrics.addMetric('BreakerOpen', MetricUnit.Count, report.breakersOpen);
  const refused = report.entries.filter(({ outcome }) => outcome === 'refused');
  metrics.addMetric('UpdatesRefused', MetricUnit.Count, refused.length);
  const { unverified, doesNotHelp } = inVain(report.entries);
  metrics.addMetric('ChangesUnverified', MetricUnit.Count, unverified);
  metrics.addMetric('DoesNotHelp', MetricUnit.Count, doesNotHelp);
  for (const { event, cause } of report.events?.refused ?? []) {
    logger.warn(`An event for ${event.cluster}/${event.service} was not taken: ${cause}`);
  }
  const { lastScaleAgeSeconds } = report;
  if (lastScaleAgeSeconds !== undefined) metrics.addMetric('LastScaleAge', MetricUnit.Seconds, lastScaleAgeSeconds);
  if (report.lateSeconds !== undefined) metrics.addMetric('TickAge', MetricUnit.Seconds, report.lateSeconds);
  for (const [key, entries] of groupedBy(report.entries, ({ decision, outcome }) => `${decision.action}/${outcome}`)) {
    const [action = '', outcome = ''] = key.split('/');
    metrics
      .singleMetric()
      .addDimension('action', action)
      .addDimension('outcome', outcome)
      .addMetric('DecisionsTotal', MetricUnit.Count, entries.length);
  }
}

/** Signals that a rule or a target of a service asked for and that are unknown, each once. */
function signalsMissing(entries: readonly LedgerEntry[]): number {
  const missing = new Set<string>();
  for (const { arn, reasons } of entries) {
    for (const reason of reasons) {
      if (reason.kind !== 'vote') continue;
      for (const { signal, value } of reason.signals) if (value === null) missing.add(`${arn} ${signal}`);
    }
  }
  return missing.size;
}

/** Changes that were given up just now, and services of which a rule has found out that more tasks do not help. */
function inVain(entries: readonly LedgerEntry[]): { readonly unverified: number; readonly doesNotHelp: number } {
  const having = (is: (reason: Reason) => boolean) => entries.filter(({ reasons }) => reasons.some(is)).length;
  return {
    unverified: having(({ kind }) => kind === 'unverified'),
    doesNotHelp: having((one) => one.kind === 'vote' && one.why === 'doesNotHelp'),
  };
}

/** A fault is logged with the invocation's context and stays a fault: Lambda counts it and the alarm on errors sees it. */
export function faultLogged(logger: Logger): MiddlewareObj<unknown, TickReport> {
  return {
    onError: (request): void => {
      logger.error('The tick failed; the next one starts from what is stored.', request.error ?? new Error('unknown'));
    },
  };
}
