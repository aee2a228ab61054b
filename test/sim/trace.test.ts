/** Traces: what a person can get wrong in one, and what becomes of a good one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BadInput } from '../../lib/policy/bad-input.ts';
import { ratePercentile } from '../../lib/sim/load.ts';
import { readTrace, scaleLoad, type TraceOptions } from '../../lib/sim/trace.ts';

const folder = mkdtempSync(join(tmpdir(), 'traces-'));
afterAll(() => rmSync(folder, { recursive: true }));

let written = 0;
function file(text: string, extension = 'csv'): string {
  const path = join(folder, `trace-${written++}.${extension}`);
  writeFileSync(path, text);
  return path;
}

/** The sentence a document is refused with, its folder left out. */
async function refusal(text: string, options: TraceOptions = {}, extension = 'csv'): Promise<string> {
  const path = file(text, extension);
  try {
    await readTrace(path, options);
    return 'read without complaint';
  } catch (error) {
    expect(error).toBeInstanceOf(BadInput);
    return error instanceof Error ? error.message.replaceAll(path, 'trace') : '';
  }
}

/** Samples of so many seconds apart. */
function csv(values: readonly number[], apart = 60, from = 0): string {
  return ['timestamp_s,value', ...values.map((value, i) => `${from + i * apart},${value}`)].join('\n');
}

describe('a bad CSV is refused with one sentence', () => {
  test.each([
    ['', 'trace line 1: the file is empty; its first line must be timestamp_s,value and a row for each sample follows'],
    [
      '\n\n',
      'trace line 1: the file is empty; its first line must be timestamp_s,value and a row for each sample follows',
    ],
    ['0,5\n60,6', 'trace line 1: the header "0,5" has no column timestamp_s; make the first line timestamp_s,value'],
    [
      'timestamp_s,rps\n0,5',
      'trace line 1: the header "timestamp_s,rps" has no column value; make the first line timestamp_s,value',
    ],
    ['timestamp_s,value', 'trace: there is no sample of value; give at least two rows'],
    ['timestamp_s,value\n0,5', 'trace: there is one sample only of value; give at least two rows'],
    [
      'timestamp_s,value\n0,5\n120,6\n60,7',
      'trace line 4: timestamp_s 60 does not come after 120 on line 3; sort the samples by time and keep one of each',
    ],
    [
      'timestamp_s,value\n0,5\n0,6',
      'trace line 3: timestamp_s 0 does not come after 0 on line 2; sort the samples by time and keep one of each',
    ],
    [
      'timestamp_s,value\n0,5\n60,NaN',
      'trace line 3: value "NaN" is not a number; leave the row out where nobody knows the value',
    ],
    [
      'timestamp_s,value\n0,5\n60,',
      'trace line 3: value (empty) is not a number; leave the row out where nobody knows the value',
    ],
    [
      'timestamp_s,value\n0,5\n60',
      'trace line 3: value (empty) is not a number; leave the row out where nobody knows the value',
    ],
    [
      'timestamp_s,value\n0,5\n60,0x10',
      'trace line 3: value "0x10" is not a number; leave the row out where nobody knows the value',
    ],
    [
      'timestamp_s,value\n0,5\n60,1 000',
      'trace line 3: value "1 000" is not a number; leave the row out where nobody knows the value',
    ],
    [
      'timestamp_s,value\n0,5\n60,-3',
      'trace line 3: value -3 is negative; a load is 0 or more, so correct it or leave the row out',
    ],
    ['timestamp_s,value\n0,5\n60,1e16', 'trace line 3: value 1e16 is above 1e15; check the unit, or leave the row out'],
    [
      'timestamp_s,value\n0,5\n60,Infinity',
      'trace line 3: value Infinity is above 1e15; check the unit, or leave the row out',
    ],
    [
      'timestamp_s,value\n0,5\n60,-inf',
      'trace line 3: value -inf is negative; a load is 0 or more, so correct it or leave the row out',
    ],
    [
      'timestamp_s,value\n2026-01-05T00:00Z,5',
      'trace line 2: timestamp_s "2026-01-05T00:00Z" is not a number; write seconds, such as 1704067200',
    ],
    [
      'timestamp_s,value\n0,5\n60,1,000\n120,5',
      'trace line 3: the row "60,1,000" has 3 cells under 2 columns; write numbers without commas, or name every column',
    ],
    [
      'timestamp_s,value,value\n0,5,6\n60,5,6',
      'trace line 1: the header names value twice; leave one of the columns out',
    ],
    [
      'timestamp_s;value\n0;5\n60;5',
      'trace line 1: the header "timestamp_s;value" has no column timestamp_s; separate the cells with commas and make the first line timestamp_s,value',
    ],
    [
      'timestamp_s,value\n0,5\n60,\u001b[2J',
      'trace line 3: value "\uFFFD[2J" is not a number; leave the row out where nobody knows the value',
    ],
    ['\uFEFF {"status":"success"}', 'trace: this is JSON by its content; give it a name that ends in .json'],
    [
      'timestamp_s,value\n-60,5\n0,5',
      'trace line 2: timestamp_s -60 is negative; let the trace begin at second 0 or later',
    ],
    [
      'timestamp_s,value\n1704067200000,5',
      'trace line 2: timestamp_s 1704067200000 is too large for seconds; divide milliseconds by 1000',
    ],
    [
      'timestamp_s,value\n0,5\n60,"6\n',
      'trace line 3: this is no CSV (Quote Not Closed: the parsing is finished with an opening quote at line 3); mend the quotes',
    ],
  ])('%j', async (document, sentence) => {
    expect(await refusal(document)).toBe(sentence);
  });

  test('a timestamp that is far off', async () => {
    expect(await refusal('timestamp_s,value\n0,5\n60,6\n120,7\n90000000000,5')).toBe(
      'trace: there are 1041667 days from its first sample to its last, which are 60 s apart; correct the timestamp that is far off, or ask for its end with --last',
    );
  });

  test('a file that is not there, or a folder', async () => {
    const mend = 'give the path of a CSV file with the header timestamp_s,value, or of a .json file';
    await expect(readTrace('no/such.csv')).rejects.toThrow(`no/such.csv: there is no such file; ${mend}`);
    await expect(readTrace(folder)).rejects.toThrow(`${folder}: this is a folder; ${mend}`);
  });

  test.each([
    ['3x', '--last 3x: this is not a length of time; write a number with s, m, h or d, such as 3d'],
    ['0s', '--last 0s: this is not a length of time; write a number with s, m, h or d, such as 3d'],
    ['1m', '--last 1m: this keeps 1 samples of trace, which are 60 s apart; ask for at least 120s'],
    ['30s', '--last 30s: this keeps 0 samples of trace, which are 60 s apart; ask for at least 120s'],
  ])('--last %s', async (last, sentence) => {
    expect(await refusal(csv([1, 2, 3]), { last })).toBe(sentence);
  });
});

describe('a good CSV', () => {
  test('is a load a minute, from a Monday on', async () => {
    const trace = await readTrace(file(csv([1, 2, 4])), { raw: true });
    expect(trace).toMatchObject({
      samples: 3,
      intervalSeconds: 60,
      stepSeconds: 60,
      gaps: 0,
      startsAt: Date.UTC(2026, 0, 5),
    });
    expect([...trace.values]).toEqual([1, 2, 4]);
    expect(trace.endsAt - trace.startsAt).toBe(180_000);
    expect(trace.name).toMatch(/^trace-\d+$/);
    expect(trace.rateAt(trace.startsAt + 119_999)).toBe(2);
    expect(trace.rateAt(trace.endsAt)).toBeNull();
    expect(trace.rateAt(trace.startsAt - 1)).toBeNull();
  });

  test('keeps its dates where it has them, with a byte order mark, blanks, CRLF and other columns', async () => {
    const text = '\uFEFFhost, timestamp_s ,value\r\na,1704067200,5\r\n\r\nb, 1704067260 ,6.5e0\r\n';
    const trace = await readTrace(file(text), { name: 'mine' });
    expect(trace).toMatchObject({ startsAt: 1_704_067_200_000, name: 'mine' });
    expect([...trace.values]).toEqual([5, 6.5]);
  });

  test('is linear between samples that lie further apart', async () => {
    const trace = await readTrace(file(csv([0.5, 10.5, 0.5], 300)));
    expect([...trace.values.subarray(0, 8)]).toEqual([0.5, 2.5, 4.5, 6.5, 8.5, 10.5, 8.5, 6.5]);
    expect(trace.values).toHaveLength(15);
  });

  test('of samples closer than a minute keeps them', async () => {
    const trace = await readTrace(file(csv([1000, 2000, 3000, 4000], 10)));
    expect(trace.stepSeconds).toBe(10);
    expect([...trace.values]).toEqual([1000, 2000, 3000, 4000]);
  });

  test('a stretch of more than two intervals without a sample is unknown, one missing sample is not', async () => {
    const text = 'timestamp_s,value\n0,0.5\n60,1.5\n180,3.5\n240,4.5\n480,8.5\n540,9.5\n600,9.5\n';
    const trace = await readTrace(file(text));
    expect(trace.gaps).toBe(1);
    const minutes = Array.from({ length: 11 }, (_, minute) => trace.rateAt(trace.startsAt + minute * 60_000));
    expect(minutes).toEqual([0.5, 1.5, 2.5, 3.5, 4.5, null, null, null, 8.5, 9.5, 9.5]);
  });

  test('only its end, counted from its end, and all of it where it is shorter', async () => {
    const values = Array.from({ length: 200 }, (_, minute) => minute * 100);
    const last = await readTrace(file(csv(values)), { last: '1h' });
    expect([last.samples, last.values[0], last.values.at(-1)]).toEqual([60, 14_000, 19_900]);
    expect((last.startsAt - Date.UTC(2026, 0, 5)) / 60_000).toBe(140);
    expect((await readTrace(file(csv(values)), { last: '3d' })).samples).toBe(200);
  });

  test('what was written is what is read', async () => {
    const values = fc.array(fc.double({ min: 0, max: 1e15, noNaN: true }), { minLength: 2, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(values, async (numbers) => {
        const trace = await readTrace(file(csv(numbers)), { raw: true });
        expect([...trace.values]).toEqual(numbers.map((value) => value + 0));
      }),
      { numRuns: 20 },
    );
  });
});

test('a file that is compressed, and one whose reading fails half-way, are refused by name', async () => {
  const packed = join(folder, 'packed.csv');
  writeFileSync(packed, gzipSync('timestamp_s,value\n0,5\n60,5\n'));
  await expect(readTrace(packed)).rejects.toEqual(
    new BadInput(`${packed}: this is compressed with gzip; unpack it first`),
  );
  // Opens as any file does; its first page cannot be read.
  await expect(readTrace('/proc/self/mem')).rejects.toEqual(
    new BadInput('/proc/self/mem: it cannot be read (EIO); give the path of a CSV file you may read'),
  );
});

describe('JSON', () => {
  const cloudWatch = (result: object, more: object = {}) =>
    JSON.stringify({
      MetricDataResults: [{ Id: 'm1', Label: 'RequestCount', StatusCode: 'Complete', ...result }],
      ...more,
    });

  test('GetMetricData, newest first as CloudWatch sends it', async () => {
    const Timestamps = ['2026-01-05T00:02:00+00:00', '2026-01-05T00:01:00+00:00', '2026-01-05T00:00:00+00:00'];
    const trace = await readTrace(file(cloudWatch({ Timestamps, Values: [3000, 2000, 1000] }), 'json'));
    expect([...trace.values]).toEqual([1000, 2000, 3000]);
    expect(trace.startsAt).toBe(Date.UTC(2026, 0, 5));
  });

  test('GetMetricData in pages, which lists an Id once for each of them', async () => {
    const page = (minute: number, StatusCode: string) => ({
      ...{ Id: 'm1', Label: 'RequestCount', StatusCode },
      ...{ Timestamps: [`2026-01-05T00:0${minute}:00Z`], Values: [1000 + minute] },
    });
    const pages = (...last: readonly object[]) =>
      JSON.stringify({ MetricDataResults: [page(0, 'PartialData'), page(1, 'PartialData'), ...last] });
    const trace = await readTrace(file(pages(page(2, 'Complete')), 'json'));
    expect([...trace.values]).toEqual([1000, 1001, 1002]);
    expect(await refusal(pages(), {}, 'json')).toBe(
      'trace: MetricDataResults[1].StatusCode is PartialData; fetch it again until it is Complete',
    );
  });

  test('with the byte order mark that PowerShell writes', async () => {
    const text = cloudWatch({ Timestamps: ['2026-01-05T00:00:00Z', '2026-01-05T00:01:00Z'], Values: [1000, 2000] });
    const trace = await readTrace(file(`\uFEFF${text}`, 'json'));
    expect([...trace.values]).toEqual([1000, 2000]);
  });

  test('query_range, one series of several', async () => {
    const series = (pod: string, base: number) => ({
      metric: { pod },
      values: [0, 1, 2].map((i) => [1767571200 + i * 60, String(base + i)]),
    });
    const text = JSON.stringify({
      status: 'success',
      data: { resultType: 'matrix', result: [series('a', 900), series('b', 500)] },
    });
    const trace = await readTrace(file(text, 'json'), { series: '{pod="b"}' });
    expect([...trace.values]).toEqual([500, 501, 502]);
    expect(await refusal(text, {}, 'json')).toBe(
      'trace: there are 2 series in it; choose one of {pod="a"}, {pod="b"} with --series of schmitt simulate',
    );
  });

  test.each([
    ['{', /^trace: this is no JSON in UTF-8 \(.*\); save it again$/],
    [
      '[]',
      /^trace: neither MetricDataResults nor data\.result is in it; save what get-metric-data or query_range answered$/,
    ],
    [
      cloudWatch({ StatusCode: 'PartialData' }),
      /^trace: MetricDataResults\[0\]\.StatusCode is PartialData; fetch it again until it is Complete$/,
    ],
    [
      cloudWatch({}, { NextToken: 'x' }),
      /^trace: NextToken is set, so pages are missing; fetch all of them into one file$/,
    ],
    [cloudWatch({ Timestamps: [], Values: [] }), /^trace: there is no sample of RequestCount; give at least two rows$/],
    [
      cloudWatch({ Timestamps: ['2026-01-05T00:00:00Z', '2026-01-05T00:01:00Z'], Values: [1, -2] }),
      /^trace MetricDataResults\[0\] sample 1: RequestCount -2 is negative; a load is 0 or more, so correct it or leave the row out$/,
    ],
    [
      cloudWatch({ Timestamps: ['2026-01-05T00:00:00Z', '2026-01-05T00:01:00Z'], Values: [1] }),
      /^trace: MetricDataResults\[0\] has 2 Timestamps and 1 Values; save it again, one value for each$/,
    ],
    [
      cloudWatch({ Timestamps: ['05/01/2026', '06/01/2026'], Values: [1, 2] }),
      /^trace MetricDataResults\[0\] sample 0: timestamp "05\/01\/2026" is no date with a zone; write it as 2026-01-05T00:00:00Z$/,
    ],
    [
      cloudWatch({ Timestamps: ['2026-01-05T00:00:00', '2026-01-05T00:01:00'], Values: [1, 2] }),
      /^trace MetricDataResults\[0\] sample 0: timestamp "2026-01-05T00:00:00" is no date with a zone; /,
    ],
    [
      '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"histograms":[[0,{"count":"1"}]]}]}}',
      /^trace: data\.result\[0\] holds histograms; ask for a number of them, such as histogram_count\(rate\(NAME\[2m\]\)\)$/,
    ],
    [
      '{"status":"success","warnings":["partial response"],"data":{"resultType":"matrix","result":[]}}',
      /^trace: the answer warns "partial response"; ask again until it does not$/,
    ],
    [
      '{"status":"error","error":"timeout"}',
      /^trace: status is error \(timeout\); save a successful answer of query_range, whose resultType is matrix$/,
    ],
    [
      '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[0,"NaN"]]}]}}',
      /^trace data\.result\[0\] sample 0: \{\} "NaN" is not a number; leave the row out where nobody knows the value$/,
    ],
    [
      '{"status":"success","data":{"resultType":"matrix","result":[]}}',
      /^trace: there is no series in it; ask for a metric that has datapoints$/,
    ],
  ])('%s', async (document, sentence) => {
    expect(await refusal(document, {}, 'json')).toMatch(sentence);
  });
});

describe('scaling', () => {
  test('puts the 95th percentile at 20 tasks of 60 %', async () => {
    const values = Array.from({ length: 1000 }, (_, i) => 1000 + Math.abs(500 - i) + 0.5);
    const scaled = scaleLoad(await readTrace(file(csv(values))), { capacityPerTask: 80 });
    expect(ratePercentile(scaled, 0.95)).toBeCloseTo(20 * 0.6 * 80, 6);
    expect((scaled.values[0] ?? 0) / (scaled.values[500] ?? 1)).toBeCloseTo(1500.5 / 1000.5, 9);
  });

  test('small counts are smoothed and get the noise of their new level; raw ones keep their own', async () => {
    const values = Array.from({ length: 2000 }, (_, i) => (i * 7919) % 23);
    const path = file(csv(values));
    const spread = (numbers: Float64Array) => {
      const mean = numbers.reduce((total, value) => total + value, 0) / numbers.length;
      return Math.sqrt(numbers.reduce((total, value) => total + (value - mean) ** 2, 0) / numbers.length) / mean;
    };
    const smooth = await readTrace(path);
    const raw = await readTrace(path, { raw: true });
    expect([smooth.lostNoise, raw.lostNoise]).toEqual([true, false]);
    expect(spread(scaleLoad(raw).values)).toBeGreaterThan(3 * spread(scaleLoad(smooth).values));
    expect(scaleLoad(smooth).values).not.toEqual(scaleLoad(smooth, { seed: 2 }).values);
    expect(scaleLoad(smooth).values).toEqual(scaleLoad(smooth).values);
  });

  test('samples 5 minutes apart get their lost noise back, samples an hour apart stay smooth', async () => {
    const values = Array.from({ length: 300 }, (_, i) => 5000.5 + i);
    expect((await readTrace(file(csv(values, 300)))).lostNoise).toBe(true);
    expect((await readTrace(file(csv(values, 3600)))).lostNoise).toBe(false);
    expect((await readTrace(file(csv(values, 60)))).lostNoise).toBe(false);
  });

  test('a gap stays a gap', async () => {
    const trace = await readTrace(file('timestamp_s,value\n0,0.5\n60,1.5\n600,1.5\n660,1.5\n720,1.5\n'));
    const scaled = scaleLoad(trace);
    expect(scaled.rateAt(scaled.startsAt + 300_000)).toBeNull();
    expect(scaled.rateAt(scaled.startsAt + 60_000)).toBe(1200);
  });

  test('what is smaller than a number can say has no size', async () => {
    const trace = await readTrace(file(csv([5e-320, 5e-320])), { name: 'dust' });
    expect(() => scaleLoad(trace)).toThrow(
      new BadInput('trace dust: value 5e-320 at its 95th percentile is too small to scale by; check the unit'),
    );
  });

  test('what is nearly always 0 has no size', async () => {
    const trace = await readTrace(file(csv([...Array(99).fill(0), 5])), { name: 'night' });
    expect(() => scaleLoad(trace)).toThrow(
      new BadInput(
        'trace night: value is 0 for at least 95 % of its time, so it has no size to scale by; give a longer or busier stretch',
      ),
    );
  });
});
