/**
 * `GetMetricData`: periods aligned to the clock, StartTime inclusive and rounded down, EndTime exclusive, pages of `MaxDatapoints`.
 * HTTP 200 is not success here either: each result has its own status.
 */
import { createHash } from 'node:crypto';
import type { EpochMs } from '../../policy/policy.ts';
import type { Faults, ResultFault } from '../faults.ts';
import type { JsonObject } from '../json-input.ts';
import type { Catalogue, Metric } from './catalogue.ts';
import { type DataQuery, type DataRequest, type MetricDataQuery, readDataRequest } from './data-request.ts';
import { invalidNextToken } from './fields.ts';
import { Expressions } from './math/expressions.ts';
import { type Period, periodsOf } from './statistics.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Sub-minute periods are kept so long. */
const FINE_KEPT_MS = 3 * HOUR_MS;

interface Series {
  readonly query: DataQuery;
  /** `[epoch seconds, value]` in the order asked for. */
  readonly points: readonly (readonly [number, number])[];
}

export interface DataSource {
  readonly catalogue: Catalogue;
  readonly faults: Faults;
  now(): EpochMs;
}

export function getMetricData(source: DataSource, input: JsonObject): object {
  const request = readDataRequest(input);
  const from = positionOf(request);
  const series = seriesOf(request, source);
  const faults = source.faults.takeResults(new Set(series.map(({ query }) => metricOf(query))));
  const total = series.reduce((sum, { points }) => sum + points.length, 0);
  const end = from + request.maxDatapoints;
  return {
    MetricDataResults: pageOf(series, from, end).map((result) => withFault(result, faults)),
    ...(end < total ? { NextToken: tokenFor(request, end) } : {}),
    Messages: source.faults.takeMessages().map(({ code, value }) => ({ Code: code, Value: value })),
  };
}

/** One a query that is to be returned; an expression that makes several series has one each, under the same id. */
function seriesOf(request: DataRequest, source: DataSource): readonly Series[] {
  const find = source.catalogue.finder();
  const read = (query: MetricDataQuery) => pointsOf(query, find(query.key), request, source.now());
  const expressions = new Expressions(request, read);
  return request.queries
    .filter(({ returnData }) => returnData)
    .flatMap((query): Series[] => {
      if (query.kind === 'metric') return [{ query, points: read(query) }];
      return expressions.evaluate(query).map((points) => ({ query, points }));
    });
}

/** An expression has no metric of its own. */
function metricOf(query: DataQuery): string {
  return query.kind === 'metric' ? query.metric : '';
}

function pointsOf(
  query: MetricDataQuery,
  metric: Metric | undefined,
  request: DataRequest,
  now: EpochMs,
): Series['points'] {
  if (metric === undefined || (query.unit !== undefined && query.unit !== metric.unit)) return [];
  const periodMs = query.periodSeconds * 1000;
  const asked = roundedStart(request.start, query.periodSeconds, now);
  const start = query.periodSeconds < 60 ? Math.max(asked, now - FINE_KEPT_MS) : asked;
  // A period that began before the start is not returned, not even its part after it.
  const firstPeriod = Math.ceil(start / periodMs) * periodMs;
  const points = periodsOf(metric.visible(firstPeriod, request.end), periodMs).flatMap((period) =>
    valueIn(query, period),
  );
  return request.ascending ? points : points.reverse();
}

function valueIn(query: MetricDataQuery, { startedAt, points }: Period): readonly (readonly [number, number])[] {
  const value = query.statistic(points);
  return value === undefined ? [] : [[startedAt / 1000, value]];
}

/** CloudWatch rounds down: to the period's division of a minute, to the minute, and further for what is old. */
function roundedStart(start: EpochMs, periodSeconds: number, now: EpochMs): EpochMs {
  const age = now - start;
  const coarse = age < 15 * DAY_MS ? MINUTE_MS : age < 63 * DAY_MS ? 5 * MINUTE_MS : HOUR_MS;
  const step = periodSeconds < 60 ? periodSeconds * 1000 : coarse;
  return Math.floor(start / step) * step;
}

interface Result {
  readonly query: DataQuery;
  readonly points: Series['points'];
  readonly status: 'Complete' | 'PartialData';
}

/** Datapoints `from` to `end` of all series laid end to end; a series that ended on an earlier page is not named again. */
function pageOf(series: readonly Series[], from: number, end: number): readonly Result[] {
  const results: Result[] = [];
  let at = 0;
  for (const { query, points } of series) {
    const after = at + points.length;
    if (from === 0 || after > from) {
      const shown = points.slice(Math.max(0, from - at), Math.max(0, end - at));
      results.push({ query, points: shown, status: after <= end ? 'Complete' : 'PartialData' });
    }
    at = after;
  }
  return results;
}

function withFault({ query, points, status }: Result, faults: readonly ResultFault[]): object {
  const fault = faults.find(({ metric }) => metric === undefined || metric === metricOf(query));
  // A result that failed has nothing; a partial one lacks its last half.
  const kept = fault === undefined ? points : fault.status === 'PartialData' ? points.slice(0, points.length >> 1) : [];
  return {
    Id: query.id,
    Label: query.label,
    Timestamps: kept.map(([at]) => at),
    Values: kept.map(([, value]) => value),
    StatusCode: fault?.status ?? status,
    ...(fault?.message === undefined ? {} : { Messages: [{ Code: fault.status, Value: fault.message }] }),
  };
}

function tokenFor(request: DataRequest, position: number): string {
  const { queries, start, end, ascending } = request;
  const same = JSON.stringify([queries, start, end, ascending]);
  const fingerprint = createHash('sha256').update(same).digest('base64url').slice(0, 16);
  return `${fingerprint}.${position.toString(36)}`;
}

/** A token belongs to the request that got it: the same queries, times and order. */
function positionOf(request: DataRequest): number {
  if (request.nextToken === undefined) return 0;
  const position = Number.parseInt(request.nextToken.split('.')[1] ?? '', 36);
  if (tokenFor(request, position) !== request.nextToken) throw invalidNextToken();
  return position;
}
