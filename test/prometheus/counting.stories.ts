/** Rates, gauges and percentiles of a service with two instances, and the queries that are none. */
import assert from 'node:assert/strict';
import { newMeter } from '../../lib/aws/signals/meter.ts';
import { newest, PERIOD_SECONDS, plain, read, type Stories, signal } from './asking.ts';
import type { RealPrometheus } from './prometheus.ts';

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

const RATE = 'sum(rate(http_requests_total{svc="web"}[5s]))';

async function enough({ until }: RealPrometheus): Promise<void> {
  await until('count_over_time(queue_depth{svc="web"}[30s])', ([samples = 0]) => samples >= 14);
}

export const COUNTING: Stories = {
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
};
