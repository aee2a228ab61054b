/** The rings of a large shard on DynamoDB: how many items they take, and what becomes of a write that stops in its middle. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { awsStore } from '../../lib/aws/store.ts';
import { keyOf } from '../../lib/aws/table.ts';
import type { ShardRings, Store } from '../../lib/loop/ports.ts';
import type { Datapoint } from '../../lib/policy/observation.ts';
import type { Rings } from '../../lib/policy/state.ts';
import { type DynamoWorld, startDynalite } from './dynamodb.ts';

// A thousand services are much to write on a busy machine.
jest.setTimeout(120_000);

const NOW = Date.UTC(2026, 10, 20, 8);
const MINUTE = 60_000;
const live = (): AbortSignal => new AbortController().signal;

let dynalite: Awaited<ReturnType<typeof startDynalite>>;
let world: DynamoWorld;
let store: Store;
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite.stop());
beforeEach(async () => {
  world = await dynalite.create();
  store = awsStore(world.table);
});
afterEach(() => world.close());

/** Numbers that no compression finds a law in; the same for each seed. */
function noise(seed: number, most: number): number {
  return Math.floor((Math.abs(Math.sin(seed * 12.9898) * 43758.5453) % 1) * most);
}

/** A service that changed its count a few times an hour and remembers a quarter of an hour of wishes. */
function quiet(index: number): Rings {
  const at = (back: number) => NOW - back * MINUTE - noise(index, 60_000);
  return {
    counts: [7, 5, 3, 1].map((back) => [at(back * 20), noise(index + back, 40), at(back * 20 - 1)] as const),
    wishes: Array.from({ length: 15 }, (_, back) => [at(15 - back), noise(index * 31 + back, 40)] as const),
    mind: `held hold ${noise(index, 40)}: emergency abstain false 0, warm abstain false ${noise(index, 3)}, calm in true 6, guard`,
  };
}

/** A queue worker at twenty seconds: two signals of which nobody but we keep a history. */
function queueWorker(index: number): Rings {
  const ring = (of: number): readonly Datapoint[] =>
    Array.from({ length: 240 }, (_, back) => [NOW - (240 - back) * 20_000, noise(of * 997 + back, 100_000)]);
  return { ...quiet(index), signals: { jobs: ring(index), age: ring(index + 0.5) } };
}

function shardOf(services: number, ringsOf: (index: number) => Rings, rev = 0): ShardRings {
  const arn = (index: number) => `arn:aws:ecs:eu-west-1:123456789012:service/prod/service-${index}`;
  const entries = Array.from({ length: services }, (_, index) => [arn(index), ringsOf(index)] as const);
  return { rev, rings: Object.fromEntries(entries) };
}

const puts = () => world.wire.requests.filter(({ operation }) => operation === 'PutItem');

describe('the rings of a thousand services', () => {
  test('go out in one write', async () => {
    const given = shardOf(1_000, quiet);
    expect(await store.saveRings('0', given, live())).toEqual({ kind: 'saved', rev: 1 });
    expect(await store.loadRings('0', live())).toEqual({ ...given, rev: 1 });
    expect(puts()).toHaveLength(1);
    expect(puts()[0]?.text.length).toBeLessThan(300_000);
  });

  test('that remember histories go out in parts, and come back whole, save after save', async () => {
    for (const rev of [0, 1, 2]) {
      const given = shardOf(rev === 0 ? 1_000 : 200, (index) => queueWorker(index + rev), rev);
      expect(await store.saveRings('0', given, live())).toEqual({ kind: 'saved', rev: rev + 1 });
      expect(await store.loadRings('0', live())).toEqual({ ...given, rev: rev + 1 });
    }
    expect(puts().length).toBeGreaterThan(6);
  }, 60_000);

  test('a save that stops after its parts leaves what lay there', async () => {
    const before = shardOf(200, queueWorker);
    await store.saveRings('0', before, live());
    world.interfere(async ({ operation, text }, pass) =>
      operation === 'PutItem' && JSON.parse(text).Item.sk.S === '-' ? 'breakOff' : pass(),
    );
    const after = shardOf(200, (index) => queueWorker(index + 7), 1);
    await expect(store.saveRings('0', after, live())).rejects.toThrow('DynamoDB PutItem on rings#0');
    expect(await store.loadRings('0', live())).toEqual({ ...before, rev: 1 });
  });

  test('a part that is gone or not theirs loses the rings, not the shard; the next save heals them', async () => {
    await store.saveRings('0', shardOf(200, queueWorker), live());
    await world.put({ ...keyOf('rings', '0', 'part 1 0'), written: { S: 'somebody' } });
    expect(await store.loadRings('0', live())).toEqual({ rev: 1, rings: {}, cause: 'it has no text' });
    expect(await store.saveRings('0', shardOf(3, quiet, 1), live())).toEqual({ kind: 'saved', rev: 2 });
    expect(await store.loadRings('0', live())).toEqual(shardOf(3, quiet, 2));
  });

  test('an item that is no deflated text is lost likewise', async () => {
    const packed = { B: new TextEncoder().encode('not deflated') };
    await world.put({ ...keyOf('rings', '0'), v: { N: '1' }, rev: { N: '4' }, packed });
    expect(await store.loadRings('0', live())).toEqual({ rev: 4, rings: {}, cause: 'it has no text' });
  });
});
