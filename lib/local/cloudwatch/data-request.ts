/** The request of `GetMetricData`, checked as CloudWatch checks it: all that is wrong is said at once. */
import type { EpochMs } from '../../policy/policy.ts';
import { asObject, flag, integer, type JsonObject, list, number, object, text } from '../json-input.ts';
import { keyOf } from './catalogue.ts';
import { dimensionsOf, missing, requiredText, validationError } from './fields.ts';
import { type Node, parseMath } from './math/parse.ts';
import { MathFault } from './math/tokens.ts';
import { type Statistic, statisticCalled } from './statistics.ts';

const QUERIES_MOST = 500;
const DATAPOINTS_MOST = 100_800;
const ID = /^[a-z][a-zA-Z0-9_]*$/;
const SUB_MINUTE_PERIODS: readonly number[] = [1, 5, 10, 20, 30];

interface QueryParts {
  readonly id: string;
  readonly label: string;
  readonly returnData: boolean;
}

export interface MetricDataQuery extends QueryParts {
  readonly kind: 'metric';
  readonly metric: string;
  /** Of the catalogue. */
  readonly key: string;
  readonly statistic: Statistic;
  readonly periodSeconds: number;
  readonly unit: string | undefined;
}

export interface ExpressionDataQuery extends QueryParts {
  readonly kind: 'expression';
  readonly node: Node;
}

export type DataQuery = MetricDataQuery | ExpressionDataQuery;

export interface DataRequest {
  readonly queries: readonly DataQuery[];
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly ascending: boolean;
  readonly maxDatapoints: number;
  readonly nextToken: string | undefined;
}

export function readDataRequest(input: JsonObject): DataRequest {
  const given = list(input, 'MetricDataQueries') ?? [];
  if (given.length === 0) throw missing('MetricDataQueries');
  if (given.length > QUERIES_MOST) {
    throw validationError(`The collection MetricDataQueries must not have a size greater than ${QUERIES_MOST}.`);
  }
  const problems: string[] = [];
  const queries = given.map((one, i) => {
    const path = `MetricDataQueries.member.${i + 1}`;
    return readQuery(asObject(one, path), path, problems);
  });
  if (new Set(queries.map(({ id }) => id)).size < queries.length) {
    problems.push('The values for parameter id in MetricDataQueries are not unique.');
  }
  const window = readWindow(input, problems);
  const maxDatapoints = integer(input, 'MaxDatapoints') ?? DATAPOINTS_MOST;
  if (maxDatapoints < 1 || maxDatapoints > DATAPOINTS_MOST) {
    problems.push(`The value ${maxDatapoints} for parameter MaxDatapoints must be between 1 and ${DATAPOINTS_MOST}.`);
  }
  if (problems.length > 0) throw validationError(problems.join('\n'));
  return { queries, ...window, maxDatapoints, nextToken: text(input, 'NextToken') };
}

function readWindow(input: JsonObject, problems: string[]): Pick<DataRequest, 'start' | 'end' | 'ascending'> {
  const start = number(input, 'StartTime');
  const end = number(input, 'EndTime');
  if (start === undefined) throw missing('StartTime');
  if (end === undefined) throw missing('EndTime');
  if (start === end) problems.push('The parameter StartTime must not equal parameter EndTime.');
  if (start > end) problems.push('The parameter StartTime must be less than the parameter EndTime.');
  const scanBy = text(input, 'ScanBy') ?? 'TimestampDescending';
  if (scanBy !== 'TimestampDescending' && scanBy !== 'TimestampAscending') {
    problems.push(`The value ${scanBy} for parameter ScanBy is not one of [TimestampDescending, TimestampAscending].`);
  }
  return { start: start * 1000, end: end * 1000, ascending: scanBy === 'TimestampAscending' };
}

function readQuery(query: JsonObject, path: string, problems: string[]): DataQuery {
  const id = requiredText(query, 'Id', `${path}.Id`);
  if (!ID.test(id)) {
    problems.push(`The value ${id} for parameter ${path}.Id is not matching the expected pattern ${ID.source}.`);
  }
  const expression = text(query, 'Expression');
  const stat = object(query, 'MetricStat');
  const parts = { id, returnData: flag(query, 'ReturnData') ?? true };
  const label = text(query, 'Label');
  if (expression !== undefined) {
    if (stat !== undefined) problems.push(`${path} has MetricStat and Expression, and may have one of them.`);
    const node = readExpression(id, expression, problems);
    return { kind: 'expression', ...parts, label: label ?? expression, node };
  }
  if (stat === undefined) throw missing(`${path}.MetricStat`);
  const metric = readStat(stat, path, problems);
  return { kind: 'metric', ...parts, label: label ?? metric.metric, ...metric };
}

function readExpression(id: string, expression: string, problems: string[]): Node {
  try {
    return parseMath(expression);
  } catch (fault) {
    if (!(fault instanceof MathFault)) throw fault;
    problems.push(`Error in expression '${id}': ${fault.message}.`);
    return { kind: 'number', value: 0 };
  }
}

type StatPart = Omit<MetricDataQuery, 'kind' | 'id' | 'label' | 'returnData'>;

function readStat(stat: JsonObject, path: string, problems: string[]): StatPart {
  const metric = object(stat, 'Metric');
  if (metric === undefined) throw missing(`${path}.MetricStat.Metric`);
  const name = requiredText(metric, 'MetricName', `${path}.MetricStat.Metric.MetricName`);
  const namespace = requiredText(metric, 'Namespace', `${path}.MetricStat.Metric.Namespace`);
  const periodSeconds = integer(stat, 'Period') ?? 0;
  if (!SUB_MINUTE_PERIODS.includes(periodSeconds) && (periodSeconds <= 0 || periodSeconds % 60 !== 0)) {
    const allowed = `must be ${SUB_MINUTE_PERIODS.join(', ')} or a multiple of 60`;
    problems.push(`The value ${periodSeconds} for parameter ${path}.MetricStat.Period ${allowed}.`);
  }
  const statistic = statisticCalled(requiredText(stat, 'Stat', `${path}.MetricStat.Stat`));
  if (statistic === undefined) {
    problems.push(`The value for parameter ${path}.MetricStat.Stat is not a valid statistic.`);
  }
  return {
    metric: name,
    key: keyOf({ namespace, name, dimensions: dimensionsOf(metric) }),
    statistic: statistic ?? (() => undefined),
    periodSeconds,
    unit: text(stat, 'Unit'),
  };
}
