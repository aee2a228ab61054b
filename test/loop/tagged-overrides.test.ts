import { describe, expect, test } from '@jest/globals';
import { manualClock } from '../../lib/loop/manual-clock.ts';
import { memoryOverrides } from '../../lib/loop/memory-overrides.ts';
import { type FindTagged, REFRESH_MS } from '../../lib/loop/selected-policies.ts';
import { taggedOverrides } from '../../lib/loop/tagged-overrides.ts';
import type { Override, ServiceName } from '../../lib/policy/policy.ts';
import { overridesContract } from '../contracts/policies.ts';
import { rule, tasks } from '../support/policies.ts';
import { policy, T0 } from '../support/story.ts';
import { lines, shard } from './shard.ts';

const live = () => new AbortController().signal;
const HOUR = 3_600_000;

const pause = (id: string, scope: string): Override => ({
  id,
  scope,
  set: { kind: 'pause' },
  owner: 'mira',
  reason: 'migration',
  expiresAt: T0 + HOUR,
});

/** Who carries which value of the tag `schmitt`; `asked` counts. */
function tags(carriers: Record<string, readonly ServiceName[] | Error>) {
  const world = { carriers, asked: 0 };
  const find: FindTagged = async ({ schmitt = '' }) => {
    world.asked += 1;
    const answer = world.carriers[schmitt] ?? [];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { world, find };
}

const A = { cluster: 'prod', service: 'a' };
const B = { cluster: 'prod', service: 'b' };

overridesContract('by tag', async (all) => taggedOverrides(memoryOverrides(all), tags({}).find, manualClock(0)));

describe('overrides by tag', () => {
  function given(carriers: Record<string, readonly ServiceName[] | Error>, ...all: readonly Override[]) {
    const clock = manualClock(T0);
    const { world, find } = tags(carriers);
    const overrides = taggedOverrides(memoryOverrides(all), find, clock);
    const carried = async () => (await overrides.list(clock.now(), live())).map((one) => one.carriers ?? one.scope);
    return { clock, world, carried };
  }

  test('are told who carries the tag, now and then and not at every tick', async () => {
    const { clock, world, carried } = given({ web: [A] }, pause('1', 'tag:schmitt=web'), pause('2', 'tag:schmitt=web'));
    expect(await carried()).toEqual([['prod/a'], ['prod/a']]);
    world.carriers.web = [A, B];
    clock.advance(REFRESH_MS - 1);
    expect(await carried()).toEqual([['prod/a'], ['prod/a']]);
    clock.advance(1);
    expect(await carried()).toEqual([
      ['prod/a', 'prod/b'],
      ['prod/a', 'prod/b'],
    ]);
    expect(world.asked).toBe(2);
  });

  test('cost nothing where no override names a tag', async () => {
    const { world, carried } = given({}, pause('1', 'prod/a'), pause('2', '*'));
    expect(await carried()).toEqual(['prod/a', '*']);
    expect(world.asked).toBe(0);
  });

  test('hold for whom they held while nobody can say; where nobody ever could, the fault is thrown', async () => {
    const { clock, world, carried } = given({ web: new Error('throttled') }, pause('1', 'tag:schmitt=web'));
    await expect(carried()).rejects.toThrow('throttled');
    world.carriers.web = [A];
    expect(await carried()).toEqual([['prod/a']]);
    world.carriers.web = new Error('throttled');
    clock.advance(REFRESH_MS);
    expect(await carried()).toEqual([['prod/a']]);
  });
});

describe('a tick', () => {
  const warm = rule('warm', 'cpu > 70', tasks(2));

  test('pauses the services that carry the tag, no other one, and goes on when the pause has expired', async () => {
    const here = shard(policy({ ...A, scaleOut: [warm] }), policy({ ...B, scaleOut: [warm] }));
    for (const name of [A, B]) {
      here.services.put(name, { desired: 4, running: 4, pending: 0, deploying: false });
      here.signals.give(name, 'cpu', () => [95, 4]);
    }
    here.overrides.put({ ...pause('1', 'tag:schmitt=web'), expiresAt: here.clock.now() + 60_000 });
    const overrides = taggedOverrides(here.overrides, tags({ web: [A] }).find, here.clock);
    const [a, b] = lines(await here.run({ overrides }));
    expect(a).toMatch(/^a held: hold 4: warm true 1 of 1 .* asks 6 from 4; pause by mira until .*: migration$/);
    expect(b).toMatch(/^b changed: 4 → 6: warm true/);
    here.clock.advance(60_000);
    expect(lines(await here.run({ overrides }))[0]).toMatch(/^a changed: 4 → 6: warm true/);
  });

  test('follows the word on the mode that was said last, in whatever order they are kept', async () => {
    const said = (id: string, mode: 'off' | 'shadow', saidAt: number): Override => ({
      ...pause(id, '*'),
      set: { kind: 'mode', mode },
      saidAt,
    });
    const here = shard(policy({ ...A, scaleOut: [warm] }));
    here.services.put(A, { desired: 4, running: 4, pending: 0, deploying: false });
    here.signals.give(A, 'cpu', () => [95, 4]);
    here.overrides.put(said('mode-z', 'shadow', T0 + 2));
    here.overrides.put(said('mode-a', 'off', T0 + 1));
    expect(lines(await here.run())[0]).toMatch(/^a shadowed: 4 → 6/);
  });
});
