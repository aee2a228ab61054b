/** What Lambda gives a handler, and what the handler prints: for the tests of handlers. */
import { afterEach, beforeEach, jest } from '@jest/globals';
import type { Context } from 'aws-lambda';

/** Of a function with half a minute left, unless a test says otherwise. */
export function invocation(facts: Partial<Context> = {}): Context {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'Schmitt-Tick',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:Schmitt-Tick',
    memoryLimitInMB: '512',
    awsRequestId: 'request-1',
    logGroupName: 'Schmitt-TickLogs',
    logStreamName: '2026/11/20/[$LATEST]1',
    getRemainingTimeInMillis: () => 30_000,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
    ...facts,
  };
}

export type Line = Readonly<Record<string, unknown>>;

export interface Printed {
  /** Log lines: JSON with a level. */
  logs(): Line[];
  /** Lines in the embedded metric format. */
  metrics(): Line[];
}

/** Everything that goes to standard output or error during a test, line by line; anything that is not JSON fails the reading of it. */
export function printed(): Printed {
  let text = '';
  const keep = (chunk: unknown): boolean => {
    text += String(chunk);
    return true;
  };
  beforeEach(() => {
    text = '';
    jest.spyOn(process.stdout, 'write').mockImplementation(keep);
    jest.spyOn(process.stderr, 'write').mockImplementation(keep);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  const lines = (): Line[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  return {
    logs: () => lines().filter((line) => 'level' in line),
    metrics: () => lines().filter((line) => '_aws' in line),
  };
}
