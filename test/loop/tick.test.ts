import { describe, expect, test } from '@jest/globals';
import type { Store } from '../../lib/loop/ports.ts';
import type { InRule, OutRule } from '../../lib/policy/policy.ts';
import { MINUTE, policy } from '../support/story.ts';
import { lines, shard } from './shard.ts';

const CHECKOUT = { cluster: 'prod', service: 'checkout' };
const BILLING = { cluster: 'prod', service: 'billing' };
const emergency: OutRule = {
  name: 'emergency',
  when: 'cpu > 80',
  change: { kind: 'percent', percent: 50, atLeastTasks: 2 },
  trueFor: { m: 1, n: 1 },
  thenWaitSeconds: 0,
};
const calm: InRule = {
  name: 'calm',
  when: 'cpu < 40',
  change: { kind: 'tasks', tasks: 1 },
  trueFor: { m: 1, n: 1 },
  thenWaitSeconds: 0,
};
const web = policy({ scaleOut: [emergency], scaleIn: [calm] });

function steadyAt(count: number) {
  return { desired: count, running: count, pending: 0, deploying: false };
}

function hot() {
  const given = shard(web);
  given.services.put(CHECKOUT, steadyAt(4));
  given.signals.give(CHECKOUT, 'cpu', () => [95, 4]);
  return given;
}

describe('a turn', () => {
  test('reads, decides, changes the count and remembers why', async () => {
    const given = hot();
    expect(lines(await given.run())).toEqual(['checkout changed: 4 → 6: emergency true 1 of 1 (cpu 95) asks 6 from 4']);
    expect(given.services.sent).toEqual([{ ...CHECKOUT, desiredCount: 6 }]);
    expect(given.ledger.entries.map((entry) => entry.outcome)).toEqual(['changed']);

    given.clock.advance(MINUTE);
    expect(lines(await given.run())).toEqual([
      'checkout held: hold 6: emergency true (cpu 95), waits for evidence from after its last change',
    ]);
    expect(given.services.sent).toHaveLength(1);
  });

  test('writes to the ledger when it changes its mind, not every minute', async () => {
    const given = shard(web);
    given.services.put(CHECKOUT, steadyAt(4));
    given.signals.give(CHECKOUT, 'cpu', () => [60, 4]);
    for (let minute = 0; minute < 5; minute++) {
      await given.run();
      given.clock.advance(MINUTE);
    }
    expect(given.ledger.entries).toHaveLength(1);
  });

  test('in shadow says what it would do and changes nothing', async () => {
    const given = shard({ ...web, mode: 'shadow' });
    given.services.put(CHECKOUT, steadyAt(4));
    given.signals.give(CHECKOUT, 'cpu', () => [95, 4]);
    expect(lines(await given.run())).toEqual([
      'checkout shadowed: 4 → 6: emergency true 1 of 1 (cpu 95) asks 6 from 4',
    ]);
    expect(given.services.sent).toEqual([]);
  });

  test('leaves a policy that is off alone', async () => {
    const given = shard({ ...web, mode: 'off' });
    expect(lines(await given.run())).toEqual([]);
  });

  test('an override of the mode stops it, and ends by itself', async () => {
    const given = hot();
    given.overrides.put({
      id: 'o1',
      scope: 'prod/checkout',
      set: { kind: 'mode', mode: 'shadow' },
      owner: 'mira',
      reason: 'migration',
      expiresAt: given.clock.now() + MINUTE,
    });
    expect(lines(await given.run())[0]).toMatch(/^checkout shadowed: 4 → 6/);
    given.clock.advance(MINUTE);
    expect(lines(await given.run())[0]).toMatch(/^checkout changed: 4 → 6/);
  });

  test('the most urgent change is sent first', async () => {
    const given = shard(web, policy({ ...BILLING, scaleOut: [emergency], scaleIn: [calm] }));
    given.services.put(CHECKOUT, steadyAt(4));
    given.services.put(BILLING, steadyAt(2));
    given.signals.give(CHECKOUT, 'cpu', () => [95, 4]);
    given.signals.give(BILLING, 'cpu', () => [95, 2]);
    await given.run();
    expect(given.services.sent.map(({ service, desiredCount }) => `${service} ${desiredCount}`)).toEqual([
      'billing 4',
      'checkout 6',
    ]);
  });

  test('says how late it is', async () => {
    const report = await hot().run({}, { scheduledAt: Date.UTC(2026, 10, 18, 12, 0, 0) });
    expect(report.kind === 'ticked' && report.lateSeconds).toBe(55);
  });
});

describe('before it acts', () => {
  test('it looks once more: a count that a human set meanwhile is not overwritten', async () => {
    const given = hot();
    const { describe: describeNow } = given.services;
    let reads = 0;
    const services = {
      ...given.services,
      describe: async (...args: Parameters<typeof describeNow>) => {
        reads += 1;
        if (reads === 2) given.services.put(CHECKOUT, { desired: 9 });
        return describeNow(...args);
      },
    };
    expect(lines(await given.run({ services }))[0]).toMatch(/^checkout stale: 4 → 6/);
    expect(given.services.desiredOf(CHECKOUT)).toBe(9);
    given.clock.advance(MINUTE);
    expect(lines(await given.run())[0]).toMatch(/^checkout held: hold 9: somebody else set 4 → 9, adopted/);
  });

  test('it looks again where the change before took long', async () => {
    const given = shard(web, policy({ ...BILLING, scaleOut: [emergency] }));
    given.services.put(CHECKOUT, steadyAt(2));
    given.services.put(BILLING, steadyAt(4));
    given.signals.give(CHECKOUT, 'cpu', () => [95, 2]);
    given.signals.give(BILLING, 'cpu', () => [95, 4]);
    const setDesiredCount = async (...args: Parameters<typeof given.services.setDesiredCount>) => {
      given.clock.advance(6_000);
      given.services.put(BILLING, { desired: 9 });
      return given.services.setDesiredCount(...args);
    };
    const report = await given.run({ services: { ...given.services, setDesiredCount } });
    expect(lines(report)[1]).toMatch(/^billing stale: 4 → 6/);
    expect(given.services.sent).toEqual([{ ...CHECKOUT, desiredCount: 4 }]);
  });

  test('it keeps within its share of UpdateService, the most urgent first, and carries the rest over', async () => {
    const many = Array.from({ length: 34 }, (_, index) => policy({ service: `s${index}`, scaleOut: [emergency] }));
    const given = shard(...many);
    for (const [index, { service }] of many.entries()) {
      given.services.put({ cluster: 'prod', service }, steadyAt(10 + index));
      given.signals.give({ cluster: 'prod', service }, 'cpu', () => [95, 10]);
    }
    const outcomes = async () => {
      const report = await given.run();
      return report.kind === 'ticked' ? report.entries.map(({ outcome }) => outcome) : [];
    };
    const first = await outcomes();
    expect(first.filter((one) => one === 'changed')).toHaveLength(30);
    expect(first.filter((one) => one === 'overBudget')).toHaveLength(4);
    given.clock.advance(MINUTE);
    expect((await outcomes()).filter((one) => one === 'changed')).toHaveLength(4);
  });
});

describe('what cannot be served is named, and the others are served', () => {
  test('a service that ECS does not know, a DAEMON, one that nobody may describe, a state that nobody can read', async () => {
    const named = (service: string) => policy({ service, scaleOut: [emergency] });
    const given = shard(named('ghost'), named('agent'), named('secret'), named('broken'), named('checkout'));
    given.services.put({ cluster: 'prod', service: 'agent' }, { ...steadyAt(3), schedulingStrategy: 'DAEMON' });
    given.services.hide({ cluster: 'prod', service: 'secret' }, { kind: 'unreadable', cause: 'AccessDeniedException' });
    given.services.put({ cluster: 'prod', service: 'broken' }, steadyAt(3));
    given.services.put(CHECKOUT, steadyAt(4));
    given.store.plantService('arn:aws:ecs:eu-west-1:123456789012:service/prod/broken', { v: 9, rev: 1, text: '{}' });
    given.signals.give(CHECKOUT, 'cpu', () => [95, 4]);
    const report = await given.run();
    expect(lines(report)).toEqual([
      'ghost missing: not decided: ECS knows no service prod/ghost',
      'agent unsupported: not decided: a DAEMON service has no desired count',
      'secret unreadable: not decided: AccessDeniedException',
      'broken corrupt: not decided: the stored state cannot be read: its format is 9, newer than 1, the newest this version reads',
      'checkout changed: 4 → 6: emergency true 1 of 1 (cpu 95) asks 6 from 4',
    ]);
  });

  test('a signal that fails is unknown, never zero', async () => {
    const given = shard(web);
    given.services.put(CHECKOUT, steadyAt(4));
    given.signals.give(CHECKOUT, 'cpu', () => [10, 4]);
    given.signals.fail(CHECKOUT, 'cpu', 'forbidden', 'AccessDenied on GetMetricData');
    const report = await given.run();
    expect(lines(report)).toEqual([
      'checkout held: hold 4: emergency unknown (cpu unknown: AccessDenied on GetMetricData), holds 15 min more',
    ]);
    expect(report.kind === 'ticked' && [report.signalsRead, report.signalsFailed]).toEqual([0, 1]);
  });
});

describe('a stop of everything', () => {
  test('is heard at the next tick by all, whatever their policies say, and ends by itself', async () => {
    const given = shard(policy({ scaleOut: [emergency] }), policy({ service: 'billing', scaleOut: [emergency] }));
    for (const service of ['checkout', 'billing']) {
      given.services.put({ cluster: 'prod', service }, steadyAt(4));
      given.signals.give({ cluster: 'prod', service }, 'cpu', () => [95, 4]);
    }
    const said = { id: 'stop', scope: '*', owner: 'mira', reason: 'AWS is down' } as const;
    given.overrides.put({ ...said, set: { kind: 'pause' }, expiresAt: given.clock.now() + 2 * MINUTE });
    for (const line of lines(await given.run()))
      expect(line).toMatch(/held: hold 4: .*paused? by mira until .*: AWS is down/);
    given.clock.advance(2 * MINUTE);
    for (const line of lines(await given.run())) expect(line).toMatch(/changed: 4 → 6/);
  });

  test('is read on every tick', async () => {
    const given = shard(policy({ scaleOut: [emergency] }));
    given.services.put(CHECKOUT, steadyAt(4));
    let asked = 0;
    const overrides = {
      list: (...args: Parameters<typeof given.overrides.list>) => {
        asked += 1;
        return given.overrides.list(...args);
      },
    };
    for (let i = 0; i < 3; i++) {
      await given.run({ overrides });
      given.clock.advance(MINUTE);
    }
    expect(asked).toBe(3);
  });
});

describe('the age of the newest change', () => {
  test('is told of the whole shard, and not before there was one', async () => {
    const given = shard(policy({ scaleOut: [emergency] }), policy({ service: 'billing', scaleOut: [emergency] }));
    given.services.put(CHECKOUT, steadyAt(4));
    given.services.put({ cluster: 'prod', service: 'billing' }, steadyAt(4));
    expect(await given.run()).not.toHaveProperty('lastScaleAgeSeconds');
    given.clock.advance(MINUTE);
    given.signals.give(CHECKOUT, 'cpu', () => [95, 4]);
    expect(await given.run()).toMatchObject({ lastScaleAgeSeconds: 0 });
    given.clock.advance(3 * MINUTE);
    expect(await given.run()).toMatchObject({ lastScaleAgeSeconds: 180 });
    const event = { id: 'wake', at: given.clock.now(), ...CHECKOUT, kind: 'wake', why: 'alarm' } as const;
    expect(await given.run({}, { events: [event] })).not.toHaveProperty('lastScaleAgeSeconds');
  });
});

test('what is not ours to scale is refused, each with its sentence', async () => {
  const kinds = {
    express: { isExpress: true },
    leaving: { status: 'DRAINING' },
    gone: { status: 'INACTIVE' },
  } as const;
  const given = shard(...Object.keys(kinds).map((service) => policy({ service, scaleOut: [emergency] })));
  for (const [service, facts] of Object.entries(kinds))
    given.services.put({ cluster: 'prod', service }, { ...steadyAt(3), ...facts });
  expect(lines(await given.run())).toEqual([
    'express unsupported: not decided: an Express service is scaled by ECS itself',
    'leaving unsupported: not decided: the service is DRAINING',
    'gone unsupported: not decided: the service is INACTIVE',
  ]);
});

test('EXTERNAL task sets that run all they were asked for may scale in', async () => {
  const given = shard(web);
  given.services.put(CHECKOUT, { ...steadyAt(4), running: 2, inService: 4 });
  given.signals.give(CHECKOUT, 'cpu', () => [30, 2]);
  expect(lines(await given.run())[0]).toMatch(/^checkout changed: 4 → 3/);
});

describe('ECS says no', () => {
  test('a refusal is told with its words, and starts no cooldown', async () => {
    const given = hot();
    given.services.answerNext(CHECKOUT, { kind: 'refused', error: 'AccessDeniedException', message: 'not allowed' });
    const report = await given.run();
    expect(report.kind === 'ticked' && report.entries[0]).toMatchObject({
      outcome: 'refused',
      error: 'AccessDeniedException: not allowed',
    });
    given.clock.advance(MINUTE);
    expect(lines(await given.run())[0]).toMatch(/^checkout changed: 4 → 6/);
  });

  test('a lost answer that was a yes is found out, and not answered twice', async () => {
    const given = hot();
    given.services.answerNext(
      CHECKOUT,
      { kind: 'retryable', error: 'TimeoutError', message: 'no answer', unknown: true },
      true,
    );
    expect(lines(await given.run())[0]).toMatch(/^checkout retryable/);
    given.clock.advance(10_000);
    expect(lines(await given.run())).toEqual([
      'checkout settling: not decided: whether 4 → 6 was taken is settled at 2026-11-18T12:01:10.000Z',
    ]);
    given.clock.advance(MINUTE);
    expect(lines(await given.run())[0]).toMatch(/^checkout settled: hold 6: emergency true/);
    expect(given.services.sent).toHaveLength(1);
    given.clock.advance(MINUTE);
    expect(lines(await given.run())[0]).toMatch(/^checkout held/);
  });

  test('a lost answer that was a no is found out, and tried again', async () => {
    const given = hot();
    given.services.answerNext(
      CHECKOUT,
      { kind: 'retryable', error: 'TimeoutError', message: 'no answer', unknown: true },
      false,
    );
    await given.run();
    given.clock.advance(MINUTE);
    expect(lines(await given.run())[0]).toMatch(/^checkout changed: 4 → 6/);
    expect(given.services.desiredOf(CHECKOUT)).toBe(6);
  });
});

const LOST = { kind: 'retryable', error: 'TimeoutError', message: 'no answer', unknown: true } as const;

describe('what became of a lost answer', () => {
  test('is a no only when no read can be from before the change', async () => {
    const given = hot();
    given.services.answerNext(CHECKOUT, LOST, true);
    await given.run();
    const services = {
      ...given.services,
      describe: async (...args: Parameters<typeof given.services.describe>) =>
        (await given.services.describe(...args)).map((one) => ({ ...one, ...steadyAt(4) })),
    };
    given.clock.advance(20_000);
    expect(lines(await given.run({ services }))).toEqual([
      'checkout settling: not decided: whether 4 → 6 was taken is settled at 2026-11-18T12:01:40.000Z',
    ]);
    expect(lines(await given.run())[0]).toMatch(/^checkout settled: hold 6: emergency true/);
    expect(given.services.sent).toHaveLength(1);
  });

  test('may have been a yes where somebody else has set a third count since: its evidence is spent', async () => {
    const given = hot();
    const heatedUntil = given.clock.now() - MINUTE;
    given.signals.give(CHECKOUT, 'cpu', (startedAt) => (startedAt < heatedUntil ? [95, 4] : null));
    given.services.answerNext(CHECKOUT, LOST, true);
    await given.run();
    given.services.put(CHECKOUT, steadyAt(5));
    given.clock.advance(MINUTE);
    expect(lines(await given.run())).toEqual([
      'checkout settled: hold 5: somebody else set 4 → 5, adopted; emergency true (cpu 95), already answered on this evidence',
    ]);
  });
});

/** Everything from the `nth` save on fails, and the lease is not given back: the process is gone. */
function killedAt(store: Store, nth: number): Store {
  let saves = 0;
  const gone = () => Promise.reject(new Error('killed'));
  return {
    ...store,
    save: (...args) => {
      saves += 1;
      return saves >= nth ? gone() : store.save(...args);
    },
    saveRings: gone,
    release: gone,
  };
}

describe('a killed tick', () => {
  test('between UpdateService and the state write leaves a state from which the next tick recovers without a second change', async () => {
    const given = hot();
    await expect(given.run({ store: killedAt(given.store, 2) })).rejects.toThrow('killed');
    expect(given.services.desiredOf(CHECKOUT)).toBe(6);

    given.clock.advance(30_000);
    expect(lines(await given.run())).toEqual(['busy: invocation-1']);

    given.clock.advance(30_000);
    expect(lines(await given.run())).toEqual([
      'checkout settled: hold 6: emergency true (cpu 95), waits for evidence from after its last change',
    ]);
    expect(given.services.sent).toEqual([{ ...CHECKOUT, desiredCount: 6 }]);
  });

  test('before the announcement leaves nothing behind', async () => {
    const given = hot();
    await expect(given.run({ store: killedAt(given.store, 1) })).rejects.toThrow('killed');
    expect(given.services.sent).toEqual([]);
    given.clock.advance(MINUTE);
    expect(lines(await given.run())[0]).toMatch(/^checkout changed: 4 → 6/);
  });
});

test('a tick that dies before it writes the rings leaves our own change known for ours', async () => {
  const given = hot();
  const saveRings = () => Promise.reject(new Error('killed'));
  await expect(given.run({ store: { ...given.store, saveRings } })).rejects.toThrow('killed');
  given.services.put(CHECKOUT, { desired: 4 });
  given.clock.advance(5_000);
  expect(lines(await given.run())[0]).toMatch(/^checkout held: hold 6: emergency true \(cpu 95\), already answered/);
  given.services.put(CHECKOUT, { desired: 6 });
  given.clock.advance(MINUTE);
  expect(lines(await given.run())[0]).toMatch(/^checkout held: hold 6: emergency true \(cpu 95\), waits for evidence/);
});

test('a change counts from the moment it was made, however late in its tick', async () => {
  const given = hot();
  const read: typeof given.signals.read = async (...args) => {
    given.clock.advance(20_000);
    return given.signals.read(...args);
  };
  await given.run({ signals: { ...given.signals, read } });
  given.services.put(CHECKOUT, { desired: 4 });
  given.clock.advance(15_000);
  // ECS still shows the count from before.
  expect(lines(await given.run())[0]).toMatch(/^checkout held: hold 6: emergency true \(cpu 95\)/);
});

describe('one writer', () => {
  test('of two ticks at once one acts and the other is busy', async () => {
    const given = hot();
    const reports = await Promise.all([given.run(), given.run()]);
    expect(reports.map(({ kind }) => kind).sort()).toEqual(['busy', 'ticked']);
    expect(given.services.sent).toHaveLength(1);
  });

  test('a state that somebody wrote meanwhile stops the change before it is sent', async () => {
    const given = hot();
    const arn = 'arn:aws:ecs:eu-west-1:123456789012:service/prod/checkout';
    const racing: Store = {
      ...given.store,
      load: async (arns, abort) => {
        const loaded = await given.store.load(arns, abort);
        const core = { v: 1, actedOn: {}, waitUntil: {}, unknownSince: {}, startSeconds: [33] } as const;
        await given.store.save(arn, { core }, null, abort);
        return loaded;
      },
    };
    expect(lines(await given.run({ store: racing }))[0]).toMatch(/^checkout stale/);
    expect(given.services.sent).toEqual([]);
  });

  test('near the end of its time it leaves the change to the next tick', async () => {
    const given = hot();
    expect(lines(await given.run({}, { remainingMs: () => 4_000 }))[0]).toMatch(/^checkout outOfTime: 4 → 6/);
    expect(given.services.sent).toEqual([]);
  });

  test('a fault gives the lease back, and is thrown', async () => {
    const given = hot();
    const failing = {
      describe: () => Promise.reject(new Error('no network')),
      setDesiredCount: given.services.setDesiredCount,
    };
    await expect(given.run({ services: failing })).rejects.toThrow('no network');
    expect((await given.run()).kind).toBe('ticked');
  });
});
