/**
 * A signal that cannot be read, in the middle of a tick: the real adapters and the unmodified clients against the local cloud and a
 * Prometheus that misbehaves. The sentence of its service names the signal and the cause, and the other service is scaled all the same.
 */
import { createServer, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { awsPorts } from '../../../lib/aws/ports.ts';
import { createLocalTable } from '../../../lib/cli/local-table.ts';
import { type LocalCloud, startLocalCloud } from '../../../lib/local/cloud.ts';
import { manualClock } from '../../../lib/loop/manual-clock.ts';
import type { ShardEvent } from '../../../lib/loop/ports.ts';
import { tick } from '../../../lib/loop/tick.ts';
import { parsePolicies } from '../../../lib/policy/document/parse.ts';
import { cpuMetric, NOON, type StubPlant, stubPlant } from '../../local/stub-plant.ts';
import { CREDENTIALS, REGION } from '../dynamodb.ts';
import { close, listen } from '../wire.ts';
import { type AskedRange, matrix, readForm } from './promql/server.ts';

const ACCOUNT = { partition: 'aws', region: REGION, accountId: '123456789012' };
const NOW = NOON + 15_000;
/** Minutes before noon, percent. */
const HOT = [
  [3, 90],
  [2, 90],
  [1, 90],
] as const;

const PROM = `{ promql: 'sum(rate(requests_total{svc="checkout"}[2m]))', from: prom }`;
const policyOf = (signal: string) => `
version: 1
services:
  - service: prod/steady
    mode: act
    capacity: { min: 2, max: 20 }
    signals: { cpu: { ecs: CPUUtilization } }
    scaleOut: [{ name: hot, when: 'cpu > 70', add: 1, trueFor: 1 of 1 }]
  - service: prod/checkout
    mode: act
    capacity: { min: 2, max: 20 }
    signals: { load: ${signal} }
    scaleOut: [{ name: busy, when: 'load > 70', add: 1, trueFor: 1 of 1 }]
    scaleIn: [{ name: calm, when: 'load < 30', remove: 1, trueFor: 1 of 1 }]
`;

type Answer = (asked: AskedRange, response: ServerResponse) => object | undefined;

let cloud: LocalCloud;
let prometheus: ReturnType<typeof createServer>;
let url: string;
let answer: Answer = () => undefined;
let plants: readonly StubPlant[];
const clock = manualClock(NOW);

beforeAll(async () => {
  prometheus = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    response.sendDate = false;
    response.setHeader('date', new Date(clock.now()).toUTCString());
    const given = answer(readForm(new URLSearchParams(text), request.headers), response);
    if (given !== undefined) response.end(JSON.stringify(given));
  });
  url = await listen(prometheus);
});
afterAll(() => close(prometheus));

/** One tick over both services; the sentence of each. */
async function ticked(signal: string, meet: (cloud: LocalCloud) => void, events?: readonly ShardEvent[]) {
  plants = ['steady', 'checkout'].map((service) =>
    stubPlant({ service, metrics: service === 'steady' ? [cpuMetric('prod', service, HOT)] : [] }),
  );
  for (const plant of plants) plant.advanceTo(NOW);
  cloud = await startLocalCloud({ plants, region: REGION });
  await createLocalTable(cloud.dynamoEndpoint, REGION, 'schmitt');
  meet(cloud);
  const { endpoint } = cloud;
  const policies = parsePolicies([{ name: 'policy.yaml', text: policyOf(signal) }]);
  const ports = awsPorts({
    ...{ region: REGION, credentials: CREDENTIALS, tableName: 'schmitt', clock },
    endpoints: { ecs: endpoint, cloudwatch: endpoint, elb: endpoint, sqs: endpoint, dynamodb: cloud.dynamoEndpoint },
    limits: { attempts: 1, callMs: 1_000 },
    prometheus: { prom: { url, authorization: { kind: 'none' } } },
    policies: { load: async () => policies },
  });
  try {
    const { signal: abort } = new AbortController();
    const request = { shard: '0', account: ACCOUNT, owner: 'a test', remainingMs: () => 29_000, abort };
    const report = await tick(ports, events === undefined ? request : { ...request, events });
    if (report.kind !== 'ticked') throw new Error('the shard was held');
    const sentenceOf = (service: string) => report.entries.find((one) => one.service === service)?.sentence ?? '';
    return { report, steady: sentenceOf('steady'), checkout: sentenceOf('checkout') };
  } finally {
    ports.close();
    await cloud.close();
  }
}

const nothing = () => undefined;
const valued =
  (value: string): Answer =>
  (asked) =>
    matrix(asked, (expression, at) => (expression.startsWith('max(timestamp(') ? at - 5 : value));

function flood(_asked: AskedRange, response: ServerResponse): undefined {
  const megabyte = Buffer.alloc(1024 * 1024, ' ');
  const more = (): void => {
    while (!response.destroyed && response.write(megabyte));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

function drip(_asked: AskedRange, response: ServerResponse): undefined {
  const drop = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(drop));
}

function refuse(_asked: AskedRange, response: ServerResponse): object {
  response.statusCode = 400;
  return { status: 'error', errorType: 'bad_data', error: 'parse error: unexpected end of input' };
}

function redirect(_asked: AskedRange, response: ServerResponse): undefined {
  response.writeHead(307, { location: 'http://elsewhere.example/api' }).end();
}

/** Two series, where each part of the question is one. */
const vector: Answer = (asked) => {
  const { data } = valued('7')(asked, undefined as never) as { data: { result: { metric: object }[] } };
  const twice = data.result.flatMap((one) => [one, { ...one, metric: { ...one.metric, instance_id: 'b' } }]);
  return { status: 'success', data: { ...data, result: twice } };
};

const minuteOff: Answer = (asked, response) => {
  response.setHeader('date', new Date(clock.now() + 61_000).toUTCString());
  return valued('7')(asked, response);
};

const OWN = '{ cloudwatch: { namespace: Shop, metric: Depth } }';
const rows: readonly (readonly [string, string, (cloud: LocalCloud) => void, Answer, string])[] = [
  ['a namespace that nobody sends to', OWN, nothing, nothing, 'no datapoint'],
  [
    'a metric that may not be read',
    OWN,
    ({ faults }) => faults.nextResult({ metric: 'Depth', status: 'Forbidden' }),
    nothing,
    'Forbidden',
  ],
  [
    'an error inside CloudWatch',
    OWN,
    ({ faults }) => faults.nextResult({ metric: 'Depth', status: 'InternalError' }),
    nothing,
    'InternalError',
  ],
  [
    'an answer that is not whole',
    OWN,
    ({ faults }) => faults.nextResult({ metric: 'Depth', status: 'PartialData' }),
    nothing,
    'PartialData',
  ],
  ['a queue that is not there', '{ sqs: gone }', nothing, nothing, 'QueueDoesNotExist'],
  [
    'a queue that may not be read',
    '{ sqs: mine }',
    ({ faults }) => faults.next('GetQueueUrl', { kind: 'accessDenied' }),
    nothing,
    'AccessDenied',
  ],
  ['PromQL that does not parse', PROM, nothing, refuse, 'bad_data: parse error: unexpected end of input'],
  [
    'a vector where a number is needed',
    PROM,
    nothing,
    vector,
    'it is a vector of 2 series, where one number is needed',
  ],
  ['NaN', PROM, nothing, valued('NaN'), 'its value is NaN, not a number'],
  ['infinity', PROM, nothing, valued('+Inf'), 'its value is Infinity, not a number'],
  ['a reply of more than 10 MB', PROM, nothing, flood, 'its reply is larger than 10 MB'],
  ['a reply that never ends', PROM, nothing, drip, 'no answer within 1000 ms'],
  ['a clock that is a minute off', PROM, nothing, minuteOff, 'its clock is 61 s ahead of ours'],
  [
    'a redirect to another host',
    PROM,
    nothing,
    redirect,
    'a redirect to http://elsewhere.example/api, which is not followed',
  ],
];

test.each(rows)('%s: its service holds and says so, the other is scaled', async (_, signal, meet, misbehave, cause) => {
  answer = misbehave;
  const { steady, checkout } = await ticked(signal, meet);
  expect(checkout).toMatch(/^hold 4: /);
  expect(checkout).toContain('load unknown: ');
  expect(checkout).toContain(cause);
  expect(steady).toMatch(/^4 → 5: hot true/);
  expect(plants.map(({ asked }) => asked)).toEqual([[5], []]);
});

const push = (id: string, at: number, value = 90): ShardEvent => {
  return { id, at, cluster: 'prod', service: 'checkout', kind: 'pushed', signal: 'load', value };
};

test('a pushed number from the future is refused and the tick goes on', async () => {
  const future = push('1', NOW + 61_000);
  const other = { id: '2', at: NOW, cluster: 'prod', service: 'steady', kind: 'wake', why: 'an alarm' } as const;
  const { report, steady } = await ticked('{ pushed: true }', nothing, [future, other]);
  expect(report).toMatchObject({
    events: { refused: [{ event: { signal: 'load' }, cause: 'it is from 61 s in the future: the clocks differ' }] },
  });
  expect(steady).toMatch(/^4 → 5: hot true/);
  expect(plants.map(({ asked }) => asked)).toEqual([[5], []]);
});

test('a number that is pushed twice moves the count once', async () => {
  const at = NOW - 1_000;
  const { checkout } = await ticked('{ pushed: true }', nothing, [push('1', at), push('1', at)]);
  expect(checkout).toMatch(/^4 → 5: busy true/);
  expect(plants.map(({ asked }) => asked)).toEqual([[], [5]]);
});
