/** Findings in the table. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { awsHeadroom } from '../../../lib/aws/headroom/findings-store.ts';
import { findingsOf, headroomContract } from '../../contracts/headroom.ts';
import { startDynalite } from '../dynamodb.ts';
import type { WireAnswer } from '../wire.ts';

let dynalite: Awaited<ReturnType<typeof startDynalite>>;
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite.stop());

const NOON = Date.UTC(2026, 10, 20, 12);
const live = () => new AbortController().signal;
const item = (text: string, more = {}) => ({
  ...{ pk: { S: 'headroom#0' }, sk: { S: '-' }, v: { N: '1' }, rev: { N: '7' }, text: { S: text } },
  ...more,
});

headroomContract('DynamoDB', async () => {
  const world = await dynalite.create();
  return {
    headroom: awsHeadroom(world.table),
    put: (_, text) => world.put(item(text)),
    close: world.close,
  };
});

describe('findings items', () => {
  test('have a format and an end', async () => {
    const world = await dynalite.create();
    await awsHeadroom(world.table).save('0', findingsOf(NOON), 0, live());
    const { Item } = await world.table.client.send(
      new GetItemCommand({ TableName: world.table.name, Key: { pk: { S: 'headroom#0' }, sk: { S: '-' } } }),
    );
    expect(Item).toMatchObject({ v: { N: '1' }, rev: { N: '1' }, expiresAt: { N: String(NOON / 1000 + 172_800) } });
    await world.close();
  });

  test('of a newer format, or of none, are not believed', async () => {
    const world = await dynalite.create();
    await world.put(item('{}', { v: { N: '2' } }));
    expect(await awsHeadroom(world.table).load('0', live())).toEqual({
      kind: 'unreadable',
      cause: 'of what was found the format is 2, newer than 1, the newest this version reads',
      rev: 7,
    });
    await world.put(item('{}', { packed: { B: new Uint8Array([1, 2, 3]) } }));
    expect(await awsHeadroom(world.table).load('0', live())).toMatchObject({ kind: 'unreadable', rev: 7 });
    await world.put({ pk: { S: 'headroom#0' }, sk: { S: '-' } });
    expect(await awsHeadroom(world.table).load('0', live())).toMatchObject({ kind: 'unreadable', rev: 0 });
    expect(await awsHeadroom(world.table).save('0', findingsOf(NOON), 0, live())).toEqual({ kind: 'saved', rev: 1 });
    await world.close();
  });

  test('whose answer was lost were written all the same', async () => {
    const world = await dynalite.create();
    let puts = 0;
    world.interfere(async ({ operation }, pass): Promise<WireAnswer> => {
      const answer = await pass();
      if (operation !== 'PutItem') return answer;
      puts += 1;
      return puts === 1 ? 'breakOff' : answer;
    });
    const saved = await awsHeadroom(world.table).save('0', findingsOf(NOON), 0, live());
    expect([puts, saved]).toEqual([2, { kind: 'saved', rev: 1 }]);
    await world.close();
  });
});
