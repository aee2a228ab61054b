/** Samples that are older than they look, and a clock that is off. */
import assert from 'node:assert/strict';
import { newMeter } from '../../lib/aws/signals/meter.ts';
import { newest, PERIOD_SECONDS, plain, read, type Stories, signal } from './asking.ts';

export const STALE: Stories = {
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
