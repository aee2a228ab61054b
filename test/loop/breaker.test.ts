/** What fails again and again is left alone for a while: one service, or the whole shard where AWS itself fails. */
import { describe, expect, test } from '@jest/globals';
import type { SetOutcome } from '../../lib/loop/ports.ts';
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
  const minute = async () => {
    const report = await given.run();
    given.clock.advance(MINUTE);
    return report;
  };
  return { ...given, minute };
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
    const ending = new AbortController();
    const services = {
      ...given.services,
      setDesiredCount: async (...args: Parameters<typeof given.services.setDesiredCount>) => {
        ending.abort(new Error('the time is over'));
        return given.services.setDesiredCount(...args);
      },
    };
    for (let i = 0; i < 3; i++) await given.run({ services }, { abort: ending.signal }).catch(() => undefined);
    given.clock.advance(5 * MINUTE);
    expect(lines(await given.minute())[0]).not.toMatch(/breaker/);
  });
});
