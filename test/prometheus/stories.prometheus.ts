/** What the adapter reads from a real Prometheus, directly and through the doors of AWS. Real time: periods of a few seconds. */
import assert from 'node:assert/strict';
import { awsClients } from '../../lib/aws/clients.ts';
import { agreementOf } from '../../lib/aws/signals/canary.ts';
import { type Meter, newMeter } from '../../lib/aws/signals/meter.ts';
import type { PrometheusEndpoint } from '../../lib/aws/signals/promql/endpoints.ts';
import { awsSignals } from '../../lib/aws/signals/signals.ts';
import { startLocalCloud } from '../../lib/local/cloud.ts';
import { startPromqlProxy } from '../../lib/local/promql-proxy.ts';
import type { SignalQuery } from '../../lib/loop/ports.ts';
import type { Reading } from '../../lib/policy/observation.ts';
import type { SignalSpec } from '../../lib/policy/policy.ts';
import { createPlant } from '../../lib/sim/plant.ts';
import type { Load } from '../../lib/sim/types.ts';
import type { RealPrometheus } from './prometheus.ts';

const REGION = 'eu-west-1';
const CREDENTIALS = { accessKeyId: 'AKID', secretAccessKey: 'right' };
const PERIOD_SECONDS = 5;

function signal(query: string, facts: Partial<SignalSpec> = {}): SignalQuery {
  const spec: SignalSpec = {
    source: { kind: 'promql', query, from: 'prom' },
    stat: 'Average',
    periodSeconds: PERIOD_SECONDS,
    publicationDelaySeconds: 1,
    scale: 1,
    averagedOverTasks: false,
    whenMissing: { kind: 'unknown' },
    ...facts,
  };
  return { cluster: 'prod', service: 'web', name: 'load', spec, periods: 2 };
}

async function read(
  endpoint: PrometheusEndpoint,
  queries: readonly SignalQuery[],
  meter: Meter = newMeter(),
  now = Date.now(),
): Promise<readonly Reading[]> {
  const clients = awsClients({ region: REGION, credentials: CREDENTIALS });
  const signals = awsSignals(clients, { prometheus: { prom: endpoint }, meter });
  try {
    return await signals.read(queries, now, new AbortController().signal);
  } finally {
    clients.close();
  }
}

const plain = ({ url }: RealPrometheus): PrometheusEndpoint => ({ url, authorization: { kind: 'none' } });
const newest = (reading: Reading | undefined) => reading?.values.at(-1);

/** A counter that grows by `perSecond`, two instances, from now on. */
function counting(perSecond: number): () => string {
  const beganAt = Date.now();
  return () => {
    const each = (((Date.now() - beganAt) / 1000) * perSecond) / 2;
    return `# TYPE http_requests_total counter
http_requests_total{svc="web",instance_id="a"} ${each}
http_requests_total{svc="web",instance_id="b"} ${each}
http_requests_total{svc="other",instance_id="c"} ${1000 + each}
queue_depth{svc="web"} 42
broken{svc="web"} NaN
endless{svc="web"} +Inf
latency_bucket{svc="web",le="0.1"} ${each * 0.9}
latency_bucket{svc="web",le="0.5"} ${each}
latency_bucket{svc="web",le="+Inf"} ${each}
`;
  };
}

/** The same percentile from GetMetricData of the local cloud, over the same periods. */
async function fromCloudWatch(times: readonly number[], like: SignalQuery, now: number): Promise<Reading> {
  const periodMs = PERIOD_SECONDS * 1000;
  const sum = times.reduce((total, one) => total + one, 0);
  const metric = {
    ...{ namespace: 'App', name: 'Latency', dimensions: {}, periodSeconds: PERIOD_SECONDS },
    datapoints: (from: number, to: number) =>
      Array.from({ length: Math.floor((to - from) / periodMs) }, (_, i) => {
        const startedAt = Math.ceil(from / periodMs) * periodMs + i * periodMs;
        return { startedAt, visibleAt: startedAt, sum, count: times.length, min: 0.01, max: 1, values: times };
      }),
  };
  const plant = {
    ...createPlant({ load: CALM, seed: 1 }),
    now,
    metrics: () => [metric],
    view: () => createPlant({ load: CALM, seed: 1 }).view(),
  };
  const cloud = await startLocalCloud({ plants: [plant], region: REGION });
  const clients = awsClients({ region: REGION, credentials: CREDENTIALS, endpoints: { cloudwatch: cloud.endpoint } });
  const source = { kind: 'cloudwatch', namespace: 'App', metric: 'Latency', dimensions: {} } as const;
  const query = { ...like, spec: { ...like.spec, source, stat: 'p95' } };
  const [reading] = await awsSignals(clients).read([query], now, new AbortController().signal);
  clients.close();
  await cloud.close();
  assert.ok(reading !== undefined);
  return reading;
}

const CALM: Load = { name: 'calm', startsAt: 0, endsAt: 60_000, stepSeconds: 60, rateAt: () => 1 };

const RATE = 'sum(rate(http_requests_total{svc="web"}[5s]))';

async function enough({ until }: RealPrometheus): Promise<void> {
  await until('count_over_time(queue_depth{svc="web"}[30s])', ([samples = 0]) => samples >= 14);
}

export const STORIES: Readonly<Record<string, (prometheus: RealPrometheus) => Promise<void>>> = {
  'a rate over two instances, a gauge and a percentile in one request': async (prometheus) => {
    prometheus.show(counting(50));
    await enough(prometheus);
    const meter = newMeter();
    const p95 = 'histogram_quantile(0.95, sum(rate(latency_bucket{svc="web"}[5s])) by (le))';
    const queries = [signal(RATE), signal('queue_depth{svc="web"}'), signal(p95, { scale: 1000 })];
    const [rate, depth, percentile] = await read(plain(prometheus), queries, meter);
    assert.equal(rate?.status, 'complete');
    assert.ok(Math.abs((newest(rate)?.[1] ?? 0) - 50) < 5, `the rate is ${newest(rate)?.[1]}`);
    assert.equal(newest(depth)?.[1], 42);
    assert.equal(Math.round(newest(percentile)?.[1] ?? 0), 300);
    assert.equal(meter.calls.query_range, 1);
    assert.ok(meter.samplesScanned > 0);
  },

  'the newest period is settled and ended no longer ago than it should': async (prometheus) => {
    await enough(prometheus);
    const now = Date.now();
    const [depth] = await read(plain(prometheus), [signal('queue_depth{svc="web"}')], newMeter(), now);
    const ageSeconds = (now - ((newest(depth)?.[0] ?? 0) + PERIOD_SECONDS * 1000)) / 1000;
    assert.ok(ageSeconds >= 1 && ageSeconds < 1 + PERIOD_SECONDS, `${ageSeconds} s`);
  },

  'an endpoint’s labels keep a query to its service': async (prometheus) => {
    await enough(prometheus);
    const scoped = { ...plain(prometheus), scope: { svc: '{service}' } };
    const [rate] = await read(scoped, [signal('sum(rate(http_requests_total[5s]))')]);
    assert.ok(Math.abs((newest(rate)?.[1] ?? 0) - 50) < 5, `the rate is ${newest(rate)?.[1]}`);
  },

  'a syntax error, a vector and a scalar name themselves, and the others are served': async (prometheus) => {
    await enough(prometheus);
    const queries = [
      signal('sum(rate(http_requests_total{svc="web"}[5s])) by'),
      signal('http_requests_total{svc="web"}'),
      signal('scalar(queue_depth{svc="web"})'),
      signal('rate(queue_depth{svc="web"})'),
      signal('queue_depth{svc="web"}'),
    ];
    const [syntax, vector, scalar, type, served] = await read(plain(prometheus), queries);
    assert.match(syntax?.cause ?? '', /^bad_data: .*parse error: unexpected/);
    assert.match(vector?.cause ?? '', /vector of 2 series, where one number is needed/);
    assert.equal(newest(scalar)?.[1], 42);
    assert.match(type?.cause ?? '', /expected type range vector/);
    assert.equal(newest(served)?.[1], 42);
  },

  'NaN and infinity are no numbers': async (prometheus) => {
    await enough(prometheus);
    const readings = await read(plain(prometheus), [signal('broken{svc="web"}'), signal('endless{svc="web"}')]);
    for (const reading of readings) assert.match(reading.cause ?? '', /not a number/);
  },

  'a series nobody sends is silent': async (prometheus) => {
    const [reading] = await read(plain(prometheus), [signal('nobody{svc="web"}')]);
    assert.deepEqual(reading, { status: 'complete', periodSeconds: PERIOD_SECONDS, values: [] });
  },

  'five hundred services fit into three requests': async (prometheus) => {
    const services = Array.from({ length: 500 }, (_, i) => `depth{svc="s${i}"} ${i}`).join('\n');
    prometheus.show(() => `${services}\nqueue_depth{svc="web"} 42\n`);
    await prometheus.until('count(count_over_time(depth[30s]) > 12)', ([series = 0]) => series === 500);
    const meter = newMeter();
    const queries = Array.from({ length: 500 }, (_, i) => signal(`depth{svc="s${i}"}`));
    const readings = await read(plain(prometheus), queries, meter);
    assert.deepEqual(
      readings.map((reading) => newest(reading)?.[1]),
      queries.map((_, i) => i),
    );
    assert.equal(meter.calls.query_range, 3);
  },

  'CloudWatch’s PromQL: what is signed comes through, and a cut reply is noticed': async (prometheus) => {
    const common = { prometheus: prometheus.url, service: 'monitoring', region: REGION, ...CREDENTIALS } as const;
    const door = await startPromqlProxy(common);
    const narrow = await startPromqlProxy({ ...common, seriesLimit: 3 });
    const authorization = { kind: 'sigv4', service: 'monitoring', region: REGION } as const;
    const queries = ['s1', 's2', 's3'].map((one) => signal(`depth{svc="${one}"}`));
    const whole = await read({ url: door.endpoint, authorization }, queries);
    const some = await read({ url: narrow.endpoint, authorization }, queries);
    const forged = await read(
      { url: door.endpoint, authorization: { ...authorization, region: 'us-east-1' } },
      queries,
    );
    await door.close();
    await narrow.close();
    assert.deepEqual(
      whole.map((reading) => newest(reading)?.[1]),
      [1, 2, 3],
    );
    assert.ok(some.every(({ status, cause }) => status === 'partial' && /truncated to 3 series/.test(cause ?? '')));
    assert.ok(forged.every(({ status, cause }) => status === 'forbidden' && /valid region/.test(cause ?? '')));
    assert.equal(door.passed, 1);
  },

  'Amazon Managed Prometheus: a workspace’s path, signed for its own service': async (prometheus) => {
    const prefix = '/workspaces/ws-7';
    const options = { prometheus: prometheus.url, service: 'aps', region: REGION, ...CREDENTIALS, prefix } as const;
    const door = await startPromqlProxy(options);
    const authorization = { kind: 'sigv4', service: 'aps', region: REGION } as const;
    const [reading] = await read({ url: door.endpoint, authorization }, [signal('depth{svc="s9"}')]);
    await door.close();
    assert.equal(newest(reading)?.[1], 9);
  },

  'a percentile from buckets says what GetMetricData says, as far as its buckets go': async (prometheus) => {
    // A thousand response times a second, spread evenly on a logarithmic scale between 10 ms and 1 s.
    const times = Array.from({ length: 1_000 }, (_, i) => 0.01 * 100 ** ((i + 0.5) / 1_000));
    const bounds = Array.from({ length: 41 }, (_, i) => 0.01 * 100 ** (i / 40));
    const beganAt = Date.now();
    prometheus.show(() => {
      const rounds = (Date.now() - beganAt) / 1000;
      const lines = bounds.map(
        (le) => `latency_bucket{svc="web",le="${le}"} ${rounds * times.filter((one) => one <= le).length}`,
      );
      return `${lines.join('\n')}\nlatency_bucket{svc="web",le="+Inf"} ${rounds * 1_000}\nseen{svc="web"} 1\n`;
    });
    await prometheus.until('count_over_time(seen{svc="web"}[60s])', ([samples = 0]) => samples >= 28);
    const query = 'histogram_quantile(0.95, sum(rate(latency_bucket{svc="web"}[10s])) by (le))';
    const own = { ...signal(query), periods: 3 };
    const now = Date.now();
    const [buckets] = await read(plain(prometheus), [own], newMeter(), now);
    const trusted = await fromCloudWatch(times, own, now);
    assert.ok(buckets !== undefined);
    const agreement = agreementOf(buckets, trusted, 0.12);
    assert.ok(agreement.agrees, agreement.because);
  },

  'when scrapes stop, Prometheus repeats its last sample and the signal has none': async (prometheus) => {
    prometheus.show(() => 'queue_depth{svc="web"} 42\nrepeated{svc="web"} 1\n');
    await prometheus.until('count_over_time(repeated{svc="web"}[30s])', ([samples = 0]) => samples >= 14);
    // An old sample with a time of its own is not marked stale when its target goes: Prometheus shows it for five minutes.
    const at = Date.now();
    prometheus.show(() => `queue_depth{svc="web"} 42\nold{svc="web"} 7 ${at}\n`);
    await prometheus.until('timestamp(old{svc="web"}) - time() < -22', (values) => values.length > 0);
    const [old, fresh] = await read(plain(prometheus), [signal('old{svc="web"}'), signal('queue_depth{svc="web"}')]);
    assert.deepEqual(old, { status: 'complete', periodSeconds: PERIOD_SECONDS, values: [] });
    assert.equal(newest(fresh)?.[1], 42);
  },

  'a clock that is a minute off is noticed': async (prometheus) => {
    const [late] = await read(plain(prometheus), [signal('queue_depth{svc="web"}')], newMeter(), Date.now() - 61_000);
    assert.match(late?.cause ?? '', /its clock is 6\d s ahead of ours/);
  },
};
