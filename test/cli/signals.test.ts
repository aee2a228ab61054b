/** `schmitt signals` as a person runs it, against the local cloud and a Prometheus that answers as it is told. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type LocalCloud, startLocalCloud } from '../../lib/local/cloud.ts';
import { sampledLoad } from '../../lib/sim/load.ts';
import { createPlant } from '../../lib/sim/plant.ts';
import { matrix, readForm } from '../aws/signals/promql/server.ts';
import { close, listen } from '../aws/wire.ts';
import { schmitt, shellFor } from './schmitt.ts';

const MINUTE = 60_000;
// Each story is a process or three, and a busy machine starts them slowly.
jest.setTimeout(90_000);
const POLICY = `
version: 1
services:
  - service: prod/checkout
    capacity: { min: 2, max: 20 }
    signals:
      cpu: { ecs: CPUUtilization }
      rps: { alb: RequestCount, per: second }
      errors: { alb: HTTPCode_Target_5XX_Count, shareOf: rps }
      jobs: { sqs: gone }
      load: { promql: 'sum(rate(http_requests_total{svc="checkout"}[2m]))', from: prom, whenMissing: { use: rps } }
      off: { promql: 'sum(rate(other_total{svc="checkout"}[2m]))', from: prom }
      pushed: { pushed: true }
    scaleOut: [{ name: warm, when: 'cpu > 65 || load > 900 || off > 900 || errors > 9 || pushed > 9 || jobs > 9', add: 1 }]
    scaleIn: [{ name: calm, when: 'cpu < 30', remove: 1 }]
`;

let cloud: LocalCloud;
let prometheus: Server;
let folder: string;
let policy: string;
let variables: Readonly<Record<string, string>>;

/** 200 requests a second arrive, and the Prometheus says so; of `other_total` it says half as many again. */
beforeAll(async () => {
  const startsAt = Math.floor(Date.now() / MINUTE) * MINUTE - 40 * MINUTE;
  const plant = createPlant({
    load: sampledLoad('even', startsAt, 60, new Float64Array(90).fill(200)),
    seed: 3,
    desired: 4,
  });
  plant.advanceTo(Date.now());
  cloud = await startLocalCloud({ plants: [plant] });
  prometheus = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const asked = readForm(new URLSearchParams(text), request.headers);
    const rate = (expression: string) => (expression.includes('other_total') ? 300 : 200);
    const stats = { stats: { samples: { totalQueryableSamples: 60 } } };
    const reply = matrix(asked, (expression, at) =>
      expression.startsWith('max(timestamp(') ? at - 5 : rate(expression),
    );
    response.end(JSON.stringify({ ...reply, data: { ...(reply as { data: object }).data, ...stats } }));
  });
  const url = await listen(prometheus);
  folder = mkdtempSync(join(tmpdir(), 'schmitt-signals-'));
  policy = join(folder, 'policy.yaml');
  writeFileSync(policy, POLICY);
  variables = {
    ...shellFor(cloud),
    ...{ PROMETHEUS: JSON.stringify({ prom: { url } }), NO_COLOR: '1' },
  };
}, 30_000);
afterAll(async () => {
  await cloud.close();
  await close(prometheus);
  rmSync(folder, { recursive: true });
});

const signals = (...args: readonly string[]) =>
  schmitt(['signals', 'prod/checkout', '--policy', policy, ...args], '', variables);

describe('schmitt signals', () => {
  test('prints each value with its age, or why there is none, then every query and what it costs', async () => {
    const { exitCode, stdout, stderr } = await signals();
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^prod\/checkout at \d{4}-/);
    // The newest minute that is settled ended 50 to 110 seconds ago, and 15 to 75 for a Prometheus.
    const rps = stdout.match(/│ rps +│ +(\d+) │ +(\d+) s │ +60 s │ +\d+ s │ load balancer RequestCount Sum/);
    expect(Number(rps?.[1])).toBe(200);
    expect(Number(rps?.[2])).toBeGreaterThanOrEqual(50);
    expect(Number(rps?.[2])).toBeLessThanOrEqual(111);
    expect(stdout).toMatch(/│ jobs +│ unknown │ .*│ queue gone backlog/);
    expect(stdout).toMatch(/│ +failed: .*QueueDoesNotExist/);
    expect(stdout).toMatch(/│ load +│ +200 │/);
    expect(stdout).toMatch(/│ +it comes by itself, and nobody is asked/);
    expect(stdout).toMatch(/^GetMetricData \d\d:\d\d:\d\d to \d\d:\d\d:\d\d, 4 metrics$/m);
    expect(stdout).toMatch(
      /^ {2}q\d {2}AWS\/ECS CPUUtilization SampleCount, 20 s \{ ClusterName=prod, ServiceName=checkout \}$/m,
    );
    expect(stdout).toMatch(/^GetQueueAttributes\n {2}s0 {2}gone$/m);
    expect(stdout).toMatch(/^query_range of prom, .*, every 60 s\n {2}p0 {2}sum\(rate/m);
    expect(stdout).toMatch(/^Asked: 1 GetMetricData, 1 query_range, 4 metrics, 60 PromQL samples scanned$/m);
    expect(stdout).toMatch(/^A month of these reads: 1\.7\d to \d\.\d\d US dollars \(175k metrics, /m);
    expect(stdout).toMatch(/^Enrichment is off in this account: with it 3 metrics .* US dollars a month/m);
    expect(stdout).not.toContain('Canary');
  });

  test('--canary compares a signal of a Prometheus with the one in its place', async () => {
    const { exitCode, stdout } = await signals('--canary');
    expect(stdout).toMatch(
      /^Canary: load agrees with rps: over \d+ periods they differ by at most [0-9.]+ %, and 10\.0 % may be$/m,
    );
    expect(exitCode).toBe(0);
  });

  test('a canary that does not agree is exit 1', async () => {
    const { exitCode, stdout } = await signals('--canary', 'off=rps', '--tolerance', '12%');
    expect(stdout).toMatch(
      /^Canary: off does not agree with rps: .* by at most (49|50|51)\.\d %, and 12\.0 % may be$/m,
    );
    expect(exitCode).toBe(1);
  });

  test.each([
    [['--canary', 'load=cpuu'], '--canary load=cpuu: there is no signal cpuu; write signal=trusted, of cpu, rps, '],
    [['--canary', 'load'], '--canary load: it is no pair; write signal=trusted, of cpu, '],
    [['--canary', 'rps=rps'], '--canary rps=rps: it is no pair; '],
    [['--tolerance', '0'], 'Give percent above 0, at most 100.'],
  ])('%j is bad input', async (args, words) => {
    const { exitCode, stdout, stderr } = await signals(...args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });

  test('so is a service that the policy does not name, one that ECS does not have, and nothing to compare', async () => {
    const other = await schmitt(['signals', 'prod/ghost', '--policy', policy], '', variables);
    expect(other).toMatchObject({ exitCode: 2, stdout: '' });
    expect(other.stderr).toBe('SERVICE prod/ghost: the policies do not name it; they name prod/checkout.\n');
    const web = await schmitt(['signals', 'prod/web', '--policy', 'examples/web.yaml'], '', variables);
    expect(web.stderr).toMatch(/^SERVICE prod\/web: .*; check the name, the Region and the account\.\n$/);
    const plain = await schmitt(['signals', 'prod/web', '--policy', 'examples/web.yaml', '--canary'], '', variables);
    expect(plain.stderr).toMatch(/^--canary: no signal of a Prometheus has another in its place /);
    expect([web.exitCode, plain.exitCode]).toEqual([2, 2]);
  });

  test('whoever may not look at the account’s enrichment is told so, and the rest is there', async () => {
    cloud.faults.next('GetOTelEnrichment', { kind: 'accessDenied' });
    const { exitCode, stdout } = await signals();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Whether enrichment runs is not known \(AccessDenied.*\): with it 3 metrics /m);
  });
});
