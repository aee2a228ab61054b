/** The handler's thread may die in any way; the run hears of it and never waits for ever. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startHandler } from '../../lib/cli/handler-link.ts';

const setup = {
  policies: { version: 'p', services: [], tagged: [], groups: [], allow: [], deny: [] },
  region: 'us-east-1',
  accountId: '123456789012',
  tableName: 'schmitt',
  endpoint: 'http://127.0.0.1:9',
  dynamoEndpoint: 'http://127.0.0.1:9',
};
const invocation = { now: 0, event: { shard: '0', scheduledAt: '2026-01-05T00:00:00.000Z' } };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'schmitt-link-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function thread(code: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

describe('a handler thread that', () => {
  test.each([
    ['does not even start', 'throw new Error("boom")', /^the handler thread ended: boom$/],
    ['throws at an invocation', onMessage('throw new Error("boom")'), /^the handler thread ended: boom$/],
    ['exits at an invocation', onMessage('process.exit(7)'), /^the handler thread ended by itself, with code 7$/],
    [
      'answers with a fault',
      onMessage(
        'parentPort.postMessage({ kind: "fault", message: "no table", stack: "here" }); if (message === "end") parentPort.close()',
      ),
      /^the handler failed at 2026-01-05T00:00:00\.000Z: no table \(its log: /,
    ],
  ])('%s is a fault of the run, and closing it comes to an end', async (_story, code, sentence) => {
    const handler = startHandler(setup, join(folder, 'handler.log'), thread(code));
    await expect(handler.invoke(invocation)).rejects.toThrow(sentence);
    await handler.close();
  });
});

test.each([
  ['at an invocation', true],
  ['at the end, where nothing was invoked any more', false],
])('a log that cannot be written is a fault of the run %s', async (_story, isInvoked) => {
  const handler = startHandler(
    setup,
    join(folder, 'nowhere', 'handler.log'),
    thread(onMessage('if (message === "end") parentPort.close()')),
  );
  if (isInvoked)
    await expect(handler.invoke(invocation)).rejects.toThrow(/^the log of the handler cannot be written: /);
  await expect(handler.close()).rejects.toThrow(/^the log of the handler cannot be written: ENOENT/);
});

test('what the handler writes lies in its log, to the last line', async () => {
  const log = join(folder, 'written.log');
  const code = onMessage(
    'if (message === "end") { console.log("last"); parentPort.close(); } else { console.log("first"); parentPort.postMessage({ kind: "report", ms: 1, awsMs: 0 }); }',
  );
  const handler = startHandler(setup, log, thread(code));
  await handler.invoke(invocation);
  await handler.close();
  expect(readFileSync(log, 'utf8')).toBe('first\nlast\n');
});

function onMessage(body: string): string {
  return `import { parentPort } from 'node:worker_threads'; parentPort.on('message', (message) => { ${body} });`;
}
