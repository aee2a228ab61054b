/** The store on DynamoDB: the unmodified client, dynalite, and a wire between them that loses answers. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CallLimits } from '../../lib/aws/clients.ts';
import { awsStore } from '../../lib/aws/store.ts';
import { type Item, keyOf, tableDefinition } from '../../lib/aws/table.ts';
import type { Lease, Store } from '../../lib/loop/ports.ts';
import type { FoundItem } from '../../lib/loop/stored-item.ts';
import { coreWith, storeContract } from '../contracts/store.ts';
import { type DynamoWorld, startDynalite } from './dynamodb.ts';

type Dynalite = Awaited<ReturnType<typeof startDynalite>>;
let dynalite: Dynalite;
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite.stop());

const NOW = Date.UTC(2026, 10, 20, 8);
const ARN = 'arn:aws:ecs:eu-west-1:123456789012:service/prod/checkout';
const live = (): AbortSignal => new AbortController().signal;

storeContract('DynamoDB', async () => {
  const world = await dynalite.create();
  return {
    store: awsStore(world.table),
    plantService: (arn, item) => world.put(planted(keyOf('service', arn), item)),
    plantRings: (shard, item) => world.put(planted(keyOf('rings', shard), item)),
    close: world.close,
  };
});

function planted(key: Item, { v, rev, text }: FoundItem): Item {
  return {
    ...key,
    ...(v === undefined ? {} : { v: { N: String(v) } }),
    ...(rev === undefined ? {} : { rev: { N: String(rev) } }),
    ...(text === undefined ? {} : { text: { S: String(text) } }),
  };
}

function worlds(limits?: Partial<CallLimits>) {
  let world: DynamoWorld;
  let store: Store;
  beforeEach(async () => {
    world = await dynalite.create(limits);
    store = awsStore(world.table);
  });
  afterEach(() => world.close());
  return {
    get world() {
      return world;
    },
    get store() {
      return store;
    },
  };
}

/** The next request of this operation is carried out, and its answer is lost: the client asks a second time. */
function loseOneAnswer(world: DynamoWorld, operation: string): void {
  let lost = false;
  world.interfere(async (request, pass) => {
    const answer = await pass();
    if (lost || request.operation !== operation) return answer;
    lost = true;
    return 'breakOff';
  });
}

function operations(world: DynamoWorld): string[] {
  return world.wire.requests.map(({ operation }) => operation);
}

describe('an answer that is lost', () => {
  const here = worlds();

  test('to the write of a lease: the lease is held, as one consistent read shows', async () => {
    loseOneAnswer(here.world, 'UpdateItem');
    const outcome = await here.store.acquire('0', 'anna', NOW, live());
    expect(outcome).toMatchObject({ kind: 'held', lease: { owner: 'anna', fence: 1 } });
    expect(operations(here.world)).toEqual(['UpdateItem', 'UpdateItem', 'GetItem']);
    expect(JSON.parse(here.world.wire.requests[2]?.text ?? '')).toMatchObject({ ConsistentRead: true });
  });

  test('to a write that never arrived, while another took the lease: busy', async () => {
    let first = true;
    here.world.interfere(async (_, pass) => {
      if (!first) return pass();
      first = false;
      await here.store.acquire('0', 'ben', NOW, live());
      return 'breakOff';
    });
    expect(await here.store.acquire('0', 'anna', NOW, live())).toMatchObject({ kind: 'busy', owner: 'ben' });
  });

  test('to the first save of a service: it is saved', async () => {
    loseOneAnswer(here.world, 'PutItem');
    expect(await here.store.save(ARN, { core: coreWith() }, null, live())).toEqual({ kind: 'saved', rev: 1 });
    expect(operations(here.world)).toEqual(['PutItem', 'PutItem', 'GetItem']);
  });

  test('to a later save, and to one of the rings: they are saved', async () => {
    await here.store.save(ARN, { core: coreWith() }, null, live());
    await here.store.saveRings('0', { rev: 0, rings: {} }, live());
    loseOneAnswer(here.world, 'PutItem');
    expect(await here.store.save(ARN, { core: coreWith({ lastInAt: 5 }) }, 1, live())).toEqual({
      kind: 'saved',
      rev: 2,
    });
    loseOneAnswer(here.world, 'PutItem');
    expect(await here.store.saveRings('0', { rev: 1, rings: {} }, live())).toEqual({ kind: 'saved', rev: 2 });
  });

  test('to a release: the lease is free', async () => {
    const outcome = await here.store.acquire('0', 'anna', NOW, live());
    loseOneAnswer(here.world, 'UpdateItem');
    await here.store.release((outcome as { lease: Lease }).lease, live());
    expect(await here.store.acquire('0', 'ben', NOW, live())).toMatchObject({ kind: 'held', lease: { fence: 2 } });
  });
});

describe('what DynamoDB leaves undone', () => {
  const here = worlds();
  const arns = Array.from({ length: 7 }, (_, index) => `${ARN}-${index}`);

  /** Each answer holds three of the keys, and hands the others back. */
  function threeAtATime(): void {
    here.world.interfere(async (request, pass) => {
      if (request.operation !== 'BatchGetItem') return pass();
      const asked = JSON.parse(request.text).RequestItems[here.world.table.name];
      const kept = { ...asked, Keys: asked.Keys.slice(0, 3) };
      const [name, rest] = [here.world.table.name, asked.Keys.slice(3)];
      return {
        body: {
          Responses: { [name]: kept.Keys.map((key: Item) => ({ ...key, v: { N: '1' }, rev: { N: '9' } })) },
          UnprocessedKeys: rest.length === 0 ? {} : { [name]: { ...asked, Keys: rest } },
        },
      };
    });
  }

  test('is asked for again', async () => {
    threeAtATime();
    const loaded = await here.store.load(arns, live());
    expect(loaded).toEqual(arns.map(() => ({ kind: 'corrupt', cause: 'it has no text' })));
    expect(operations(here.world)).toEqual(['BatchGetItem', 'BatchGetItem', 'BatchGetItem']);
  });

  test('is a fault after five turns', async () => {
    here.world.interfere((request) => ({
      body: { Responses: {}, UnprocessedKeys: JSON.parse(request.text).RequestItems },
    }));
    await expect(here.store.load(arns, live())).rejects.toThrow(
      `DynamoDB BatchGetItem left 7 of 7 items of table ${here.world.table.name} undone.`,
    );
    expect(here.world.wire.requests).toHaveLength(5);
  });

  test('230 keys go out in three calls, each of them consistent', async () => {
    await here.store.load(
      Array.from({ length: 230 }, (_, index) => `${ARN}-${index % 229}`),
      live(),
    );
    const asked = here.world.wire.requests.map(({ text }) => JSON.parse(text).RequestItems[here.world.table.name]);
    expect(asked.map(({ Keys, ConsistentRead }) => [Keys.length, ConsistentRead])).toEqual([
      [100, true],
      [100, true],
      [29, true],
    ]);
  });
});

test('a table that is not there is a fault that names the call, the table and what AWS said', async () => {
  const { table, close } = await dynalite.create();
  const store = awsStore({ ...table, name: 'nowhere' });
  const calls: readonly (readonly [string, Promise<unknown>])[] = [
    ['UpdateItem on lease#0', store.acquire('0', 'anna', NOW, live())],
    ['BatchGetItem on service#.*', store.load([ARN], live())],
    ['GetItem on rings#0', store.loadRings('0', live())],
    ['PutItem on rings#0', store.saveRings('0', { rev: 0, rings: {} }, live())],
  ];
  for (const [call, answer] of calls) {
    await expect(answer).rejects.toThrow(
      new RegExp(`^DynamoDB ${call} in table nowhere failed: ResourceNotFoundException: `),
    );
  }
  await close();
});

describe('time limits', () => {
  const here = worlds({ attempts: 1, attemptMs: 40, callMs: 60 });
  const calls: readonly (readonly [string, (store: Store, abort: AbortSignal) => Promise<unknown>])[] = [
    ['acquire', (store, abort) => store.acquire('0', 'anna', NOW, abort)],
    ['release', (store, abort) => store.release({ shard: '0', owner: 'anna', fence: 1, until: NOW }, abort)],
    ['load', (store, abort) => store.load([ARN], abort)],
    ['save', (store, abort) => store.save(ARN, { core: coreWith() }, null, abort)],
    ['loadRings', (store, abort) => store.loadRings('0', abort)],
    ['saveRings', (store, abort) => store.saveRings('0', { rev: 0, rings: {} }, abort)],
  ];

  test.each(calls)('%s ends when no answer comes, and says what failed', async (_, call) => {
    here.world.interfere(() => 'silence');
    const ended = expect(call(here.store, live())).rejects;
    await ended.toThrow(/^DynamoDB \w+ on \w+#.+ in table schmitt-\d+ failed: TimeoutError: /);
  });

  test.each(calls)('%s ends when an answer stops in its middle', async (_, call) => {
    here.world.interfere(() => 'half');
    await expect(call(here.store, live())).rejects.toThrow('failed: TimeoutError: ');
  });
});

describe('the abort signal', () => {
  const here = worlds({ attemptMs: 60_000, callMs: 60_000 });
  const calls: readonly (readonly [string, (store: Store, abort: AbortSignal) => Promise<unknown>])[] = [
    ['acquire', (store, abort) => store.acquire('0', 'anna', NOW, abort)],
    ['release', (store, abort) => store.release({ shard: '0', owner: 'anna', fence: 1, until: NOW }, abort)],
    ['load', (store, abort) => store.load([ARN], abort)],
    ['save', (store, abort) => store.save(ARN, { core: coreWith() }, null, abort)],
    ['loadRings', (store, abort) => store.loadRings('0', abort)],
    ['saveRings', (store, abort) => store.saveRings('0', { rev: 0, rings: {} }, abort)],
  ];

  test.each(calls)('ends %s while DynamoDB is silent, and the request with it', async (_, call) => {
    const abort = new AbortController();
    here.world.interfere(() => {
      abort.abort(new Error('the time is over'));
      return 'silence';
    });
    await expect(call(here.store, abort.signal)).rejects.toThrow('the time is over');
    await here.world.wire.givenUp;
  });
});

test('the table has two string keys and no capacity to pay for', () => {
  expect(tableDefinition('schmitt')).toEqual({
    TableName: 'schmitt',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
});
