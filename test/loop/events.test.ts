/** What happens to a service wakes it at once, whoever holds its shard; a number that is pushed is a signal like any other. */
import { describe, expect, test } from '@jest/globals';
import { arnOf } from '../../lib/loop/account.ts';
import type { ShardEvent } from '../../lib/loop/ports.ts';
import type { TickReport } from '../../lib/loop/tick-request.ts';
import type { ServicePolicy } from '../../lib/policy/policy.ts';
import { perTask, rule, tasks } from '../support/policies.ts';
import { cpu, MINUTE, policy, T0 } from '../support/story.ts';
import { ACCOUNT, lines, setOf, shard } from './shard.ts';

const load = { ...cpu, source: { kind: 'pushed' }, averagedOverTasks: false, publicationDelaySeconds: 0 } as const;
const NAME = { cluster: 'prod', service: 'checkout' };
const live = (): AbortSignal => new AbortController().signal;
const PUSHED: Partial<ServicePolicy> = { signals: { load }, targets: [perTask('load', 10)] };

let ids = 0;
function push(value: number, at: number, service = 'checkout', signal = 'load'): ShardEvent {
  ids += 1;
  return { id: `push ${ids}`, at, cluster: 'prod', service, kind: 'pushed', signal, value };
}

function wake(service: string, at: number): ShardEvent {
  ids += 1;
  return { id: `wake ${ids}`, at, cluster: 'prod', service, kind: 'wake', why: 'alarm' };
}

/** A shard with these services, four tasks each. */
function given(...policies: ServicePolicy[]) {
  const here = shard(...policies);
  for (const one of policies) here.services.put(one, { desired: 4, running: 4 });
  return here;
}

const entriesOf = (report: TickReport) =>
  report.kind === 'ticked' ? report.entries.map(({ service }) => service) : [];

describe('a pushed number', () => {
  test('is decided on at once, by its own time', async () => {
    const here = given(policy(PUSHED));
    const now = here.clock.now();
    const report = await here.run({}, { events: [push(95, now - 2_000)] });
    expect(lines(report)[0]).toMatch(/^checkout changed: 4 → 10/);
    expect(report).toMatchObject({ events: { taken: 1, refused: [] } });
    expect(here.services.desiredOf(policy(PUSHED))).toBe(10);
  });

  test('stays for the sweeps until it expires', async () => {
    const here = given(policy(PUSHED));
    await here.run({}, { events: [push(40, here.clock.now())] });
    here.clock.advance(MINUTE);
    expect(lines(await here.run())[0]).toMatch(/held: hold 4: load/);
    here.clock.advance(2 * MINUTE);
    expect(lines(await here.run())[0]).toMatch(/newest datapoint ended 180 s ago/);
  });

  test('earns m of n with those before it', async () => {
    const own = policy({ signals: { load }, scaleOut: [rule('hot', 'load > 50', tasks(2), '3 of 3')] });
    const here = given(own);
    for (const _ of [1, 2]) {
      await here.run({}, { events: [push(80, here.clock.now())] });
      here.clock.advance(MINUTE);
    }
    expect(here.services.sent).toEqual([]);
    await here.run({}, { events: [push(80, here.clock.now())] });
    expect(here.services.desiredOf(own)).toBe(6);
  });

  test('from the future is refused and says so; the others are taken', async () => {
    const here = given(policy(PUSHED));
    const now = here.clock.now();
    const events = [push(900, now + 61_000), push(40, now + 5_000)];
    const report = await here.run({}, { events });
    expect(report).toMatchObject({
      events: {
        taken: 1,
        refused: [{ event: { value: 900 }, cause: 'it is from 61 s in the future: the clocks differ' }],
      },
    });
    expect(lines(report)[0]).toMatch(/held: hold 4: load/);
  });

  test('that is no number is taken though a clock says that it is from the future', async () => {
    const here = given(policy(PUSHED));
    const report = await here.run({}, { events: [wake('checkout', here.clock.now() + 61_000)] });
    expect(report).toMatchObject({ events: { taken: 1, refused: [] } });
    expect(entriesOf(report)).toEqual(['checkout']);
  });

  test('delivered twice is one', async () => {
    const here = given(policy(PUSHED));
    const twice = push(95, here.clock.now());
    await here.run({}, { events: [twice, twice] });
    here.clock.advance(1_000);
    const again = await here.run({}, { events: [twice] });
    expect(again).toMatchObject({ events: { taken: 1 } });
    expect(here.services.sent).toHaveLength(1);
  });

  test('for a signal or a service that nobody has moves nothing', async () => {
    const here = given(policy(PUSHED));
    const now = here.clock.now();
    const report = await here.run({}, { events: [push(95, now, 'checkout', 'other'), push(95, now, 'gone')] });
    expect(here.services.sent).toEqual([]);
    expect(entriesOf(report)).toEqual(['checkout']);
  });
});

describe('an event', () => {
  const [checkout, billing] = [policy({ service: 'checkout' }), policy({ service: 'billing' })];

  test('evaluates its services and no other, and what the others remember stays', async () => {
    const here = given(checkout, billing);
    await here.run();
    const before = await here.store.loadRings('0', live());
    here.clock.advance(20_000);
    expect(entriesOf(await here.run({}, { events: [wake('billing', here.clock.now())] }))).toEqual(['billing']);
    const after = await here.store.loadRings('0', live());
    expect(Object.keys(after.rings)).toHaveLength(2);
    const arn = Object.keys(before.rings).find((one) => one.endsWith('checkout')) ?? '';
    expect(after.rings[arn]).toEqual(before.rings[arn]);
  });

  test('for a shard that is held waits for its holder, who evaluates it before the lease goes back', async () => {
    const here = given(checkout, billing);
    let sent = false;
    const signals = {
      read: async (...args: Parameters<typeof here.signals.read>) => {
        const late = await here.run({}, sent ? {} : { events: sent ? [] : [wake('billing', here.clock.now())] });
        if (!sent) expect(late.kind).toBe('busy');
        sent = true;
        return here.signals.read(...args);
      },
    };
    const report = await here.run({ signals });
    expect(entriesOf(report)).toEqual(['checkout', 'billing', 'billing']);
    expect(report).toMatchObject({ events: { taken: 1 } });
    expect(await here.store.acquire('0', 'next', here.clock.now(), live())).toMatchObject({ inbox: { events: [] } });
  });

  test('that a crashed holder left is found by the next sweep', async () => {
    const here = given(policy(PUSHED));
    await here.store.inboxes.post('0', [push(95, here.clock.now())], live());
    expect(lines(await here.run())[0]).toMatch(/^checkout changed: 4 → 10/);
  });

  test('stream that never ends is left to the next holder', async () => {
    const here = given(checkout);
    const signals = {
      read: async (...args: Parameters<typeof here.signals.read>) => {
        await here.store.inboxes.post('0', [wake('checkout', here.clock.now())], live());
        return here.signals.read(...args);
      },
    };
    const report = await here.run({ signals });
    expect(entriesOf(report)).toHaveLength(5);
    const next = await here.store.acquire('0', 'next', here.clock.now(), live());
    expect(next).toMatchObject({ kind: 'held', inbox: { events: { length: expect.any(Number) } } });
  });

  test('in a group counts the members it is not about', async () => {
    const one = policy({ ...PUSHED, service: 'checkout' });
    const here = given(one, billing);
    const set = {
      ...setOf(one, billing),
      groups: [{ name: 'db', services: ['prod/checkout', 'prod/billing'], maxTasks: 10 }],
    };
    const policies = { load: async () => set };
    await here.run({ policies });
    here.clock.advance(20_000);
    await here.run({ policies }, { events: [push(95, here.clock.now())] });
    expect(here.services.desiredOf(one)).toBe(6);
  });
});

describe('a tick within the minute', () => {
  test('is for the services that are due, and for those that something happened to', async () => {
    const [slow, fast, woken] = ['slow', 'fast', 'woken'].map((service) =>
      policy({ service, cadenceSeconds: service === 'fast' ? 20 : 60 }),
    ) as [ServicePolicy, ServicePolicy, ServicePolicy];
    const here = given(slow, fast, woken);
    const scheduledAt = T0 + MINUTE;
    await here.store.inboxes.post('0', [wake('woken', here.clock.now())], live());
    expect(entriesOf(await here.run({}, { scheduledAt, dueAt: scheduledAt + 20_000 }))).toEqual(['fast', 'woken']);
    expect(entriesOf(await here.run({}, { scheduledAt, dueAt: scheduledAt }))).toEqual(['slow', 'fast', 'woken']);
    expect(entriesOf(await here.run())).toEqual(['slow', 'fast', 'woken']);
  });
});

describe('word of who set a count', () => {
  const MIRA = 'arn:aws:sts::123456789012:assumed-role/ops/mira';
  const own = policy({ scaleOut: [rule('hot', 'load > 50', tasks(2))], signals: { load } });

  test('names the foreign change in the ledger, before the count is seen or after it', async () => {
    const here = given(own);
    await here.run({}, { events: [push(40, here.clock.now())] });
    const told = (desired: number): ShardEvent => ({
      ...{ id: `call ${desired}`, at: here.clock.now(), cluster: 'prod', service: 'checkout' },
      ...{ kind: 'updated', desired, principal: MIRA },
    });
    here.clock.advance(MINUTE);
    await here.run({}, { events: [told(9)] });
    here.services.put(own, { desired: 9, running: 9 });
    here.clock.advance(MINUTE);
    expect(lines(await here.run())[0]).toContain(`hold 9: ${MIRA} set 4 → 9, adopted`);
    here.services.put(own, { desired: 7, running: 7 });
    here.clock.advance(MINUTE);
    expect(lines(await here.run())[0]).toContain('hold 7: somebody else set 9 → 7, adopted');
    expect(lines(await here.run({}, { events: [told(7)] }))[0]).toContain(`hold 7: it was ${MIRA} who set 9 → 7`);
    expect(here.ledger.entries.filter(({ sentence }) => sentence.includes(MIRA))).toHaveLength(2);
  });

  test('is not forgotten in the inbox', async () => {
    const here = given(own);
    const other = await here.store.acquire('0', 'another', here.clock.now(), live());
    const id = 'call 1';
    const event: ShardEvent = { id, at: here.clock.now(), ...NAME, kind: 'updated', desired: 9, principal: MIRA };
    expect(await here.run({}, { events: [event] })).toMatchObject({ kind: 'busy' });
    if (other.kind === 'held') await here.store.release(other.lease, live());
    expect(await here.run()).toMatchObject({ events: { taken: 1 } });
    const [stored] = await here.store.load([arnOf(ACCOUNT, NAME)], live());
    expect(stored).toMatchObject({ value: { core: { foreignUpdate: { desired: 9, principal: MIRA } } } });
  });
});
