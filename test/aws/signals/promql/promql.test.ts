/** What a Prometheus is asked, and what its answers are worth, with a server that answers as it is told. */
import { describe, expect, test } from '@jest/globals';
import { MINUTE, minutesAgo, NOW } from '../../../contracts/signals.ts';
import { loadOf, matrix, sevens, withPrometheus } from './server.ts';

const LOAD = loadOf('sum(rate(http_requests_total{svc="web"}[2m]))');
const isAge = (expression: string) => expression.startsWith('max(timestamp(');

describe('a question', () => {
  test('is one range query over settled periods, the value and the age of what it selects beside each other', () =>
    withPrometheus(sevens, async ({ read, asked }) => {
      const [reading] = await read(LOAD);
      expect(reading).toEqual({ status: 'complete', periodSeconds: 60, values: minutesAgo([4, 7], [3, 7], [2, 7]) });
      expect(asked).toHaveLength(1);
      // Settled 15 s after its end: at eight o'clock the last is that which ended at 07:59.
      expect(asked[0]).toMatchObject({ start: (NOW - 3 * MINUTE) / 1000, end: (NOW - MINUTE) / 1000, step: 60 });
      expect([...(asked[0]?.parts.values() ?? [])]).toEqual([
        'sum(rate(http_requests_total{svc="web"}[2m]))',
        'max(timestamp(http_requests_total{svc="web"}))',
      ]);
    }));

  test('of many services is one, and the same one is asked once', () =>
    withPrometheus(sevens, async ({ read, asked }) => {
      const others = Array.from({ length: 150 }, (_, i) => loadOf(`sum(a{svc="${i}"}) / sum(b{svc="${i % 2}"})`));
      const readings = await read(...others, LOAD, LOAD);
      expect(readings.every(({ values }) => values.length === 3)).toBe(true);
      expect(asked.map(({ parts }) => parts.size)).toEqual([150 * 2 + 2 + 2]);
    }));

  test('fills no more replies than 500 series hold', () =>
    withPrometheus(sevens, async ({ read, asked }) => {
      await read(...Array.from({ length: 450 }, (_, i) => loadOf(`sum(a{svc="${i}"})`)));
      expect(asked.map(({ parts }) => parts.size).toSorted((a, b) => a - b)).toEqual([100, 400, 400]);
    }));

  test('is kept to the service by the labels of the endpoint', () =>
    withPrometheus(
      sevens,
      async ({ read, asked }) => {
        await read(loadOf('sum(rate(http_requests_total[2m]))'));
        expect([...(asked[0]?.parts.values() ?? [])]).toEqual([
          'sum(rate(http_requests_total{cluster="prod",svc="checkout"}[2m]))',
          'max(timestamp(http_requests_total{cluster="prod",svc="checkout"}))',
        ]);
      },
      { scope: { cluster: '{cluster}', svc: '{service}' } },
    ));

  test.each([
    ['names no label', 'sum(rate(a[2m]))', 'a names no label, so it would read the series of every service; add one'],
    ['selects nothing', 'vector(7)', 'it selects no present series, so nothing says how old its number is'],
    ['selects the past', 'a{x="1"} offset 5m', 'it selects no present series, so nothing says how old its number is'],
    ['never closes', 'sum(a{x="1"}', 'a bracket or a quote of its query is never closed'],
  ])('that %s is not asked', (_, query, cause) =>
    withPrometheus(sevens, async ({ read, asked }) => {
      expect(await read(loadOf(query), LOAD)).toMatchObject([{ status: 'failed', cause }, { status: 'complete' }]);
      expect(asked.flatMap(({ parts }) => [...parts.values()])).not.toContain(query);
    }),
  );

  test('to a Prometheus that nobody configured is not asked', () =>
    withPrometheus(sevens, async ({ read }) => {
      const source = { kind: 'promql', query: 'up{x="1"}', from: 'amp' } as const;
      expect(await read(loadOf('', { source }))).toMatchObject([{ cause: 'no Prometheus is called amp' }]);
    }));

  test('carries a bearer token, or a name and a password, and never both', async () => {
    for (const [authorization, header] of [
      [{ kind: 'bearer', token: async () => 'secret' }, 'Bearer secret'],
      [{ kind: 'basic', user: 'anna', password: 'b:c' }, `Basic ${Buffer.from('anna:b:c').toString('base64')}`],
    ] as const) {
      await withPrometheus(
        sevens,
        async ({ read, asked }) => {
          await read(LOAD);
          expect(asked[0]?.headers.authorization).toBe(header);
        },
        { authorization },
      );
    }
  });
});

describe('an age', () => {
  /** Seconds between a step and the newest sample behind it. */
  const aged = (seconds: (at: number) => number | null) =>
    withPrometheus(
      (asked) =>
        matrix(asked, (expression, at) => {
          const old = seconds(at);
          if (!isAge(expression)) return 7;
          return old === null ? null : at - old;
        }),
      async ({ read }) => void readings.push(...(await read(LOAD))),
    );
  const readings: unknown[] = [];
  const read = async (seconds: (at: number) => number | null) => {
    readings.length = 0;
    await aged(seconds);
    return readings[0];
  };

  test('of a sample that Prometheus repeats is its own: the period has no datapoint', async () => {
    const newest = (NOW - MINUTE) / 1000;
    expect(await read((at) => (at === newest ? 100 : 10))).toEqual({
      status: 'complete',
      periodSeconds: 60,
      values: minutesAgo([4, 7], [3, 7]),
    });
  });

  test('a little over a period is a scrape that came late', async () => {
    expect(await read(() => 80)).toMatchObject({ values: minutesAgo([4, 7], [3, 7], [2, 7]) });
  });

  test('that nobody tells refuses the value', async () => {
    expect(await read(() => null)).toEqual({
      status: 'failed',
      periodSeconds: 60,
      values: [],
      cause: 'its value has no age: no sample stands behind it',
    });
  });

  test('is that of the oldest of its selectors', () =>
    withPrometheus(
      (asked) => matrix(asked, (one, at) => (isAge(one) ? at - (one.includes('slow') ? 200 : 5) : 7)),
      async (world) => {
        const [ratio] = await world.read(loadOf('fast{x="1"} / slow{x="1"}'));
        expect(ratio).toEqual({ status: 'complete', periodSeconds: 60, values: [] });
      },
    ));
});

describe('HTTP 200 is not success', () => {
  const value = (text: string, when: (at: number) => boolean = () => true) =>
    ((asked) => matrix(asked, (one, at) => (isAge(one) ? at - 5 : when(at) ? text : 7))) satisfies typeof sevens;

  test.each(['NaN', '+Inf', '-Inf'])('%s is no number', (text) =>
    withPrometheus(value(text), async ({ read }) => {
      const [reading] = await read(LOAD);
      expect(reading).toMatchObject({ status: 'failed', values: [], cause: expect.stringContaining('not a number') });
    }),
  );

  test('NaN in an old period leaves a gap', () =>
    withPrometheus(
      value('NaN', (at) => at === (NOW - 2 * MINUTE) / 1000),
      async ({ read }) => {
        expect(await read(LOAD)).toMatchObject([{ status: 'complete', values: minutesAgo([4, 7], [2, 7]) }]);
      },
    ));

  test('silence is complete and empty', () =>
    withPrometheus(
      (asked) => matrix(asked, () => null),
      async ({ read }) => {
        expect(await read(LOAD)).toEqual([{ status: 'complete', periodSeconds: 60, values: [] }]);
      },
    ));

  test('a warning makes every answer doubtful, and so does a reply as long as AWS lets it be', async () => {
    await withPrometheus(
      (asked) => ({ ...sevens(asked), warnings: ['results truncated'] }),
      async ({ read }) => {
        expect(await read(LOAD)).toMatchObject([{ status: 'partial', cause: 'it warns: results truncated' }]);
      },
    );
    const many = Array.from({ length: 500 }, (_, i) => ({ metric: { i: String(i) }, values: [[1, '1']] }));
    await withPrometheus(
      () => ({ status: 'success', data: { resultType: 'matrix', result: many } }),
      async ({ read }) => {
        const cause = 'its reply has 500 series and may have been cut';
        expect(await read(LOAD)).toMatchObject([{ status: 'partial', values: [], cause }]);
      },
    );
  });

  test('a vector where a number is needed says so', () =>
    withPrometheus(
      (asked) => {
        const { data } = matrix(asked, () => 7) as { data: { resultType: string; result: object[] } };
        return { status: 'success', data: { ...data, result: [...data.result, ...data.result] } };
      },
      async ({ read }) => {
        const cause = 'it is a vector of 2 series, where one number is needed; put sum, max or avg around it';
        expect(await read(LOAD)).toMatchObject([{ status: 'failed', cause }]);
      },
    ));

  test.each<[string, unknown]>([
    ['an instant vector', { status: 'success', data: { resultType: 'vector', result: [] } }],
    ['no data', { status: 'success' }],
    ['a list', []],
    ['a series without values', { status: 'success', data: { resultType: 'matrix', result: [{ metric: {} }] } }],
  ])('%s is no answer', (_, reply) =>
    withPrometheus(
      () => reply as object,
      async ({ read }) => {
        expect(await read(LOAD)).toMatchObject([{ status: 'failed', cause: expect.stringContaining('it answered') }]);
      },
    ),
  );

  test.each([
    [61, 'its clock is 61 s ahead of ours, so that no age can be told'],
    [-61, 'its clock is 61 s behind ours, so that no age can be told'],
  ])('a clock that is %i s off makes every age a guess', (seconds, cause) =>
    withPrometheus(sevens, async ({ read }) => expect(await read(LOAD)).toMatchObject([{ status: 'failed', cause }]), {
      date: NOW + seconds * 1000,
    }),
  );
});

describe('a server that fails', () => {
  test.each<[string, number, object]>([
    ['401', 401, { status: 'forbidden' }],
    ['403', 403, { status: 'forbidden', cause: 'forbidden: no' }],
    ['429', 429, { status: 'failed' }],
    ['503', 503, { status: 'failed', cause: 'forbidden: no' }],
  ])('with %s', (_, status, reading) =>
    withPrometheus(
      (_asked, response) => {
        response.statusCode = status;
        return { status: 'error', errorType: 'forbidden', error: 'no' };
      },
      async ({ read, asked }) => {
        expect(await read(LOAD)).toMatchObject([reading]);
        expect(asked).toHaveLength(1);
      },
    ),
  );

  test('because of one bad query finds it, and the others are served', () =>
    withPrometheus(
      (asked, response) => {
        if (!asked.query.includes('nonsense')) return sevens(asked);
        response.statusCode = 400;
        const alone = asked.parts.size === 0;
        return { status: 'error', errorType: 'bad_data', error: alone ? '1:4: parse error' : '123:4: parse error' };
      },
      async ({ read, asked }) => {
        const queries = Array.from({ length: 64 }, (_, i) =>
          loadOf(`sum(a${i === 17 ? '_nonsense' : ''}{svc="${i}"})`),
        );
        const readings = await read(...queries);
        const failed = readings.flatMap(({ status }, i) => (status === 'complete' ? [] : [i]));
        expect(failed).toEqual([17]);
        expect(readings[17]).toMatchObject({ status: 'failed', cause: 'bad_data: 1:4: parse error' });
        expect(asked.length).toBeLessThanOrEqual(14);
      },
    ));

  test('because it joins nothing is asked one by one', () =>
    withPrometheus(
      (asked, response) => {
        if (asked.parts.size === 0)
          return matrix({ ...asked, parts: new Map([['', asked.query]]) }, (one, at) => (isAge(one) ? at - 5 : 7));
        response.statusCode = 422;
        return { status: 'error', errorType: 'execution', error: 'label_replace is not supported' };
      },
      async ({ read }) => {
        expect(await read(LOAD)).toMatchObject([{ status: 'complete', values: minutesAgo([4, 7], [3, 7], [2, 7]) }]);
      },
    ));

  test('with a redirect is not followed to another host', () =>
    withPrometheus(
      (_asked, response) => {
        response.writeHead(302, { location: 'http://127.0.0.1:1/steal' }).end();
        return undefined;
      },
      async ({ read, asked }) => {
        const cause = 'it answered with a redirect to http://127.0.0.1:1/steal, which is not followed';
        expect(await read(LOAD)).toMatchObject([{ status: 'failed', cause }]);
        expect(asked).toHaveLength(1);
      },
      { authorization: { kind: 'bearer', token: 'secret' } },
    ));

  test('with more than 10 MB is given up', () =>
    withPrometheus(
      (_asked, response) => {
        const megabyte = Buffer.alloc(1024 * 1024, ' ');
        const more = (): void => {
          while (!response.destroyed && response.write(megabyte));
          if (!response.destroyed) response.once('drain', more);
        };
        more();
        return undefined;
      },
      async ({ read }) => {
        expect(await read(LOAD)).toMatchObject([{ status: 'failed', cause: 'its reply is larger than 10 MB' }]);
      },
    ));

  test('with a reply that never ends is given up when the time of a call is over', () =>
    withPrometheus(
      (_asked, response) => {
        const drip = setInterval(() => response.write(' '), 5);
        response.on('close', () => clearInterval(drip));
        return undefined;
      },
      async ({ read }) => {
        const cause = 'TimeoutError: no answer within 60 ms';
        expect(await read(LOAD)).toMatchObject([{ status: 'failed', cause }]);
      },
      { limits: { callMs: 60 } },
    ));

  test.each<[string, (response: import('node:http').ServerResponse) => void, string]>([
    ['half an answer', (response) => void response.end('{"status":'), 'it answered with HTTP 200 and no JSON'],
    [
      'a page of a gateway',
      (response) => void response.writeHead(502).end('<html>'),
      'it answered with HTTP 502 and no JSON',
    ],
    ['a connection that breaks', (response) => void response.destroy(), 'SocketError: other side closed'],
  ])('with %s', (_, answer, cause) =>
    withPrometheus(
      (_asked, response) => {
        answer(response);
        return undefined;
      },
      async ({ read }) => expect(await read(LOAD)).toMatchObject([{ status: 'failed', cause }]),
    ),
  );

  test('by the abort signal it rejects', async () => {
    const abort = new AbortController();
    await withPrometheus(
      () => {
        abort.abort(new Error('the time is over'));
        return undefined;
      },
      async ({ readUntil }) => await expect(readUntil(abort.signal, LOAD)).rejects.toThrow('the time is over'),
    );
  });
});

test('samples scanned, calls and bytes are counted', () =>
  withPrometheus(
    (asked) => {
      const reply = sevens(asked) as { data: object };
      return { ...reply, data: { ...reply.data, stats: { samples: { totalQueryableSamples: 42 } } } };
    },
    async ({ read, meter }) => {
      await read(LOAD);
      await read(LOAD);
      expect(meter).toMatchObject({ samplesScanned: 84, calls: { query_range: 2 } });
      expect(meter.bytes).toBeGreaterThan(200);
    },
  ));
