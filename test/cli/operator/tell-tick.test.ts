/** The tick is told that a service changed hands, or the operator that it was not. */
import { expect, test } from '@jest/globals';
import { tellTick } from '../../../lib/cli/operator/tell-tick.ts';
import type { HeadroomStore } from '../../../lib/loop/headroom.ts';
import { memoryHeadroom } from '../../../lib/loop/memory-headroom.ts';

const abort = new AbortController().signal;
const FOUND = { counted: 4, needs: {}, scaledBy: ['policy cpu-70'], warnings: [], unknown: [] };

/** Findings of shard 0 that a check writes anew before each of the next `times` writes. */
async function contested(times: number): Promise<HeadroomStore> {
  const store = memoryHeadroom();
  const findings = { checkedAt: 1_000, pools: {}, services: { 'prod/checkout': FOUND } };
  await store.save('0', findings, 0, abort);
  let left = times;
  return {
    load: store.load,
    async save(shard, given, rev, signal) {
      if (left-- > 0) await store.save(shard, findings, rev, signal);
      return store.save(shard, given, rev, signal);
    },
  };
}

const believed = async (headroom: HeadroomStore) => {
  const known = await headroom.load('0', abort);
  return known.kind === 'found' ? known.findings.services['prod/checkout']?.scaledBy : undefined;
};

test('a check that writes at the same moment is written over with what is known now', async () => {
  const headroom = await contested(2);
  await tellTick({ headroom, abort }, 'prod/checkout', ['0'], []);
  expect(await believed(headroom)).toEqual([]);
});

test('where others write each time, the operator hears that the tick does not know yet', async () => {
  const headroom = await contested(3);
  await expect(tellTick({ headroom, abort }, 'prod/checkout', ['0'], [])).rejects.toThrow(
    /^prod\/checkout has changed hands, but others wrote the findings of shard 0 3 times meanwhile/,
  );
  expect(await believed(headroom)).toEqual(['policy cpu-70']);
});
