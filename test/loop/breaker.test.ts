/** What fails again and again is left alone for a while: one service, or the whole shard where AWS itself fails. */
import { describe, expect, test } from '@jest/globals';
import type { SetOutcome } from '../../lib/loop/ports.ts';
import { decodeRings } from '../../lib/loop/stored-item.ts';
import { rule, tasks } from '../support/policies.ts';
import { MINUTE, policy } from '../support/story.ts';
import { lines, shard } from './shard.ts';

const CHECKOUT = { cluster: 'prod', service: 'checkout' };
const warm = rule('warm', 'cpu > 70', tasks(2));
const DENIED: SetOutcome = { kind: 'refused', error: 'AccessDeniedException', message: 'not allowed' };

function hot(...names: readonly string[]) {
  const given = shard(...names.map((service) => policy({ service, scaleOut: [warm] })));
  for (const service of names) {
    given.services.put({ cluster: 'prod', service }, { desired: 4, running: 4 });
    given.signals.give({ cluster: 'prod', service }, 'cpu', () => [95, 4]);
  }
  return given;
}

describe('the breaker of a service', () => {
  test('opens at the third refusal, sends nothing while it is open, and tries one change after it', async () => {
    const given = hot('checkout');
    for (let i = 0; i < 4; i++) given.services.answerNext(CHECKOUT, DENIED);
    for (let i = 0; i < 3; i++) expect(lines(await given.minute())[0]).toMatch(/^checkout refused: 4 → 6/);
    expect(lines(await given.minute())).toEqual([
      'checkout held: hold 4: warm true 1 of 1 (cpu 95) asks 6 from 4; breaker open after 3 failures: 4 → 6 failed with AccessDeniedException: not allowed, tries again in 4 min',
    ]);
    for (let i = 0; i < 3; i++) await given.minute();
    expect(given.services.sent).toHaveLength(3);
    expect(lines(await given.minute())[0]).toMatch(/^checkout refused/);
    expect(lines(await given.minute())[0]).toMatch(/after 4 failures: .*, tries again in 9 min$/);
  });

  test('is told to the ledger when it opens and when it closes', async () => {
    const given = hot('checkout');
    for (let i = 0; i < 3; i++) given.services.answerNext(CHECKOUT, DENIED);
    for (let i = 0; i < 8; i++) await given.minute();
    given.services.put(CHECKOUT, { running: 6 });
    await given.minute();
    expect(given.services.sent).toHaveLength(4);
    const told = given.ledger.entries.map(({ outcome, reasons }) => `${outcome} ${reasons.at(-1)?.kind}`);
    expect(told.filter((one) => one.endsWith('breaker'))).toEqual(['held breaker']);
    expect(given.ledger.entries.at(-1)?.sentence).toMatch(/a change succeeded after 3 failures: breaker closed/);
  });

  test('counts an answer that was lost and was a no', async () => {
    const given = hot('checkout');
    const lost: SetOutcome = { kind: 'retryable', error: 'TimeoutError', message: 'no answer', unknown: true };
    for (let i = 0; i < 3; i++) given.services.answerNext(CHECKOUT, lost, false);
    for (let i = 0; i < 3; i++) expect(lines(await given.minute())[0]).toMatch(/^checkout retryable/);
    expect(lines(await given.minute())[0]).toMatch(/breaker open after 3 failures: no answer to 4 → 6/);
    expect(given.services.sent).toHaveLength(3);
  });

  test('a tick that was ending is not a failure of the service', async () => {
    const given = hot('checkout');
    for (let i = 0; i < 3; i++) {
      const ending = new AbortController();
      const setDesiredCount: typeof given.services.setDesiredCount = async (...args) => {
        ending.abort(new Error('the time is over'));
        return given.services.setDesiredCount(...args);
      };
      const services = { ...given.services, setDesiredCount };
      await expect(given.run({ services }, { abort: ending.signal })).rejects.toThrow('the time is over');
      given.clock.advance(5 * MINUTE);
    }
    expect(lines(await given.minute())[0]).not.toMatch(/breaker/);
  });

  test('nor is one that ended while it announced the change', async () => {
    const given = hot('checkout');
    for (let i = 0; i < 3; i++) {
      const ending = new AbortController();
      const save: typeof given.store.save = async (arn, value, rev, abort) => {
        const saved = await given.store.save(arn, value, rev, abort);
        given.clock.advance(3000);
        ending.abort(new Error('the time is over'));
        return saved;
      };
      const store = { ...given.store, save };
      await expect(given.run({ store }, { abort: ending.signal })).rejects.toThrow('the time is over');
      given.clock.advance(5 * MINUTE);
    }
    expect(given.services.sent).toEqual([]);
    expect(lines(await given.minute())[0]).toMatch(/^checkout changed: 4 → 6/);
  });

  test('is counted in the report', async () => {
    const given = hot('checkout', 'billing');
    for (let i = 0; i < 3; i++) given.services.answerNext(CHECKOUT, DENIED);
    const counted: number[] = [];
    for (let i = 0; i < 4; i++) {
      const report = await given.minute();
      counted.push(report.kind === 'ticked' ? report.breakersOpen : Number.NaN);
    }
    expect(counted).toEqual([0, 0, 1, 1]);
  });
});

describe('the breaker of a shard', () => {
  const named = (service: string) => ({ cluster: 'prod', service });
  const THROTTLED: SetOutcome = {
    kind: 'retryable',
    error: 'ThrottlingException',
    message: 'Rate exceeded',
    unknown: false,
  };

  /** Two ticks in which all three are throttled, and one in which search is calm. */
  async function stormy() {
    const given = hot('checkout', 'billing', 'search');
    const names = ['checkout', 'billing', 'search'].map(named);
    for (const name of [...names, ...names, CHECKOUT, named('billing')]) given.services.answerNext(name, THROTTLED);
    await given.minute();
    await given.minute();
    given.signals.give(named('search'), 'cpu', () => [50, 4]);
    await given.minute();
    given.signals.give(named('search'), 'cpu', () => [95, 4]);
    return given;
  }

  test('opens when every change of three ticks met a fault of ECS, and holds also who could still try', async () => {
    const given = await stormy();
    const report = await given.minute();
    expect(lines(report)[2]).toBe(
      'search held: hold 4: warm true 1 of 1 (cpu 95) asks 6 from 4; breaker of the shard open after 3 failures: every change failed, the last with ThrottlingException: Rate exceeded, tries again in 4 min',
    );
    expect(report.kind === 'ticked' && report.breakersOpen).toBe(3);
  });

  test('then tries the most urgent change alone, and that it is taken closes it', async () => {
    const given = await stormy();
    given.clock.advance(5 * MINUTE);
    given.services.put(named('billing'), { desired: 2, running: 2 });
    const before = given.services.sent.length;
    const sentSince = () => given.services.sent.slice(before).map(({ service }) => service);
    await given.minute();
    expect(sentSince()).toEqual(['billing']);
    await given.minute();
    expect(sentSince().sort()).toEqual(['billing', 'checkout', 'search']);
  });

  test('stays closed when services are refused, as where the role lacks a right', async () => {
    const given = hot('checkout', 'billing', 'search');
    for (let i = 0; i < 5; i++) given.services.answerNext(named('search'), DENIED);
    given.signals.give(named('billing'), 'cpu', () => [50, 4]);
    for (let i = 0; i < 5; i++) given.services.answerNext(CHECKOUT, DENIED);
    for (let i = 0; i < 3; i++) await given.minute();
    given.signals.give(named('billing'), 'cpu', () => [95, 4]);
    expect(lines(await given.minute())[1]).toMatch(/^billing changed: 4 → 6/);
  });

  test('opens when ECS will not describe most services, and closes as soon as it does', async () => {
    const given = hot('checkout', 'billing', 'search');
    given.signals.give(named('search'), 'cpu', () => [50, 4]);
    for (const name of [CHECKOUT, named('billing')])
      given.services.hide(name, { kind: 'unreadable', cause: 'ServerException' });
    for (let i = 0; i < 3; i++) await given.minute();
    given.signals.give(named('search'), 'cpu', () => [95, 4]);
    expect(lines(await given.minute())[2]).toMatch(
      /breaker of the shard open after 3 failures: ECS would not describe 2 of 3 services, tries again in 4 min$/,
    );
    for (const name of [CHECKOUT, named('billing')]) given.services.put(name, { desired: 4, running: 4 });
    await given.minute();
    expect(lines(await given.minute())[2]).toMatch(/^search changed: 4 → 6/);
  });

  test('a breaker that cannot be read is closed, and the budget beside it is kept', () => {
    const text = (breaker: unknown) => JSON.stringify({ rings: {}, shard: { updates: { tokens: 3, at: 5 }, breaker } });
    const good = { failures: 3, at: 1, what: 'down', of: 'reads', openUntil: 9, backOffSeconds: 300 };
    expect(decodeRings('0', { v: 1, rev: 1, text: text(good) }).shard).toEqual({
      updates: { tokens: 3, at: 5 },
      breaker: good,
    });
    for (const bad of [{ ...good, of: 'moon' }, { ...good, failures: '3' }, 'open'])
      expect(decodeRings('0', { v: 1, rev: 1, text: text(bad) }).shard).toEqual({ updates: { tokens: 3, at: 5 } });
  });
});
