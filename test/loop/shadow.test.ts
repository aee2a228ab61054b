/** Shadow: the same tick decides beside the real service, is satisfied by what it decided, and touches nothing. */
import { describe, expect, test } from '@jest/globals';
import { memoryPolicies } from '../../lib/loop/memory-policies.ts';
import type { LedgerEntry } from '../../lib/loop/ports.ts';
import type { Override } from '../../lib/policy/policy.ts';
import { percent, rule, tasks } from '../support/policies.ts';
import { cpu, MINUTE, policy } from '../support/story.ts';
import { lines, setOf, shard } from './shard.ts';

const CHECKOUT = { cluster: 'prod', service: 'checkout' };
const BILLING = { cluster: 'prod', service: 'billing' };
const ARN = 'arn:aws:ecs:eu-west-1:123456789012:service/prod/checkout';
const emergency = rule('emergency', 'cpu > 80', percent(50, 2));
const calm = rule('calm', 'cpu < 40', tasks(1));
const web = policy({ mode: 'shadow', scaleOut: [emergency], scaleIn: [calm] });

function steadyAt(count: number) {
  return { desired: count, running: count, pending: 0, deploying: false };
}

/** A service of so many tasks whose CPU others have left where it is. */
function beside(count: number, percentCpu: number, own = web) {
  const given = shard(own);
  given.services.put(CHECKOUT, steadyAt(count));
  given.signals.give(CHECKOUT, 'cpu', () => [percentCpu, count]);
  return given;
}

type Shard = ReturnType<typeof shard>;

async function minutes(given: Shard, count: number): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (let minute = 0; minute < count; minute++) {
    const report = await given.run();
    if (report.kind === 'ticked') entries.push(...report.entries);
    given.clock.advance(MINUTE);
  }
  return entries;
}

const counts = (entries: readonly LedgerEntry[]) => entries.map(({ decision }) => decision.to);
const live = () => new AbortController().signal;

function mode(of: 'act' | 'shadow', given: Shard, forMinutes = 60): Override {
  const expiresAt = given.clock.now() + forMinutes * MINUTE;
  return { id: of, scope: '*', set: { kind: 'mode', mode: of }, owner: 'mira', reason: 'a try', expiresAt };
}

describe('a wish that was carried out beside the service', () => {
  test('out: the tasks come, share the load, and the rule is satisfied', async () => {
    const given = beside(4, 92);
    const entries = await minutes(given, 30);
    expect(entries.map(({ outcome }) => outcome)).toEqual(['shadowed', ...Array(29).fill('held')]);
    expect(counts(entries)).toEqual(Array(30).fill(6));
    expect(entries[0]?.sentence).toBe('4 → 6: emergency true 1 of 1 (cpu 92) asks 6 from 4');
    // Four tasks at 92 % are six at 61.3 %.
    expect(entries.at(-1)?.sentence).toBe(
      'hold 6: emergency false (cpu 61.3); calm false (cpu 61.3); the service itself has 4',
    );
    expect(entries.at(-1)?.real).toEqual({ desired: 4, running: 4 });
  });

  test('in: fewer tasks are busier, and the count settles where the rule ends', async () => {
    const given = beside(10, 20);
    const entries = await minutes(given, 40);
    // Ten tasks at 20 % are five at 40 %, and 40 is not below 40.
    expect([...new Set(counts(entries))]).toEqual([9, 8, 7, 6, 5]);
    expect(counts(entries).slice(-10)).toEqual(Array(10).fill(5));
    expect(entries.at(-1)?.sentence).toContain('(cpu 40)');
  });

  test('what the real scaler does meanwhile is neither foreign nor followed', async () => {
    const given = beside(4, 60);
    await minutes(given, 3);
    given.services.put(CHECKOUT, steadyAt(8));
    const doubledAt = given.clock.now();
    given.signals.give(CHECKOUT, 'cpu', (startedAt) => (startedAt < doubledAt ? [60, 4] : [30, 8]));
    const entries = await minutes(given, 5);
    expect(counts(entries)).toEqual([4, 4, 4, 4, 4]);
    expect(entries.flatMap(({ reasons }) => reasons.map(({ kind }) => kind))).not.toContain('foreignChange');
    expect(entries.at(-1)?.sentence).toContain('(cpu 60)');
  });

  test('a service that somebody stopped is a pause here too', async () => {
    const given = beside(4, 60);
    await minutes(given, 3);
    given.services.put(CHECKOUT, steadyAt(0));
    const [entry] = await minutes(given, 1);
    expect(entry?.sentence).toContain(
      'somebody else set 4 → 0, adopted; somebody else set 0: paused until somebody raises it',
    );
  });
});

describe('nothing is touched', () => {
  test('no count is sent, and our share of UpdateService stays whole', async () => {
    const given = beside(4, 92);
    await minutes(given, 5);
    expect(given.services.sent).toEqual([]);
    expect((await given.store.loadRings('0', live())).shard?.updates?.tokens).toBe(30);
  });

  test('a quiet minute writes the rings alone', async () => {
    const given = beside(4, 60);
    await minutes(given, 2);
    let saves = 0;
    const save: typeof given.store.save = (...args) => {
      saves += 1;
      return given.store.save(...args);
    };
    await given.run({ store: { ...given.store, save } });
    expect(saves).toBe(0);
  });

  test('what a shadow would do takes no room in a group from those who act', async () => {
    const acting = policy({ ...BILLING, scaleOut: [emergency] });
    const group = { name: 'db', services: ['prod/checkout', 'prod/billing'], maxTasks: 14 };
    const given = shard(web, acting);
    for (const [name, count] of [
      [CHECKOUT, 4],
      [BILLING, 8],
    ] as const) {
      given.services.put(name, steadyAt(count));
      given.signals.give(name, 'cpu', () => [92, count]);
    }
    const report = await given.run({ policies: memoryPolicies({ ...setOf(web, acting), groups: [group] }) });
    // The shadow is the more urgent of the two. Its four real tasks leave room for two more of the other; it finds none left beside them.
    expect(given.services.sent).toEqual([{ ...BILLING, desiredCount: 10 }]);
    expect(lines(report)[0]).toMatch(/^checkout held: hold 4: emergency true .*; group db has room for 4/);
  });
});

describe('from shadow to act', () => {
  test('starts from the real count, without the cooldowns of the shadow', async () => {
    const given = beside(4, 92);
    await minutes(given, 4);
    given.overrides.put(mode('act', given));
    const [entry] = await minutes(given, 1);
    expect(`${entry?.outcome}: ${entry?.sentence}`).toBe(
      'changed: 4 → 6: emergency true 1 of 1 (cpu 92) asks 6 from 4',
    );
    expect(given.services.sent).toEqual([{ ...CHECKOUT, desiredCount: 6 }]);
    const [loaded] = await given.store.load([ARN], live());
    expect(loaded?.kind === 'stored' && loaded.value.shadow).toBeUndefined();
  });

  test('what the shadow counted is not believed of the service, also where the first tick died on its way out', async () => {
    const given = beside(4, 92);
    await minutes(given, 4);
    given.overrides.put(mode('act', given));
    const saveRings = () => Promise.reject(new Error('killed'));
    given.services.answerNext(CHECKOUT, { kind: 'refused', error: 'AccessDeniedException', message: 'not allowed' });
    await expect(given.run({ store: { ...given.store, saveRings } })).rejects.toThrow('killed');
    given.clock.advance(MINUTE);
    expect(lines(await given.run())).toEqual(['checkout changed: 4 → 6: emergency true 1 of 1 (cpu 92) asks 6 from 4']);
  });

  test('what was answered before the shadow is not answered again after it', async () => {
    const given = beside(4, 92, policy({ mode: 'act', scaleOut: [emergency] }));
    given.signals.give(CHECKOUT, 'cpu', () => [92, 4]);
    await given.run();
    given.clock.advance(1_000);
    given.overrides.put({ ...mode('shadow', given), expiresAt: given.clock.now() + 1_000 });
    await given.run();
    given.clock.advance(1_000);
    expect(lines(await given.run())[0]).toContain('emergency true (cpu 92), already answered on this evidence');
    expect(given.services.sent).toHaveLength(1);
  });

  test('keeps what was learned of start times', async () => {
    const given = beside(4, 60);
    await minutes(given, 2);
    given.services.put(CHECKOUT, { desired: 6, running: 4 });
    await minutes(given, 3);
    given.services.put(CHECKOUT, steadyAt(6));
    await minutes(given, 2);
    given.overrides.put(mode('act', given));
    await minutes(given, 1);
    const [loaded] = await given.store.load([ARN], live());
    expect(loaded?.kind === 'stored' && loaded.value.core.startSeconds).toEqual([180]);
  });

  test('and back: the shadow begins at the real count, with what is remembered of it', async () => {
    const given = beside(4, 92);
    given.overrides.put(mode('act', given, 2));
    await minutes(given, 2);
    expect(given.services.desiredOf(CHECKOUT)).toBe(6);
    given.services.put(CHECKOUT, steadyAt(6));
    const [entry] = await minutes(given, 1);
    expect(entry?.decision).toEqual({ action: 'hold', from: 6, to: 6 });
    expect(entry?.sentence).toContain('emergency true (cpu 92), waits for evidence from after its last change');
  });
});

describe('what is stored', () => {
  test('a virtual service that cannot be read is named, and left alone', async () => {
    const given = beside(4, 92);
    await minutes(given, 2);
    const [loaded] = await given.store.load([ARN], live());
    const value = loaded?.kind === 'stored' ? loaded.value : undefined;
    const text = JSON.stringify({ ...value, shadow: { ...value?.shadow, desired: 'six' } });
    given.store.plantService(ARN, { v: 1, rev: 7, text });
    expect(lines(await given.run())).toEqual([
      'checkout corrupt: not decided: the stored state cannot be read: shadow.desired is "six", not a number',
    ]);
  });

  test('a score that cannot be read starts again, at the real count', async () => {
    const given = beside(4, 92);
    await minutes(given, 3);
    const { rings, tallies } = await given.store.loadRings('0', live());
    const broken = { ...tallies?.[ARN], since: 'yesterday' };
    given.store.plantRings('0', { v: 1, rev: 9, text: JSON.stringify({ rings, tallies: { [ARN]: broken } }) });
    const began = given.clock.now();
    expect(lines(await given.run())[0]).toMatch(/^checkout shadowed: 4 → 6/);
    expect((await given.store.loadRings('0', live())).tallies?.[ARN]?.since).toBe(began);
  });

  test('after an hour in which nobody looked the shadow begins again, and the score goes on', async () => {
    const given = beside(4, 92);
    await minutes(given, 3);
    const { since } = (await given.store.loadRings('0', live())).tallies?.[ARN] ?? {};
    given.clock.advance(61 * MINUTE);
    expect(lines(await given.run())[0]).toMatch(/^checkout shadowed: 4 → 6/);
    const tally = (await given.store.loadRings('0', live())).tallies?.[ARN];
    expect([tally?.since, tally?.watchedSeconds]).toEqual([since, 120]);
  });

  test('a write that came too late is no change: the next tick asks again', async () => {
    const given = beside(4, 92);
    await minutes(given, 1);
    given.services.put(CHECKOUT, steadyAt(5));
    const save: typeof given.store.save = async () => ({ kind: 'stale' });
    const report = await given.run({ store: { ...given.store, save } });
    expect(lines(report)[0]).toMatch(/^checkout stale/);
    expect(lines(await given.run())[0]).toMatch(/^checkout held: hold 6/);
  });
});

test('a number that is modelled says so where it speaks', async () => {
  const own = policy({
    mode: 'shadow',
    signals: {
      cpu,
      p95: { ...cpu, source: { kind: 'alb', metric: 'TargetResponseTime' }, stat: 'p95', averagedOverTasks: false },
    },
    scaleOut: [rule('slow', 'p95 > 190', tasks(4))],
  });
  const given = beside(4, 50, own);
  given.signals.give(CHECKOUT, 'p95', () => 300);
  const entries = await minutes(given, 8);
  expect(counts(entries).at(-1)).toBe(12);
  expect(entries.at(1)?.sentence).toMatch(/; the service itself has 4$/);
  const slow = entries.at(-1)?.reasons.find((reason) => reason.kind === 'vote' && reason.name === 'slow');
  // Alone 150 ms: 300 ms at 50 %, 200 ms at 25 %, 180 ms at 17 %.
  expect(slow).toMatchObject({
    signals: [{ signal: 'p95', value: expect.closeTo(180, 6), cause: 'modelled: from utilisation' }],
  });
});
