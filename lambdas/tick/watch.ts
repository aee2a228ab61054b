/** What a tick is watched for besides its decisions: what alarms look at leaves as metrics with every invocation. */
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { PolicyTrouble } from '../../lib/aws/policies.ts';
import { type Meter, newMeter } from '../../lib/aws/signals/meter.ts';
import type { Ports } from '../../lib/loop/ports.ts';
import type { TickReport } from '../../lib/loop/tick-request.ts';
import { count } from './report.ts';
import type { Telemetry } from './telemetry.ts';

export interface Watched {
  /** What is wrong with the policies in force. Absent: nothing can be. */
  readonly policyTrouble?: () => PolicyTrouble | undefined;
  /** What reading signals used up since it was made. */
  readonly meter?: Meter;
}

/** US dollars, list price of us-east-1: a metric that GetMetricData was asked for, a sample that CloudWatch's PromQL scanned. */
const PRICE = { metricRequested: 0.01 / 1_000, sampleScanned: 0.01 / 1_000_000 } as const;

export interface Watch {
  /** The same ports; what is looked at on the way is remembered for the report. */
  readonly ports: Ports;
  /** Counts the reports of one invocation, and ticks within a minute that came too late or were not sent; answers with one report. */
  report(reports: readonly TickReport[], droppedTicks: number): TickReport;
}

export function watch(ports: Ports, { policyTrouble, meter = newMeter() }: Watched, telemetry: Telemetry): Watch {
  const { logger, metrics } = telemetry;
  let overridesInForce: number | undefined;
  let paid = costOf(meter);
  return {
    ports: {
      ...ports,
      overrides: {
        async list(now, abort) {
          const overrides = await ports.overrides.list(now, abort);
          overridesInForce = overrides.length;
          return overrides;
        },
      },
    },
    report(reports, droppedTicks) {
      // Only where there are any: a metric costs by the hours in which it is sent.
      if (droppedTicks > 0) metrics.addMetric('TicksDropped', MetricUnit.Count, droppedTicks);
      for (const report of reports) count(report, telemetry);
      const trouble = policyTrouble?.();
      if (trouble !== undefined) logger.warn(`Policies are ${trouble.kind}: ${trouble.cause}`);
      metrics.addMetric('PoliciesRejected', MetricUnit.Count, trouble?.kind === 'rejected' ? 1 : 0);
      if (overridesInForce !== undefined) metrics.addMetric('OverridesActive', MetricUnit.Count, overridesInForce);
      const cost = costOf(meter);
      metrics.addMetric('ReadCost', MetricUnit.NoUnit, cost - paid);
      paid = cost;
      return oneOf(reports, ports.clock.now());
    },
  };
}

function costOf({ metricsRequested, samplesScanned }: Meter): number {
  return metricsRequested * PRICE.metricRequested + samplesScanned * PRICE.sampleScanned;
}

/** An invocation answers with one report: an event may have concerned services of several shards, or none. */
function oneOf(reports: readonly TickReport[], now: number): TickReport {
  const ticked = reports.filter((report) => report.kind === 'ticked');
  const [first] = ticked;
  if (first !== undefined && ticked.length === 1) return first;
  if (first === undefined && reports[0] !== undefined) return reports[0];
  const sum = (field: 'signalsRead' | 'signalsFailed' | 'breakersOpen') =>
    ticked.reduce((total, report) => total + report[field], 0);
  return {
    kind: 'ticked',
    now: first?.now ?? now,
    policyVersion: first?.policyVersion ?? 'none was needed',
    entries: ticked.flatMap(({ entries }) => entries),
    signalsRead: sum('signalsRead'),
    signalsFailed: sum('signalsFailed'),
    breakersOpen: sum('breakersOpen'),
  };
}
