import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { awsOverrides } from '../../lib/aws/overrides.ts';
import { overrideOf, overridesContract } from '../contracts/policies.ts';
import { type DynamoWorld, startDynalite } from './dynamodb.ts';

let dynalite: Awaited<ReturnType<typeof startDynalite>>;
beforeAll(async () => {
  dynalite = await startDynalite();
});
const worlds: DynamoWorld[] = [];
afterAll(async () => {
  for (const world of worlds) await world.close();
  await dynalite.stop();
});

const NOW = Date.UTC(2026, 10, 20, 8);
const live = (): AbortSignal => new AbortController().signal;

overridesContract('DynamoDB', async (all) => {
  const world = await dynalite.create();
  worlds.push(world);
  const overrides = awsOverrides(world.table);
  for (const one of all) await overrides.put(one, live());
  return overrides;
});

describe('overrides in the table', () => {
  test('are ended, not deleted: ending twice is told', async () => {
    const world = await dynalite.create();
    const overrides = awsOverrides(world.table);
    await overrides.put(overrideOf('a', NOW + 60_000), live());
    expect(await overrides.end('a', NOW, live())).toBe('ended');
    expect(await overrides.list(NOW, live())).toEqual([]);
    expect(await overrides.end('a', NOW + 1, live())).toBe('absent');
    expect(await overrides.end('nobody', NOW, live())).toBe('absent');
    await world.close();
  });

  test('of a newer version are refused by name, not skipped', async () => {
    const world = await dynalite.create();
    await world.put({ pk: { S: 'overrides' }, sk: { S: 'z' }, v: { N: '9' }, untilMs: { N: String(NOW + 1) } });
    await expect(awsOverrides(world.table).list(NOW, live())).rejects.toThrow(
      'Override z is of a format that this version does not read',
    );
    await world.close();
  });
});
