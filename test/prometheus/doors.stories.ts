/** Many services in few requests, and the same through the doors of AWS: CloudWatch’s PromQL and Amazon Managed Prometheus. */
import assert from 'node:assert/strict';
import { newMeter } from '../../lib/aws/signals/meter.ts';
import { startPromqlProxy } from '../../lib/local/promql-proxy.ts';
import { CREDENTIALS, newest, plain, REGION, read, type Stories, signal } from './asking.ts';

export const DOORS: Stories = {
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
};
