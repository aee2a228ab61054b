import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readHistory } from '../../lib/aws/history.ts';
import { awsLedger } from '../../lib/aws/ledger.ts';
import { entryOf } from '../contracts/ledger.ts';
import { startDynalite } from './dynamodb.ts';

let dynalite: Awaited<ReturnType<typeof startDynalite>>;
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite.stop());

const NOW = Date.UTC(2026, 10, 20, 8);
const live = (): AbortSignal => new AbortController().signal;

describe('the history of a service', () => {
  test('comes newest first, within its times, up to its limit, and of nobody else', async () => {
    const world = await dynalite.create();
    const entries = [0, 1, 2, 3].map((minute) => entryOf('checkout', NOW + minute * 60_000));
    await awsLedger(world.table).record([...entries, entryOf('billing', NOW)], live());
    const arn = entries[0]?.arn ?? '';
    const times = async (query: Parameters<typeof readHistory>[2]) =>
      (await readHistory(world.table, arn, query, live())).map(({ at }) => (at - NOW) / 60_000);
    expect(await times({ limit: 10 })).toEqual([3, 2, 1, 0]);
    expect(await times({ limit: 2 })).toEqual([3, 2]);
    expect(await times({ limit: 10, from: NOW + 60_000, to: NOW + 120_000 })).toEqual([2, 1]);
    expect(await times({ limit: 10, to: NOW - 1 })).toEqual([]);
    await world.close();
  });
});
