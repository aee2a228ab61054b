/** A trace of more rows than anybody wants to hold as text. */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { SampleReader } from '../../lib/sim/samples.ts';
import { readTrace } from '../../lib/sim/trace.ts';

jest.setTimeout(120_000);

const ROWS = 150_000;
let folder: string;
let file: string;

function* rows(broken?: number): Generator<string> {
  yield 'timestamp_s,value\n';
  for (let i = 0; i < ROWS; i += 1000) {
    const lines = Array.from({ length: 1000 }, (_, k) => `${(i + k) * 60},${i + k === broken ? 'lots' : 1000 + k}\n`);
    yield lines.join('');
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'schmitt-long-'));
  file = join(folder, 'long.csv');
  await pipeline(Readable.from(rows()), createWriteStream(file));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** In a thread whose heap does not hold the rows as text. */
function readInLittleRoom(options: object): Promise<unknown> {
  const module = JSON.stringify(new URL('../../lib/sim/trace.ts', import.meta.url).href);
  const code = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { readTrace } = await import(${module});
    const { samples, values } = await readTrace(workerData.file, workerData.options);
    parentPort.postMessage({ samples, first: values[0], last: values.at(-1) });`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  const limits = { maxOldGenerationSizeMb: 20, maxYoungGenerationSizeMb: 4 };
  return new Promise((resolve, reject) => {
    const worker = new Worker(url, { workerData: { file, options }, resourceLimits: limits });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

describe('a CSV of 150,000 rows', () => {
  test('is read in a heap of 20 MB', async () => {
    expect(await readInLittleRoom({ raw: true })).toEqual({ samples: ROWS, first: 1000, last: 1999 });
  });

  test('its end alone as well', async () => {
    expect(await readInLittleRoom({ last: '1d', raw: true })).toEqual({ samples: 1440, first: 1560, last: 1999 });
  });

  test('names the line of a row that is none', async () => {
    const broken = join(folder, 'broken.csv');
    await pipeline(Readable.from(rows(112_345)), createWriteStream(broken));
    await expect(readTrace(broken)).rejects.toThrow(`${broken} line 112347: value "lots" is not a number`);
    await expect(readTrace(broken, { last: '1d' })).rejects.toThrow(`${broken} line 112347: value "lots"`);
  });
});

test('who wants the end of a trace takes no room for what was before', () => {
  const reader = new SampleReader('trace', { timestamp: 'timestamp_s', value: 'value' }, 86_400);
  for (let i = 0; i < 200_000; i++) reader.add(`line ${i + 2}`, String(i * 60), String(i));
  const { seconds, values } = reader.finish();
  expect(seconds.buffer.byteLength).toBeLessThan(100_000);
  expect(seconds.length).toBeGreaterThanOrEqual(1440);
  expect([seconds.at(-1), values.at(-1)]).toEqual([199_999 * 60, 199_999]);
  expect(seconds.every((second, i) => i === 0 || second === (seconds[i - 1] ?? 0) + 60)).toBe(true);
});
