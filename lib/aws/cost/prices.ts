/**
 * List prices, with the Region and the day they were read. US dollars. A range where AWS's own page was not read or does not say: the bill
 * then shows both ends and hides neither.
 */
export interface Range {
  readonly low: number;
  readonly high: number;
}

export interface PriceTable {
  readonly region: string;
  /** Day they were read, ISO 8601. */
  readonly date: string;
  /** Days and hours of a month in these sums: 730 hours. */
  readonly monthHours: number;
  readonly getMetricDataPerMetric: Range;
  readonly promqlPerSample: Range;
  /** Enriched metrics, by the gigabyte of what OpenTelemetry would have sent. */
  readonly enrichmentPerGb: Range;
  /** Of one enriched datapoint, its labels and tags too; AWS's example of 650 resources comes to the middle of it. */
  readonly enrichedDatapointKb: Range;
  /** One metric of a service at 20 seconds, a month; AWS says only that it costs like detailed monitoring. */
  readonly fineMetricPerMonth: Range;
  readonly sqsPerRequest: Range;
  readonly lambdaPerGbSecond: Range;
  readonly lambdaPerRequest: Range;
  readonly dynamoPerWrite: Range;
  readonly dynamoPerRead: Range;
  readonly schedulePerInvocation: Range;
  readonly logsPerGb: Range;
  /** Own metrics, a month, by tier. */
  readonly ownMetricPerMonth: Range;
  readonly alarmPerMonth: Range;
  readonly fineAlarmPerMonth: Range;
  readonly dashboardPerMonth: Range;
  readonly keyPerMonth: Range;
}

const known = (price: number): Range => Object.freeze({ low: price, high: price });
const between = (low: number, high: number): Range => Object.freeze({ low, high });

/** us-east-1, without free tiers: what a large account pays for the next one. */
export const PRICES: PriceTable = Object.freeze({
  region: 'us-east-1',
  date: '2026-11-20',
  monthHours: 730,
  getMetricDataPerMetric: known(0.01 / 1_000),
  promqlPerSample: known(0.01 / 1_000_000),
  enrichmentPerGb: known(0.5),
  enrichedDatapointKb: between(0.5, 1.5),
  fineMetricPerMonth: between(0.1, 0.3),
  sqsPerRequest: known(0.4 / 1_000_000),
  lambdaPerGbSecond: known(0.0000133334),
  lambdaPerRequest: known(0.2 / 1_000_000),
  dynamoPerWrite: known(0.625 / 1_000_000),
  dynamoPerRead: known(0.125 / 1_000_000),
  // The first 14 million a month are free, and no account of ours is near it.
  schedulePerInvocation: between(0, 1 / 1_000_000),
  // Logs of Lambda fall from 0.50 to 0.05 with their amount.
  logsPerGb: between(0.25, 0.5),
  ownMetricPerMonth: between(0.1, 0.3),
  alarmPerMonth: known(0.1),
  fineAlarmPerMonth: known(0.3),
  // Three are free in an account.
  dashboardPerMonth: between(0, 3),
  keyPerMonth: known(1),
});

export function times({ low, high }: Range, amount: number | Range): Range {
  const { low: least, high: most } = typeof amount === 'number' ? known(amount) : amount;
  return { low: low * least, high: high * most };
}

export function plus(...ranges: readonly Range[]): Range {
  return {
    low: ranges.reduce((sum, { low }) => sum + low, 0),
    high: ranges.reduce((sum, { high }) => sum + high, 0),
  };
}
