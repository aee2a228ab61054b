/** The very bundle that is deployed, in a process of its own with Lambda's environment, against the local cloud. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundleAll } from '../../lib/cdk/bundle.ts';
import { createLocalTable } from '../../lib/cli/local-table.ts';
import { type LocalCloud, startLocalCloud } from '../../lib/local/cloud.ts';
import { parsePolicies } from '../../lib/policy/document/parse.ts';
import type { Plant } from '../../lib/sim/types.ts';
import { HOT_POLICY, hotPlant } from '../support/hot-service.ts';

const REGION = 'eu-west-1';
const TABLE = 'states';

const policies = parsePolicies([{ name: 'checkout.yaml', text: HOT_POLICY }]);

let folder = '';
let cloud: LocalCloud;
let plant: Plant;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shipped-'));
  bundleAll(folder, policies);
  plant = hotPlant(Date.now());
  cloud = await startLocalCloud({ plants: [plant], region: REGION });
  await createLocalTable(cloud.dynamoEndpoint, REGION, TABLE);
});
afterAll(async () => {
  await cloud.close();
  await rm(folder, { recursive: true });
});

const INVOKE = `
const context = {
  awsRequestId: 'request-1',
  functionName: 'Schmitt-Tick',
  invokedFunctionArn: 'arn:aws:lambda:${REGION}:123456789012:function:Schmitt-Tick',
  getRemainingTimeInMillis: () => 30_000,
};
const report = await handler({ shard: '0', scheduledAt: new Date().toISOString() }, context);
console.log(JSON.stringify({ report }));
`;

/** What the process prints, line by line. */
async function invoke(): Promise<Record<string, unknown>[]> {
  const program = `import { handler } from ${JSON.stringify(join(folder, 'tick', 'index.mjs'))}; ${INVOKE}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: {
      PATH: process.env.PATH,
      NODE_OPTIONS: '--enable-source-maps',
      TABLE_NAME: TABLE,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_ENDPOINT_URL: cloud.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: cloud.dynamoEndpoint,
      _X_AMZN_TRACE_ID: 'Root=1-691ecd00-0123456789abcdef01234567;Sampled=1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(errors).toBe('');
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('ticks: it reads the signals, keeps its state, changes the count and says so', async () => {
  const lines = await invoke();

  expect(plant.view().desired).toBe(4);
  expect(lines.find((line) => 'ecsService' in line)).toMatchObject({
    level: 'INFO',
    ecsService: 'prod/checkout',
    action: 'out',
    from: 2,
    to: 4,
    outcome: 'changed',
    shard: '0',
    xray_trace_id: '1-691ecd00-0123456789abcdef01234567',
  });
  expect(lines.find((line) => 'DecisionsTotal' in line)).toMatchObject({ action: 'out', outcome: 'changed' });
  expect(lines.find((line) => 'TickDuration' in line)).toMatchObject({ TickBusy: 0, SignalsRead: 1, SignalsFailed: 0 });
  expect(lines.at(-1)).toMatchObject({ report: { kind: 'ticked' } });
});

test('started again, it remembers: the same evidence does not act twice', async () => {
  const lines = await invoke();
  expect(plant.view().desired).toBe(4);
  expect(lines.at(-1)).toMatchObject({ report: { kind: 'ticked', entries: [{ outcome: 'held' }] } });
});
