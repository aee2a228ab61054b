/** What CloudWatch answers with HTTP 200, and otherwise, and what it is worth. */
import { describe, expect, test } from '@jest/globals';
import { cpuOf, latencyOf, MINUTE, minutesAgo, NOW } from '../../contracts/signals.ts';
import { failure, type WireAnswer } from '../wire.ts';
import { type AskedCall, type CloudWatchWorld, complete, page, startCloudWatch } from './cloudwatch.ts';

const live = (): AbortSignal => new AbortController().signal;
const CPU = cpuOf('checkout', { averagedOverTasks: false });
const POINTS = minutesAgo([4, 70], [3, 80], [2, 90]);

/** A world for one story, closed when it ends. */
async function withCloudWatch(
  answer: (call: AskedCall) => WireAnswer,
  tell: (world: CloudWatchWorld) => Promise<void>,
  limits = {},
): Promise<void> {
  const world = await startCloudWatch(answer, limits);
  try {
    await tell(world);
  } finally {
    await world.close();
  }
}

describe('a request', () => {
  test('names metric, statistic and period, no unit, and a window on the grid', () =>
    withCloudWatch(
      (call) => page(call, (query) => complete(call, query, POINTS)),
      async ({ signals, calls }) => {
        await signals.read([latencyOf('checkout', { stat: 'Maximum' })], NOW + 12_345, live());
        const dimensions = [
          { Name: 'LoadBalancer', Value: 'app/checkout/2' },
          { Name: 'TargetGroup', Value: 'targetgroup/web/1' },
        ];
        const metric = { Namespace: 'AWS/ApplicationELB', MetricName: 'TargetResponseTime', Dimensions: dimensions };
        expect(calls()).toEqual([
          {
            StartTime: (NOW - 4 * MINUTE) / 1000,
            EndTime: (NOW - MINUTE) / 1000,
            MetricDataQueries: [{ Id: 'q0', MetricStat: { Metric: metric, Stat: 'Maximum', Period: 60 } }],
          },
        ]);
      },
    ));

  test('holds 500 queries, and the answers find their way back', () =>
    withCloudWatch(
      (call) =>
        page(call, ({ MetricStat: { Metric } }) => {
          const number = Number(Metric.Dimensions[1]?.Value.slice('service-'.length));
          return { Timestamps: [(NOW - 2 * MINUTE) / 1000], Values: [number], StatusCode: 'Complete' };
        }),
      async ({ signals, calls }) => {
        const queries = Array.from({ length: 1_203 }, (_, i) => cpuOf(`service-${i}`, { averagedOverTasks: false }));
        const readings = await signals.read(queries, NOW, live());
        expect(
          calls()
            .map((call) => call.MetricDataQueries.length)
            .toSorted((a, b) => a - b),
        ).toEqual([203, 500, 500]);
        expect(readings.map(({ values }) => values[0]?.[1])).toEqual(queries.map((_, i) => i));
      },
    ));
});

describe('pages', () => {
  /** One datapoint a page, newest first. */
  const onePointAPage = (call: AskedCall): WireAnswer => {
    const at = Number(call.NextToken ?? 0);
    return page(
      call,
      (query) => {
        const { Timestamps, Values } = complete(call, query, POINTS);
        const last = at === Timestamps.length - 1;
        const StatusCode = last ? 'Complete' : 'PartialData';
        return { Timestamps: Timestamps.slice(at, at + 1), Values: Values.slice(at, at + 1), StatusCode };
      },
      at === POINTS.length - 1 ? {} : { NextToken: String(at + 1) },
    );
  };

  test('are followed to the last, with the same question', () =>
    withCloudWatch(onePointAPage, async ({ signals, calls }) => {
      expect(await signals.read([CPU], NOW, live())).toEqual([
        { status: 'complete', periodSeconds: 60, values: POINTS },
      ]);
      const [first, second, third] = calls();
      expect([second, third]).toEqual([
        { ...first, NextToken: '1' },
        { ...first, NextToken: '2' },
      ]);
    }));

  test('that break off leave what is complete, and the rest says why', () =>
    withCloudWatch(
      (call) => {
        if (call.NextToken !== undefined) return failure('InternalServiceFault', 'down', 500);
        const whole = call.MetricDataQueries[0]?.Id;
        return page(
          call,
          ({ Id }) => ({ Timestamps: [], Values: [], StatusCode: Id === whole ? 'Complete' : 'PartialData' }),
          { NextToken: 'more' },
        );
      },
      async ({ signals }) => {
        const [first, second] = await signals.read([CPU, latencyOf('checkout')], NOW, live());
        expect(first).toEqual({ status: 'complete', periodSeconds: 60, values: [] });
        expect(second).toMatchObject({
          status: 'partial',
          cause: 'CloudWatch answered with PartialData; InternalServiceFault: down',
        });
      },
    ));

  test('that never end are a fault after twenty', () =>
    withCloudWatch(
      (call) => page(call, () => ({ Timestamps: [], Values: [], StatusCode: 'PartialData' }), { NextToken: 'more' }),
      async ({ signals, wire }) => {
        const [reading] = await signals.read([CPU], NOW, live());
        expect(reading).toMatchObject({ status: 'partial', cause: expect.stringContaining('more after 20 pages') });
        expect(wire.requests).toHaveLength(20);
      },
    ));
});

describe('HTTP 200 is not success', () => {
  const messages = [{ Code: 'Busy', Value: 'try later' }];
  const rows: readonly (readonly [string, object, object])[] = [
    [
      'PartialData',
      { StatusCode: 'PartialData' },
      { status: 'partial', cause: 'CloudWatch answered with PartialData' },
    ],
    ['InternalError', { StatusCode: 'InternalError' }, { status: 'failed' }],
    [
      'Forbidden',
      { StatusCode: 'Forbidden', Messages: messages },
      { status: 'forbidden', cause: expect.stringContaining('Busy: try later') },
    ],
    ['a word beside Complete', { Messages: messages }, { status: 'partial', cause: 'Busy: try later' }],
    ['no status', { StatusCode: undefined }, { status: 'failed', cause: 'CloudWatch did not answer to it' }],
    [
      'a status of tomorrow',
      { StatusCode: 'Perhaps' },
      { status: 'failed', cause: 'CloudWatch answered with Perhaps' },
    ],
    [
      'more times than values',
      { Values: [1, 2] },
      { status: 'failed', cause: expect.stringContaining('more times than values') },
    ],
    ['NaN', { Values: [90, 'NaN', 70] }, { status: 'failed', values: minutesAgo([4, 70], [2, 90]) }],
    ['infinity', { Values: [90, 'Infinity', 70] }, { status: 'failed', values: minutesAgo([4, 70], [2, 90]) }],
  ];
  test.each(rows)('%s', (_, odd, reading) =>
    withCloudWatch(
      (call) => page(call, (query) => ({ ...complete(call, query, POINTS), ...odd })),
      async ({ signals }) => {
        expect(await signals.read([CPU], NOW, live())).toMatchObject([reading]);
      },
    ),
  );

  test('a word about the whole call makes every reading of it doubtful', () =>
    withCloudWatch(
      (call) => {
        const said = {
          Messages: [{ Code: 'MaxMetricsExceeded', Value: 'Maximum number of allowed metrics exceeded' }],
        };
        return page(call, (query) => complete(call, query, POINTS), said);
      },
      async ({ signals }) => {
        const cause = 'MaxMetricsExceeded: Maximum number of allowed metrics exceeded';
        expect(await signals.read([CPU], NOW, live())).toMatchObject([{ status: 'partial', cause, values: POINTS }]);
      },
    ));

  test('an answer that leaves a query out is no silence', () =>
    withCloudWatch(
      () => ({ body: { MetricDataResults: [] } }),
      async ({ signals }) => {
        expect(await signals.read([CPU], NOW, live())).toMatchObject([{ status: 'failed', values: [] }]);
      },
    ));
});

describe('tasks behind a datapoint', () => {
  const five = cpuOf('checkout', { periodSeconds: 300, publicationDelaySeconds: 0 }, 1);

  test('are the mean of the counts within its period', () =>
    withCloudWatch(
      (call) =>
        page(call, ({ MetricStat: { Stat } }) => {
          const minutes = Stat === 'SampleCount' ? [5, 4, 3, 2, 1] : [5];
          const Timestamps = minutes.map((minute) => (NOW - minute * MINUTE) / 1000);
          return { Timestamps, Values: Stat === 'SampleCount' ? [4, 4, 4, 6, 7] : [60], StatusCode: 'Complete' };
        }),
      async ({ signals }) => {
        expect(await signals.read([five], NOW, live())).toMatchObject([{ values: minutesAgo([5, 60, 5]) }]);
      },
    ));

  test('are absent where nobody counted, and the value stands', () =>
    withCloudWatch(
      (call) =>
        page(call, (query) =>
          query.MetricStat.Stat === 'SampleCount'
            ? { Timestamps: [], Values: [], StatusCode: 'InternalError' }
            : complete(call, query, minutesAgo([5, 60])),
        ),
      async ({ signals }) => {
        const [reading] = await signals.read([five], NOW, live());
        expect(reading).toEqual({ status: 'complete', periodSeconds: 300, values: minutesAgo([5, 60]) });
      },
    ));
});

describe('a call that fails', () => {
  const [minute, five] = [CPU, latencyOf('checkout', { periodSeconds: 300 })];
  const serving = (call: AskedCall) => page(call, (query) => complete(call, query, POINTS));
  const rows: readonly (readonly [string, WireAnswer, object])[] = [
    [
      'throttled',
      failure('ThrottlingException', 'Rate exceeded'),
      { status: 'failed', cause: 'ThrottlingException: Rate exceeded' },
    ],
    [
      'a fault',
      failure('InternalServiceFault', 'down', 500),
      { status: 'failed', cause: 'InternalServiceFault: down' },
    ],
    [
      'denied',
      failure('AccessDeniedException', 'no', 403),
      { status: 'forbidden', cause: 'AccessDeniedException: no' },
    ],
    ['a gateway', 'html', { status: 'failed', values: [] }],
    ['silence', 'silence', { status: 'failed', cause: expect.stringContaining('TimeoutError') }],
    ['half an answer', 'half', { status: 'failed', cause: expect.stringContaining('TimeoutError') }],
  ];
  const aCallOfMinutes = Array.from({ length: 499 }, (_, i) => latencyOf(`service-${i}`));
  test.each(rows)('%s: only its own queries fail', (_, answer, reading) =>
    withCloudWatch(
      (call) => (call.MetricDataQueries[0]?.MetricStat.Period === 300 ? answer : serving(call)),
      async ({ signals, wire }) => {
        const [failed, served] = await signals.read([five, minute, ...aCallOfMinutes], NOW, live());
        expect([failed, served]).toMatchObject([reading, { status: 'complete', values: POINTS }]);
        expect(wire.requests).toHaveLength(2);
      },
      // Long enough for a busy machine to answer the other call.
      answer === 'silence' || answer === 'half' ? { attemptMs: 1_500 } : {},
    ),
  );

  test('throttled once, it is repeated', () => {
    let calls = 0;
    return withCloudWatch(
      (call) => {
        calls += 1;
        return calls === 1 ? failure('ThrottlingException', 'Rate exceeded') : serving(call);
      },
      async ({ signals }) => {
        expect(await signals.read([minute], NOW, live())).toMatchObject([{ status: 'complete' }]);
      },
      { attempts: 2 },
    );
  });

  /** CloudWatch refuses a whole call because of one query in it. */
  const refusing = (bad: (metric: string) => boolean) => (call: AskedCall) =>
    call.MetricDataQueries.some(({ MetricStat: { Stat } }) => bad(Stat))
      ? failure('ValidationException', 'The value for parameter Stat is not a valid statistic.')
      : serving(call);

  test('because of one bad query among hundreds: that one fails, the others are served', () =>
    withCloudWatch(
      refusing((stat) => stat === 'p200'),
      async ({ signals, wire }) => {
        const queries = Array.from({ length: 300 }, (_, i) =>
          latencyOf(`s${i}`, { stat: i === 123 ? 'p200' : 'Average' }),
        );
        const readings = await signals.read(queries, NOW, live());
        const failed = readings.flatMap(({ status }, i) => (status === 'complete' ? [] : [i]));
        expect(failed).toEqual([123]);
        expect(readings[123]).toMatchObject({ cause: expect.stringMatching(/^ValidationException: The value/) });
        expect(wire.requests.length).toBeLessThanOrEqual(19);
      },
    ));

  test('because of every query: the search for the guilty ends', () =>
    withCloudWatch(
      refusing(() => true),
      async ({ signals, wire }) => {
        const queries = Array.from({ length: 300 }, (_, i) => latencyOf(`s${i}`));
        const readings = await signals.read(queries, NOW, live());
        expect(new Set(readings.map(({ status }) => status))).toEqual(new Set(['failed']));
        expect(wire.requests.length).toBeLessThanOrEqual(73);
      },
    ));

  test('by the abort signal it rejects, and the request ends', async () => {
    const abort = new AbortController();
    await withCloudWatch(
      () => {
        abort.abort(new Error('the time is over'));
        return 'silence';
      },
      async ({ signals, wire }) => {
        await expect(signals.read([minute], NOW, abort.signal)).rejects.toThrow('the time is over');
        await wire.givenUp;
      },
    );
  });
});
