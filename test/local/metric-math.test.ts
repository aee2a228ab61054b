/** Metric math, evaluated over the queries of one request, as the unmodified client sends them. */
import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Bench, failure, startBench } from './clients.ts';
import { MINUTE, metricOf, NOON, point, stubPlant } from './stub-plant.ts';

/** Minutes 0 to 4 before noon; null: no datapoint. */
function given(name: string, values: readonly (number | null)[]) {
  const points = values.flatMap((value, i) => (value === null ? [] : [point(NOON + (i - 5) * MINUTE, 60, [value])]));
  return metricOf('App', name, {}, 60, points);
}

const METRICS = {
  a: given('a', [10, 20, 30, 40, 50]),
  b: given('b', [1, null, 3, 0, 5]),
  silent: given('silent', []),
};
let bench: Bench;

beforeAll(async () => {
  const plant = stubPlant({ metrics: Object.values(METRICS) });
  plant.advanceTo(NOON + 10 * MINUTE);
  bench = await startBench({ plants: [plant] });
});

afterAll(() => bench.close());

function ask(...expressions: readonly string[]) {
  const metrics = Object.keys(METRICS).map((name) => ({
    Id: name,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: 'App', MetricName: name }, Stat: 'Average', Period: 60 },
  }));
  const command = new GetMetricDataCommand({
    StartTime: new Date(NOON - 5 * MINUTE),
    EndTime: new Date(NOON),
    ScanBy: 'TimestampAscending',
    MetricDataQueries: [...metrics, ...expressions.map((Expression, i) => ({ Id: `e${i}`, Expression }))],
  });
  return bench.cloudwatch.send(command);
}

/** `minute:value`, minutes 0 to 4. */
async function series(expression: string): Promise<string[]> {
  const { MetricDataResults = [] } = await ask(expression);
  return MetricDataResults.map(({ Timestamps = [], Values = [] }) =>
    Timestamps.map((at, i) => `${(at.getTime() - NOON) / MINUTE + 5}:${Values[i]}`).join(' '),
  );
}

describe('evaluates', () => {
  test.each([
    ['a + b * 2', '0:12 2:36 3:40 4:60'],
    ['(a - 10) / 4', '0:0 1:2.5 2:5 3:7.5 4:10'],
    ['-a + 60', '0:50 1:40 2:30 3:20 4:10'],
    ['a / b', '0:10 2:10 4:10'],
    ['1.5e1 * (a > 25)', '0:0 1:0 2:15 3:15 4:15'],
    ['IF(a >= 40, a, 0)', '0:0 1:0 2:0 3:40 4:50'],
    ['IF(b == 0, 1, b)', '0:1 2:3 3:1 4:5'],
    ['IF(a > 25, b)', '2:3 3:0 4:5'],
    ['FILL(b, 7)', '0:1 1:7 2:3 3:0 4:5'],
    ['FILL(b, REPEAT)', '0:1 1:1 2:3 3:0 4:5'],
    ['FILL(b, LINEAR)', '0:1 1:2 2:3 3:0 4:5'],
    ['FILL(silent, 0)', '0:0 1:0 2:0 3:0 4:0'],
    ['RATE(a) * 60', '1:10 2:10 3:10 4:10'],
    ['SUM([a, b])', '0:11 1:20 2:33 3:40 4:55'],
    ['AVG([a, b])', '0:5.5 1:20 2:16.5 3:20 4:27.5'],
    ['MAX([a, b]) - MIN([a, b])', '0:9 1:0 2:27 3:40 4:45'],
    ['a - AVG(a)', '0:-20 1:-10 2:0 3:10 4:20'],
    ['a / MAX(a) * SUM([b]) + MIN(a)', '0:10.2 2:11.8 3:10 4:15'],
    ['SUM(METRICS())', '0:11 1:20 2:33 3:40 4:55'],
    ['SUM(METRICS("b"))', '0:1 2:3 3:0 4:5'],
    ['silent + 1', ''],
  ])('%s', async (expression, expected) => {
    expect(await series(expression)).toEqual([expected]);
  });

  test('expressions over expressions, in any order', async () => {
    const { MetricDataResults } = await ask('e1 + 1', 'a * 2');
    expect(MetricDataResults?.map(({ Values }) => Values)).toEqual([
      [21, 41, 61, 81, 101],
      [20, 40, 60, 80, 100],
    ]);
  });

  test('what makes several series into several results under one id', async () => {
    expect(await series('METRICS() * 2')).toEqual(['0:20 1:40 2:60 3:80 4:100', '0:2 2:6 3:0 4:10', '']);
  });
});

describe('refuses by name', () => {
  test.each([
    ['ANOMALY_DETECTION_BAND(a)', 'the local cloud does not evaluate ANOMALY_DETECTION_BAND'],
    ['a AND b', 'end is expected at 1, where AND stands'],
    ['a ^ 2', 'the local cloud does not evaluate ^'],
    ['a +', 'a value is expected at 3, where its end stands'],
    ['(a', ') is expected at 2, where its end stands'],
    ['m9 + 1', 'm9 is no id of this request'],
    ['e0 + 1', 'e0 leads back to itself'],
    ['SUM(a)', 'it is a number, and a time series is needed'],
    ['SUM(a, b)', 'SUM takes one value'],
    ['FILL(a, "x")', 'FILL fills with a number, a time series, REPEAT or LINEAR'],
    ['METRICS() * METRICS()', 'two arrays cannot stand beside *'],
    [`${'('.repeat(50)}a${')'.repeat(50)}`, 'it is nested deeper than 40'],
  ])('%s', async (expression, clause) => {
    const error = await failure(ask(expression));
    expect([error.name, error.message]).toEqual(['ValidationException', `Error in expression 'e0': ${clause}.`]);
  });
});
