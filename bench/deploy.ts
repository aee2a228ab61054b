/**
 * What a deployment costs: the size of the tick's bundle, its cold start beside that of an empty handler that imports the same SDK clients
 * and is built with the same options, both under Lambda's runtime client in turns, and the time of `cdk synth`.
 *
 * `npm run bench:deploy`, or `npm run --silent bench:deploy -- --json` for one JSON object. `--runs 15` is how many cold starts of each.
 * Exit 1 where a bound does not hold.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import CliTable from 'cli-table3';
import { BUNDLE_LIMIT_BYTES, bundle, bundleModule, ROOT } from '../lib/cdk/bundle.ts';
import { lambdaFunction } from '../test/lambdas/runtime/sandbox.ts';

const BOUNDS = { bundleKb: BUNDLE_LIMIT_BYTES / 1024, coldRatio: 1.5, synthSeconds: 10 };

/** Those of `lib/aws/clients.ts` and of the configuration session. */
const CLIENTS = {
  appconfigdata: 'AppConfigDataClient',
  cloudwatch: 'CloudWatchClient',
  dynamodb: 'DynamoDBClient',
  ecs: 'ECSClient',
  'elastic-load-balancing-v2': 'ElasticLoadBalancingV2Client',
  'resource-groups-tagging-api': 'ResourceGroupsTaggingAPIClient',
  sqs: 'SQSClient',
};

/** A handler that does nothing with all clients. */
function emptyHandler(): string {
  const imports = Object.entries(CLIENTS).map(
    ([name, client]) => `import { ${client} } from '@aws-sdk/client-${name}';`,
  );
  return `${imports.join('\n')}\nexport const handler = async () => [${Object.values(CLIENTS)}].length;`;
}

async function coldStartMs(folder: string): Promise<number> {
  const started = lambdaFunction({ folder, variables: {}, timeoutMs: 30_000 });
  const { initMs } = await started.invoke({});
  await started.close();
  if (initMs === undefined) throw new Error(`The handler in ${folder} never asked for work.`);
  return initMs;
}

/** In turns, so that what else the machine does meets both. */
async function coldStarts(runs: number, work: string) {
  const [tick, empty] = ['tick', 'empty'].map((name) => join(work, name)) as [string, string];
  for (const folder of [tick, empty]) mkdirSync(folder);
  const { bytes } = bundle('tick', tick);
  bundleModule({ stdin: { contents: emptyHandler(), resolveDir: ROOT } }, empty);
  const took = { tick: [] as number[], empty: [] as number[] };
  // The first of each warms the disk's cache.
  for (let run = -1; run < runs; run += 1) {
    const pair = { empty: await coldStartMs(empty), tick: await coldStartMs(tick) };
    if (run < 0) continue;
    took.empty.push(pair.empty);
    took.tick.push(pair.tick);
  }
  return { bundleKb: round(bytes / 1024), tickMs: median(took.tick), emptyMs: median(took.empty) };
}

function synthSeconds(work: string): number {
  const began = performance.now();
  const args = ['synth', '--quiet', '--no-notices', '--output', join(work, 'cdk.out')];
  execFileSync(join(ROOT, 'node_modules/.bin/cdk'), args, { cwd: ROOT, stdio: 'ignore' });
  return round((performance.now() - began) / 1000);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return round(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN);
}

const round = (value: number) => Math.round(value * 10) / 10;

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '15' } },
});
const runs = Number(options.runs);
if (!(Number.isInteger(runs) && runs > 0)) throw new Error('bench:deploy: --runs takes a whole number above 0');

const work = mkdtempSync(join(tmpdir(), 'bench-deploy-'));
const { bundleKb, tickMs, emptyMs } = await coldStarts(runs, work);
const measured = { bundleKb, coldRatio: Math.round((tickMs / emptyMs) * 100) / 100, synthSeconds: synthSeconds(work) };
rmSync(work, { recursive: true });

const rows = Object.entries(BOUNDS).map(([name, bound]) => {
  const value = measured[name as keyof typeof measured];
  return { name, value, bound, holds: value < bound };
});
if (options.json) console.log(JSON.stringify({ ...measured, tickMs, emptyMs, runs, bounds: BOUNDS }));
else {
  const table = new CliTable({ head: ['', 'measured', 'bound', ''] });
  for (const { name, value, bound, holds } of rows) table.push([name, value, bound, holds ? 'holds' : 'BROKEN']);
  console.log(table.toString());
  console.log(
    `Cold start, median of ${runs}: the tick ${tickMs} ms, an empty handler with the same clients ${emptyMs} ms.`,
  );
}
process.exitCode = rows.every(({ holds }) => holds) ? 0 : 1;
