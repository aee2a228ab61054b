/** A month's bill by item, and what target tracking on the same signals would cost. Pure functions of usage and prices. */
import { type PriceTable, plus, type Range, times } from './prices.ts';
import type { Usage } from './usage.ts';

export interface BillItem {
  readonly name:
    | 'reads'
    | 'fine metrics'
    | 'Lambda'
    | 'DynamoDB'
    | 'schedule'
    | 'logs'
    | 'own metrics'
    | 'alarms'
    | 'dashboard'
    | 'keys';
  /** What it is made of, for the reader. */
  readonly of: string;
  readonly dollars: Range;
}

export interface Bill {
  readonly region: string;
  readonly date: string;
  readonly services: number;
  readonly items: readonly BillItem[];
  readonly total: Range;
  /** The same signals on target-tracking alarms, which cost nothing else. */
  readonly targetTracking: Range & { readonly alarms: number };
  /** AWS's own metrics through CloudWatch's PromQL, where the account has them enriched, instead of through GetMetricData. */
  readonly enriched: Range & { readonly metrics: number };
}

/** What the stack has; the numbers of its own are those of `lib/cdk`. */
export interface StackFacts {
  readonly memoryGb: number;
  readonly alarms: number;
  readonly ownMetrics: number;
  readonly dashboards: number;
  /** Customer-managed keys. The stack makes none unless it is told to. */
  readonly keys: number;
}

const STACK: StackFacts = Object.freeze({ memoryGb: 0.5, alarms: 8, ownMetrics: 20, dashboards: 1, keys: 0 });

/** Seconds of an invocation, and more for each service that is decided; measured, and twice that. */
const TICK_SECONDS: Range = { low: 0.15, high: 0.3 };
const DECISION_SECONDS: Range = { low: 0.001, high: 0.002 };
/** KB of a service in the shard's rings. A write costs by the KB, a consistent read by 4 KB. */
const RINGS_KB = 0.4;
/** Decisions whose state is written, or that are news. */
const WRITTEN_SHARE = 0.05;
const LOG_KB = { tick: 1.5, news: 1.2 } as const;

export function billOf(usage: Usage, prices: PriceTable, stack: StackFacts = STACK): Bill {
  const items = [
    ...readItems(usage, prices),
    lambdaItem(usage, prices, stack),
    dynamoItem(usage, prices),
    scheduleItem(usage, prices),
    logsItem(usage, prices),
    item('own metrics', `${stack.ownMetrics} metrics`, times(prices.ownMetricPerMonth, stack.ownMetrics)),
    item('alarms', `${stack.alarms} alarms`, times(prices.alarmPerMonth, stack.alarms)),
    item('dashboard', `${stack.dashboards} dashboard`, times(prices.dashboardPerMonth, stack.dashboards)),
    item('keys', stack.keys === 0 ? 'none of its own' : `${stack.keys} keys`, times(prices.keyPerMonth, stack.keys)),
  ];
  const { region, date } = prices;
  const tracking = plus(
    times(prices.alarmPerMonth, usage.alarms),
    times(prices.fineAlarmPerMonth, usage.fineAlarms),
    times(prices.fineMetricPerMonth, usage.fineMetrics),
  );
  return {
    region,
    date,
    services: usage.services,
    items,
    total: plus(...items.map(({ dollars }) => dollars)),
    targetTracking: { ...tracking, alarms: usage.alarms + usage.fineAlarms },
    enriched: { ...enrichedOf(usage, prices), metrics: usage.vendedMetrics },
  };
}

const KB_PER_GB = 1024 ** 2;
/** Samples that one look at a series scans: the newest, up to those of five minutes. */
const SAMPLES_PER_LOOK: Range = { low: 1, high: 15 };

/** Only these metrics, as a filter of the account would have it; without one every resource of the account is enriched. */
function enrichedOf({ vendedDatapoints, vendedReads }: Usage, prices: PriceTable): Range {
  const gigabytes = times(prices.enrichedDatapointKb, vendedDatapoints / KB_PER_GB);
  return plus(
    times(prices.enrichmentPerGb, gigabytes),
    times(prices.promqlPerSample, times(SAMPLES_PER_LOOK, vendedReads)),
  );
}

function item(name: BillItem['name'], of: string, dollars: Range): BillItem {
  return { name, of, dollars };
}

function readItems(usage: Usage, prices: PriceTable): readonly BillItem[] {
  const { metricsRequested, queueReads, samplesScanned, fineMetrics } = usage;
  const parts = [
    metricsRequested > 0 ? `${amount(metricsRequested)} metrics` : '',
    queueReads > 0 ? `${amount(queueReads)} queue reads` : '',
    samplesScanned.high > 0 ? `${amount(samplesScanned.low)} to ${amount(samplesScanned.high)} PromQL samples` : '',
  ].filter((part) => part !== '');
  const dollars = plus(
    times(prices.getMetricDataPerMetric, metricsRequested),
    times(prices.sqsPerRequest, queueReads),
    // A Prometheus of one's own asks nothing for it.
    { ...times(prices.promqlPerSample, samplesScanned), low: 0 },
  );
  const reads = item('reads', parts.join(', ') || 'nothing is read', dollars);
  if (fineMetrics === 0) return [reads];
  return [reads, item('fine metrics', `${amount(fineMetrics)} at 20 s`, times(prices.fineMetricPerMonth, fineMetrics))];
}

function lambdaItem({ ticks, decisions }: Usage, prices: PriceTable, { memoryGb }: StackFacts): BillItem {
  const seconds = plus(times(TICK_SECONDS, ticks), times(DECISION_SECONDS, decisions));
  const dollars = plus(
    times(prices.lambdaPerGbSecond, times(seconds, memoryGb)),
    times(prices.lambdaPerRequest, ticks),
  );
  return item('Lambda', `${amount(ticks)} ticks of ${memoryGb * 1024} MB`, dollars);
}

/** A tick takes and returns its lease, reads and writes its rings, and reads every service that it decides. */
function dynamoItem({ ticks, decisions }: Usage, prices: PriceTable): BillItem {
  const ringsKb = (decisions * RINGS_KB) / Math.max(1, ticks);
  const writes = ticks * (2 + Math.ceil(ringsKb)) + decisions * WRITTEN_SHARE * 2;
  const reads = ticks * Math.ceil(ringsKb / 4) + decisions;
  const dollars = plus(times(prices.dynamoPerWrite, writes), times(prices.dynamoPerRead, reads));
  return item('DynamoDB', `${amount(writes)} writes, ${amount(reads)} reads`, dollars);
}

/** A delayed tick is sent, received and deleted; polling an empty queue costs too. */
function scheduleItem({ ticks, delayedTicks }: Usage, prices: PriceTable): BillItem {
  const scheduled = ticks - delayedTicks;
  const requests = delayedTicks === 0 ? 0 : delayedTicks * 2 + scheduled + 300_000;
  const dollars = plus(times(prices.schedulePerInvocation, scheduled), times(prices.sqsPerRequest, requests));
  const through = delayedTicks === 0 ? '' : `, ${amount(delayedTicks)} ticks through a queue`;
  return item('schedule', `${amount(scheduled)} invocations${through}`, dollars);
}

function logsItem({ ticks, decisions }: Usage, prices: PriceTable): BillItem {
  const gigabytes = (ticks * LOG_KB.tick + decisions * WRITTEN_SHARE * LOG_KB.news) / 1024 ** 2;
  return item('logs', `${gigabytes.toFixed(gigabytes < 10 ? 2 : 0)} GB`, times(prices.logsPerGb, gigabytes));
}

/** `43.8k`, `1.31M`. */
function amount(value: number): string {
  const [size, unit] = value >= 1e9 ? [1e9, 'G'] : value >= 1e6 ? [1e6, 'M'] : value >= 1e3 ? [1e3, 'k'] : [1, ''];
  return `${Number((value / size).toPrecision(3))}${unit}`;
}
