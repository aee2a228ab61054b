/** The shard's inbox on DynamoDB: the unmodified client, dynalite, and a wire between them that loses answers. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { awsInboxes } from '../../lib/aws/inbox.ts';
import { awsStore } from '../../lib/aws/store.ts';
import { keyOf } from '../../lib/aws/table.ts';
import { inboxesContract, NOW, wake } from '../contracts/inboxes.ts';
import { startDynalite } from './dynamodb.ts';

type Dynalite = Awaited<ReturnType<typeof startDynalite>>;
let dynalite: Dynalite;
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite.stop());
const live = (): AbortSignal => new AbortController().signal;

inboxesContract('DynamoDB', async () => {
  const world = await dynalite.create();
  return { store: { ...awsStore(world.table), inboxes: awsInboxes(world.table) }, close: world.close };
});

/** A world where the first answer to each of these operations is lost on its way. */
async function losing(operation: string) {
  const world = await dynalite.create();
  const store = { ...awsStore(world.table), inboxes: awsInboxes(world.table) };
  const outcome = await store.acquire('0', 'anna', NOW, live());
  if (outcome.kind !== 'held') throw new Error('busy');
  let lost = false;
  world.interfere(async (request, pass) => {
    const answer = await pass();
    if (lost || request.operation !== operation) return answer;
    lost = true;
    return 'breakOff';
  });
  return { world, store, lease: outcome.lease };
}

test('a release whose answer was lost has released', async () => {
  const { world, store, lease } = await losing('UpdateItem');
  expect(await store.inboxes.release(lease, 0, live())).toEqual({ kind: 'released' });
  expect(await store.acquire('0', 'ben', NOW, live())).toMatchObject({ kind: 'held', lease: { fence: 2 } });
  await world.close();
});

test('a post whose answer was lost is there once', async () => {
  const { world, store, lease } = await losing('UpdateItem');
  await store.inboxes.post('0', [wake('a')], live());
  const outcome = await store.inboxes.release(lease, 0, live());
  expect(outcome).toMatchObject({ kind: 'moreArrived', inbox: { events: [wake('a')] } });
  await world.close();
});

test('what others laid down there is passed over', async () => {
  const world = await dynalite.create();
  const L = [{ S: 'no JSON' }, { S: '{"id":1}' }, { N: '7' }, { S: JSON.stringify(wake('a')) }];
  await world.put({ ...keyOf('lease', '0'), inbox: { L }, inboxSeq: { N: '4' } });
  const outcome = await awsStore(world.table).acquire('0', 'anna', NOW, live());
  expect(outcome).toMatchObject({ kind: 'held', inbox: { seq: 4, events: [wake('a')] } });
  await world.close();
});
