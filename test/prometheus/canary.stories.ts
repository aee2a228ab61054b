/** A percentile from buckets beside the same percentile from GetMetricData. */
import assert from 'node:assert/strict';
import { awsClients } from '../../lib/aws/clients.ts';
import { agreementOf } from '../../lib/aws/signals/canary.ts';
import { newMeter } from '../../lib/aws/signals/meter.ts';
import { awsSignals } from '../../lib/aws/signals/signals.ts';
import { startLocalCloud } from '../../lib/local/cloud.ts';
import type { SignalQuery } from '../../lib/loop/ports.ts';
import type { Reading } from '../../lib/policy/observation.ts';
import { createPlant } from '../../lib/sim/plant.ts';
import type { Load } from '../../lib/sim/types.ts';
import { CREDENTIALS, PERIOD_SECONDS, plain, REGION, read, type Stories, signal } from './asking.ts';

const CALM: Load = { name: 'calm', startsAt: 0, endsAt: 60_000, stepSeconds: 60, rateAt: () => 1 };

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

export const CANARY: Stories = {
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
};
