/** What a round of checks says about itself: a log line for each thing that somebody should know, metrics for the alarms. */
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { type CheckSummary, type ShardCheck, summaryOf } from '../../lib/loop/headroom-checks.ts';
import { poolWords } from '../../lib/policy/headroom/findings.ts';
import type { Telemetry } from '../tick/telemetry.ts';

export function report(
  checks: readonly ShardCheck[],
  acting: ReadonlySet<string>,
  { logger, metrics }: Telemetry,
): CheckSummary {
  // What was found a moment ago was told then.
  const fresh = checks.filter(({ outcome }) => outcome !== 'recent');
  const summary = summaryOf(fresh, acting);
  for (const { shard, outcome } of fresh) logger.info(`Shard ${shard}: ${OUTCOMES[outcome]}.`);
  for (const pool of summary.near) {
    logger.warn(`Of ${poolWords(pool)}, ${pool.free} of ${pool.limit} are left: ask for more.`);
  }
  for (const service of summary.scaledByOthers) {
    logger.warn(
      `Application Auto Scaling may scale in ${service}, so nothing is done: run schmitt takeover ${service}.`,
      {
        ecsService: service,
      },
    );
  }
  for (const { service, sentence } of summary.warnings) logger.warn(`${service}: ${sentence}`, { ecsService: service });
  for (const { service, clause } of summary.unknown)
    logger.warn(`${service}: not found out, ${clause}.`, { ecsService: service });
  metrics.addMetric('RoomsNear', MetricUnit.Count, summary.near.length);
  metrics.addMetric('ScaledByOthers', MetricUnit.Count, summary.scaledByOthers.length);
  return summary;
}

const OUTCOMES: Readonly<Record<ShardCheck['outcome'], string>> = {
  kept: 'checked',
  recent: 'checked before',
  overtaken: 'checked, and another check was faster',
};
