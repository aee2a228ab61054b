/** GetMetricData as the unmodified client sees it. Virtual noon is NOON; a datapoint is seen 50 s after the end of its minute. */
import {
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  InvalidNextToken,
  type MetricDataQuery,
  MissingRequiredParameterException,
  paginateGetMetricData,
  ValidationException,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PlantMetric } from '../../lib/sim/types.ts';
import { type Bench, failure, startBench } from './clients.ts';
import { cpuMetric, MINUTE, metricOf, NOON, point, type StubPlant, stubPlant } from './stub-plant.ts';

const OF_CHECKOUT = { ClusterName: 'prod', ServiceName: 'checkout' };
const FINE = 'CPUUtilizationHighResolution';

let metrics: PlantMetric[];
let plant: StubPlant;
let bench: Bench;

beforeEach(async () => {
  const fine = [0, 20, 40, 60, 80].map((second) => point(NOON - 2 * MINUTE + second * 1000, 20, [second, second + 10]));
  const twoTasks = [point(NOON - 3 * MINUTE, 60, [10, 50]), point(NOON - 2 * MINUTE, 60, [70, 20, 60])];
  const silent = { ...point(NOON - 2 * MINUTE, 60, [1, 9]), values: undefined };
  const { values: _unknown, ...summary } = silent;
  metrics = [
    cpuMetric(
      'prod',
      'checkout',
      [10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map((minute) => [minute, minute * 10]),
    ),
    metricOf('AWS/ECS', FINE, OF_CHECKOUT, 20, fine),
    metricOf('AWS/ECS', 'MemoryUtilization', OF_CHECKOUT, 60, twoTasks),
    metricOf('AWS/ECS', 'Summary', OF_CHECKOUT, 60, [summary]),
    metricOf('Other', 'CPUUtilization', OF_CHECKOUT, 60, [point(NOON - 2 * MINUTE, 60, [999])]),
  ];
  plant = stubPlant({ metrics });
  bench = await startBench({ plants: [plant] });
});
afterEach(() => bench.close());

interface Asked {
  readonly metric?: string;
  readonly stat?: string;
  readonly period?: number;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly unit?: 'Percent' | 'Count';
}

function query(
  id: string,
  { metric = 'CPUUtilization', stat = 'Average', period = 60, dimensions = OF_CHECKOUT, unit }: Asked = {},
) {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const MetricStat = { Metric: { Namespace: 'AWS/ECS', MetricName: metric, Dimensions }, Period: period, Stat: stat };
  return {
    Id: id,
    MetricStat: unit === undefined ? MetricStat : { ...MetricStat, Unit: unit },
  } satisfies MetricDataQuery;
}

function input(queries: MetricDataQuery[], more: Partial<GetMetricDataCommandInput> = {}): GetMetricDataCommandInput {
  const window = { StartTime: new Date(NOON - 5 * MINUTE), EndTime: new Date(NOON) };
  return { MetricDataQueries: queries, ScanBy: 'TimestampAscending', ...window, ...more };
}

const get = (queries: MetricDataQuery[], more: Partial<GetMetricDataCommandInput> = {}) =>
  bench.cloudwatch.send(new GetMetricDataCommand(input(queries, more)));

/** `[seconds before noon, value]` of the first result. */
async function seen(asked: Asked, more: Partial<GetMetricDataCommandInput> = {}): Promise<(number | undefined)[][]> {
  const [result] = (await get([query('q', asked)], more)).MetricDataResults ?? [];
  expect(result?.StatusCode).toBe('Complete');
  return (result?.Timestamps ?? []).map((at, i) => [(NOON - at.getTime()) / 1000, result?.Values?.[i]]);
}

describe('the window', () => {
  test('includes the start, excludes the end, and leaves out what is not published yet', async () => {
    expect(await seen({})).toEqual([
      [300, 50],
      [240, 40],
      [180, 30],
      [120, 20],
    ]);
    expect(await seen({}, { EndTime: new Date(NOON - 2 * MINUTE) })).toEqual([
      [300, 50],
      [240, 40],
      [180, 30],
    ]);
  });

  test('a datapoint comes 50 seconds after its minute, and not a second before', async () => {
    plant.advanceTo(NOON + 49_999);
    expect(await seen({})).toHaveLength(4);
    plant.advanceTo(NOON + 50_000);
    expect((await seen({})).at(-1)).toEqual([60, 10]);
  });

  test('the start is rounded down to the minute', async () => {
    expect(await seen({}, { StartTime: new Date(NOON - 4 * MINUTE + 59_000) })).toEqual([
      [240, 40],
      [180, 30],
      [120, 20],
    ]);
  });

  test('the newest comes first unless it is asked otherwise', async () => {
    const { MetricDataResults } = await bench.cloudwatch.send(
      new GetMetricDataCommand({ ...input([query('q')]), ScanBy: undefined }),
    );
    expect(MetricDataResults?.[0]?.Values).toEqual([20, 30, 40, 50]);
  });

  test('periods lie on the clock, not on the start', async () => {
    const more = { StartTime: new Date(NOON - 11 * MINUTE) };
    expect(await seen({ period: 300 }, more)).toEqual([
      [600, 80],
      [300, 35],
    ]);
  });
});

describe('statistics', () => {
  test.each([
    ['Average', 50],
    ['Sum', 150],
    ['Minimum', 20],
    ['Maximum', 70],
    ['SampleCount', 3],
    ['p50', 60],
    ['p99.9', 70],
    ['p1', 20],
  ])('%s of 20, 60 and 70 is %d', async (stat, expected) => {
    expect((await seen({ metric: 'MemoryUtilization', stat })).at(-1)).toEqual([120, expected]);
  });

  test('an average over several datapoints weighs each by its samples', async () => {
    expect(
      await seen({ metric: 'MemoryUtilization', period: 600 }, { StartTime: new Date(NOON - 10 * MINUTE) }),
    ).toEqual([[600, 42]]);
  });

  test('a percentile needs the values themselves', async () => {
    expect(await seen({ metric: 'Summary' })).toEqual([[120, 5]]);
    expect(await seen({ metric: 'Summary', stat: 'p50' })).toEqual([]);
  });

  test('a 20-second metric answers in 20 seconds, and whole minutes where they are asked for', async () => {
    expect(await seen({ metric: FINE, period: 20 })).toEqual([
      [120, 5],
      [100, 25],
      [80, 45],
      [60, 65],
      [40, 85],
    ]);
    expect(await seen({ metric: FINE, period: 60 })).toEqual([
      [120, 25],
      [60, 75],
    ]);
    const from = { StartTime: new Date(NOON - 65_000) };
    expect(await seen({ metric: FINE, period: 20 }, from)).toEqual([
      [80, 45],
      [60, 65],
      [40, 85],
    ]);
  });

  test('a period below a minute has nothing older than three hours', async () => {
    plant.advanceTo(NOON + 3 * 60 * MINUTE - 70_000);
    expect(await seen({ metric: FINE, period: 20 })).toEqual([
      [60, 65],
      [40, 85],
    ]);
    expect(await seen({ metric: FINE, period: 60 })).toHaveLength(2);
  });
});

describe('finding a metric', () => {
  test('a metric nobody has is an empty answer that says Complete', async () => {
    expect(await seen({ metric: 'CpuUtilization' })).toEqual([]);
    expect(await seen({ dimensions: { ClusterName: 'prod' } })).toEqual([]);
  });

  test('a metric that appears later is found from then on', async () => {
    expect(await seen({ metric: 'Late' })).toEqual([]);
    metrics.push(metricOf('AWS/ECS', 'Late', OF_CHECKOUT, 60, [point(NOON - 2 * MINUTE, 60, [7])]));
    expect(await seen({ metric: 'Late' })).toEqual([[120, 7]]);
  });

  test('dimensions are a set: their order does not matter', async () => {
    expect(await seen({ dimensions: { ServiceName: 'checkout', ClusterName: 'prod' } })).toHaveLength(4);
  });

  test('another unit finds nothing', async () => {
    expect(await seen({ unit: 'Percent' })).toHaveLength(4);
    expect(await seen({ unit: 'Count' })).toEqual([]);
  });

  test('each result has its id and label, and ReturnData false gives none', async () => {
    const { MetricDataResults, NextToken, Messages } = await get([
      { ...query('cpu'), Label: 'cpu of checkout' },
      { ...query('hidden'), ReturnData: false },
      query('mem', { metric: 'MemoryUtilization' }),
    ]);
    expect(MetricDataResults?.map(({ Id, Label }) => [Id, Label])).toEqual([
      ['cpu', 'cpu of checkout'],
      ['mem', 'MemoryUtilization'],
    ]);
    expect([NextToken, Messages]).toEqual([undefined, []]);
  });
});

describe('pages', () => {
  const queries = [query('one'), query('two'), query('none', { metric: 'Nothing' })];

  test('the datapoints of all results together fill a page', async () => {
    const pages: unknown[] = [];
    for await (const page of paginateGetMetricData(
      { client: bench.cloudwatch },
      input(queries, { MaxDatapoints: 3 }),
    )) {
      pages.push((page.MetricDataResults ?? []).map(({ Id, Values, StatusCode }) => [Id, Values, StatusCode]));
    }
    expect(pages).toEqual([
      [
        ['one', [50, 40, 30], 'PartialData'],
        ['two', [], 'PartialData'],
        ['none', [], 'PartialData'],
      ],
      [
        ['one', [20], 'Complete'],
        ['two', [50, 40], 'PartialData'],
        ['none', [], 'PartialData'],
      ],
      [
        ['two', [30, 20], 'Complete'],
        ['none', [], 'Complete'],
      ],
    ]);
  });

  test('a page that holds everything is the last', async () => {
    expect((await get(queries, { MaxDatapoints: 8 })).NextToken).toBeUndefined();
    expect((await get(queries, { MaxDatapoints: 7 })).NextToken).toBeDefined();
  });

  test('a token belongs to its request', async () => {
    const { NextToken } = await get(queries, { MaxDatapoints: 3 });
    const wrong = { NextToken, MaxDatapoints: 3, EndTime: new Date(NOON - MINUTE) };
    expect(await failure(get(queries, wrong))).toBeInstanceOf(InvalidNextToken);
    expect(await failure(get(queries, { NextToken: 'made-up' }))).toBeInstanceOf(InvalidNextToken);
  });
});

describe('what is refused', () => {
  const many = (n: number) => Array.from({ length: n }, (_, i) => query(`q${i}`));

  test('500 queries are taken, 501 are not', async () => {
    expect((await get(many(500))).MetricDataResults).toHaveLength(500);
    const error = await failure(get(many(501)));
    expect([error.name, error.message]).toEqual([
      'ValidationException',
      'The collection MetricDataQueries must not have a size greater than 500.',
    ]);
    expect(error.$metadata?.httpStatusCode).toBe(400);
  });

  test('no query at all', async () => {
    expect(await failure(get([]))).toBeInstanceOf(MissingRequiredParameterException);
  });

  test.each([
    ['two of one id', [query('a'), query('a')], 'The values for parameter id in MetricDataQueries are not unique.'],
    [
      'an id with a capital',
      [query('Cpu')],
      'The value Cpu for parameter MetricDataQueries.member.1.Id is not matching',
    ],
    [
      '45 seconds',
      [query('a', { period: 45 })],
      'The value 45 for parameter MetricDataQueries.member.1.MetricStat.Period',
    ],
    ['90 seconds', [query('a', { period: 90 })], 'The value 90 for parameter'],
    ['a statistic nobody has', [query('a', { stat: 'Mean' })], 'MetricStat.Stat is not a valid statistic.'],
    ['p101', [query('a', { stat: 'p101' })], 'MetricStat.Stat is not a valid statistic.'],
    [
      'metric math',
      [query('a'), { Id: 'e1', Expression: 'SEARCH("x", "Sum")' }],
      "Error in expression 'e1': the local cloud does not evaluate SEARCH.",
    ],
  ] as const)('%s', async (_what, queries, sentence) => {
    const error = await failure(get([...queries]));
    expect(error).toBeInstanceOf(ValidationException);
    expect(error).toMatchObject({ Code: 'ValidationError' });
    expect(error.message).toContain(sentence);
  });

  test('a window without length, or backwards; all that is wrong is said at once', async () => {
    const same = await failure(get([query('a')], { StartTime: new Date(NOON) }));
    expect(same.message).toBe('The parameter StartTime must not equal parameter EndTime.');
    const both = await failure(get([query('A')], { StartTime: new Date(NOON + 1) }));
    expect(both.message.split('\n')).toHaveLength(2);
    expect(both.message).toContain('The parameter StartTime must be less than the parameter EndTime.');
  });
});

describe('answers that are 200 and no success', () => {
  const both = [query('cpu'), query('mem', { metric: 'MemoryUtilization' })];
  const statuses = async () =>
    (await get(both)).MetricDataResults?.map(({ Id, StatusCode, Values, Messages }) => [
      Id,
      StatusCode,
      Values?.length,
      Messages,
    ]);

  test('one result fails and the others do not', async () => {
    bench.cloud.faults.nextResult({ metric: 'CPUUtilization', status: 'InternalError', message: 'try again' });
    expect(await statuses()).toEqual([
      ['cpu', 'InternalError', 0, [{ Code: 'InternalError', Value: 'try again' }]],
      ['mem', 'Complete', 2, undefined],
    ]);
    expect(await statuses()).toMatchObject([
      ['cpu', 'Complete', 4],
      ['mem', 'Complete', 2],
    ]);
  });

  test('every result fails for as often as it was told to', async () => {
    bench.cloud.faults.nextResult({ status: 'Forbidden', times: 2 });
    expect(await statuses()).toMatchObject([
      ['cpu', 'Forbidden', 0],
      ['mem', 'Forbidden', 0],
    ]);
    expect(await statuses()).toMatchObject([
      ['cpu', 'Forbidden', 0],
      ['mem', 'Forbidden', 0],
    ]);
    expect(await statuses()).toMatchObject([
      ['cpu', 'Complete', 4],
      ['mem', 'Complete', 2],
    ]);
  });

  test('a partial result lacks its last half', async () => {
    bench.cloud.faults.nextResult({ metric: 'CPUUtilization', status: 'PartialData' });
    expect(await statuses()).toMatchObject([
      ['cpu', 'PartialData', 2],
      ['mem', 'Complete', 2],
    ]);
  });

  test('a message about the whole call', async () => {
    bench.cloud.faults.nextMessage({ code: 'MaxMetricsExceeded', value: 'Maximum number of allowed metrics exceeded' });
    const { Messages } = await get(both);
    expect(Messages).toEqual([{ Code: 'MaxMetricsExceeded', Value: 'Maximum number of allowed metrics exceeded' }]);
    expect((await get(both)).Messages).toEqual([]);
  });
});
