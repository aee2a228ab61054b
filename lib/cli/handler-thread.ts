/** The thread of the handler: what Lambda would be. The real handler, the real SDK; only the clock and the endpoints are ours. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Context } from 'aws-lambda';
import { createHandler } from '../../lambdas/tick/handler.ts';
import { awsPorts } from '../aws/ports.ts';
import type { Answer, HandlerSetup, Invocation } from './handler-messages.ts';
import { createStopwatch } from './stopwatch.ts';

const ABORT_LEAD_MS = 1_000;
/** The function's own time limit, in real time. */
const TIME_LIMIT_MS = 30_000;

const setup = workerData as HandlerSetup;
let now = 0;
let invocations = 0;

const ports = awsPorts({
  region: setup.region,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  endpoints: {
    ecs: setup.endpoint,
    cloudwatch: setup.endpoint,
    elb: setup.endpoint,
    sqs: setup.endpoint,
    dynamodb: setup.dynamoEndpoint,
  },
  tableName: setup.tableName,
  policies: { load: async () => setup.policies },
  clock: { now: () => now },
  writer: 'local',
});
const stopwatch = createStopwatch();
const handler = createHandler(
  {
    ...ports,
    signals: stopwatch.timed(ports.signals),
    services: stopwatch.timed(ports.services),
    store: stopwatch.timed(ports.store),
    ledger: stopwatch.timed(ports.ledger),
  },
  { abortLeadMs: ABORT_LEAD_MS },
);

function lambdaContext(): Context {
  const endsAt = performance.now() + TIME_LIMIT_MS;
  invocations += 1;
  const functionName = 'schmitt-tick';
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${setup.region}:${setup.accountId}:function:${functionName}`,
    memoryLimitInMB: '256',
    awsRequestId: `local-${invocations}`,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}

async function invoke(invocation: Invocation): Promise<Answer> {
  now = invocation.now;
  const startedAt = performance.now();
  try {
    const report = await handler(invocation.event, lambdaContext());
    return { kind: 'report', report, ms: performance.now() - startedAt, awsMs: stopwatch.lap() };
  } catch (error) {
    const fault = error instanceof Error ? error : new Error(String(error));
    return { kind: 'fault', message: fault.message, stack: fault.stack ?? '' };
  }
}

parentPort?.on('message', async (message: Invocation | 'end') => {
  if (message === 'end') {
    ports.close();
    parentPort?.close();
    return;
  }
  parentPort?.postMessage(await invoke(message));
});
