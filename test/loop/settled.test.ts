/** Numbers that change after they were used: a late revision rewrites no decision. */
import { describe, expect, test } from '@jest/globals';
import type { Datapoint } from '../../lib/policy/observation.ts';
import { rule, tasks } from '../support/policies.ts';
import { cpu, MINUTE, policy, T0 } from '../support/story.ts';
import { lines, shard } from './shard.ts';

const hot = policy({ signals: { cpu }, scaleOut: [rule('hot', 'cpu > 70', tasks(2))] });
/** Of minutes before the story's first tick; each made by four tasks. */
const points = (...values: readonly (readonly [minutesBefore: number, value: number])[]): Datapoint[] =>
  values.map(([before, value]) => [T0 - before * MINUTE, value, 4]);

function given() {
  const here = shard(hot);
  here.services.put(hot, { desired: 4, running: 4 });
  return here;
}

describe('a period that is revised', () => {
  test('after it was acted on does not act again, however hot it has become', async () => {
    const here = given();
    here.signals.give(hot, 'cpu', points([2, 60], [1, 80]));
    expect(lines(await here.run())[0]).toMatch(/^checkout changed: 4 → 6/);
    here.services.put(hot, { running: 6 });
    here.signals.give(hot, 'cpu', points([2, 60], [1, 99]));
    here.clock.advance(20_000);
    expect(lines(await here.run())[0]).toMatch(/held/);
    expect(here.services.sent).toHaveLength(1);
  });

  test('after it was acted on is not taken back either', async () => {
    const here = given();
    here.signals.give(hot, 'cpu', points([1, 80]));
    await here.run();
    here.signals.give(hot, 'cpu', points([1, 30]));
    here.clock.advance(20_000);
    await here.run();
    expect(here.services.desiredOf(hot)).toBe(6);
  });

  test('when it is no longer the newest moves nothing that looks at the newest', async () => {
    const here = given();
    here.signals.give(hot, 'cpu', points([2, 60], [1, 60]));
    await here.run();
    here.signals.give(hot, 'cpu', points([2, 99], [1, 60]));
    here.clock.advance(20_000);
    expect(lines(await here.run())[0]).toMatch(/held/);
    expect(here.services.sent).toEqual([]);
  });

  test('is not looked at before it is settled', async () => {
    const here = given();
    here.signals.give(hot, 'cpu', points([1, 60], [0, 99]));
    // The period that begins at T0 ends a minute later and may change for 50 s more.
    here.clock.set(T0 + MINUTE + 49_000);
    await here.run();
    expect(here.services.sent).toEqual([]);
    here.clock.set(T0 + MINUTE + 50_000);
    await here.run();
    expect(here.services.desiredOf(hot)).toBe(6);
  });
});
