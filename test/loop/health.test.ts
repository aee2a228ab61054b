/** A task that runs is not yet in service: target health says so, and ECS why tasks stopped; both are asked only where it matters. */
import { describe, expect, test } from '@jest/globals';
import { rule, tasks } from '../support/policies.ts';
import { MINUTE, policy } from '../support/story.ts';
import { lines, shard } from './shard.ts';

const CHECKOUT = { cluster: 'prod', service: 'checkout' };
const GROUP = 'targetgroup/web/1';
const warm = rule('warm', 'cpu > 70', tasks(2));
const calm = rule('calm', 'cpu < 40', tasks(1));

function behindBalancer(cpu: number) {
  const given = shard(policy({ scaleOut: [warm], scaleIn: [calm] }));
  given.services.put(CHECKOUT, { desired: 4, running: 4, targetGroups: [GROUP] });
  given.services.heal(GROUP, { kind: 'known', inService: 4, unhealthy: 0 });
  const seen = (value: number) => given.signals.give(CHECKOUT, 'cpu', () => [value, 4]);
  seen(cpu);
  let asked = 0;
  const services = {
    ...given.services,
    health: (...args: Parameters<typeof given.services.health>) => {
      asked += 1;
      return given.services.health(...args);
    },
  };
  const minute = async () => lines(await given.minute({ services }))[0];
  return { ...given, seen, minute, asked: () => asked };
}

describe('target health', () => {
  test('a quiet service is not asked about', async () => {
    const given = behindBalancer(55);
    await given.minute();
    await given.minute();
    expect(given.asked()).toBe(0);
  });

  test('tasks that run and fail their checks are not in service, and it says what ECS says of them', async () => {
    const given = behindBalancer(95);
    expect(await given.minute()).toMatch(/^checkout changed: 4 → 6/);
    const at = given.clock.now();
    const trouble = { at, says: 'failed container health checks.' };
    given.services.put(CHECKOUT, { running: 6, trouble });
    given.services.heal(GROUP, { kind: 'known', inService: 4, unhealthy: 2 });
    given.seen(60);
    for (let i = 0; i < 3; i++) expect(await given.minute()).toMatch(/hold 6: warm false/);
    expect(await given.minute()).toBe(
      'checkout held: hold 6: 2 of 6 not in service 4 min after 4 → 6 (2 unhealthy, ECS: failed container health checks.): counted as a failure; 2 not in service for 4 min: neither raised nor cut',
    );
    given.services.heal(GROUP, { kind: 'known', inService: 6, unhealthy: 0 });
    expect(await given.minute()).toMatch(/hold 6: 6 in service after 5 min/);
  });

  test('is looked at before a scale-in: what is unhealthy is not spare', async () => {
    const given = behindBalancer(30);
    given.services.heal(GROUP, { kind: 'known', inService: 3, unhealthy: 1 });
    expect(await given.minute()).toMatch(/hold 4: calm true .*; no scale-in: 1 unhealthy; no scale-in: 1 of 4 not in/);
    given.services.heal(GROUP, { kind: 'unknown', cause: 'AccessDenied: no' });
    expect(await given.minute()).toMatch(/no scale-in: the health of its targets is unknown: AccessDenied: no$/);
    given.services.heal(GROUP, { kind: 'known', inService: 4, unhealthy: 0 });
    expect(await given.minute()).toMatch(/^checkout changed: 4 → 3/);
  });
});

describe('tasks that stop', () => {
  const KILLED = 'Essential container in task exited (app: exit code 137)';

  function failing() {
    const given = shard(policy({ scaleOut: [warm] }));
    given.services.put(CHECKOUT, { desired: 4, running: 4 });
    given.signals.give(CHECKOUT, 'cpu', () => [95, 4]);
    let asked = 0;
    const services = {
      ...given.services,
      stopped: (...args: Parameters<typeof given.services.stopped>) => {
        asked += 1;
        return given.services.stopped(...args);
      },
    };
    const minute = async () => lines(await given.minute({ services }))[0];
    return { ...given, minute, asked: () => asked };
  }

  test('are asked after once, when the change is given up, and the ledger keeps why', async () => {
    const given = failing();
    await given.minute();
    const tasks = [0, 1].map((back) => ({ at: given.clock.now() - back * 1_000, says: KILLED }));
    given.services.stop(CHECKOUT, { kind: 'known', tasks });
    for (let i = 0; i < 3; i++) await given.minute();
    expect(given.asked()).toBe(0);
    const why = `(2 not started, 2 stopped: ${KILLED}): counted as a failure`;
    expect(await given.minute()).toContain(why);
    for (let i = 0; i < 3; i++) await given.minute();
    expect(given.asked()).toBe(1);
    const told = given.ledger.entries.filter(({ reasons }) => reasons.some(({ kind }) => kind === 'unverified'));
    expect(told.map(({ sentence }) => sentence)).toEqual([expect.stringContaining(why)]);
  });

  test('are asked after for ten services at most, and the others say what ECS shows', async () => {
    const names = Array.from({ length: 12 }, (_, index) => ({ cluster: 'prod', service: `s${index}` }));
    const given = shard(...names.map(({ service }) => policy({ service, scaleOut: [warm] })));
    for (const name of names) {
      given.services.put(name, { desired: 4, running: 4 });
      given.signals.give(name, 'cpu', () => [95, 4]);
    }
    let asked: readonly unknown[] = [];
    const services = {
      ...given.services,
      stopped: (...args: Parameters<typeof given.services.stopped>) => {
        asked = args[0];
        return given.services.stopped(...args);
      },
    };
    await given.run({ services });
    given.clock.advance(4 * MINUTE);
    const report = await given.run({ services });
    expect(asked).toHaveLength(10);
    expect(lines(report).filter((line) => line.includes('(2 not started): counted as a failure'))).toHaveLength(12);
  });
});
