/** What every ledger promises. */
import { describe, expect } from '@jest/globals';
import type { Ledger, LedgerEntry } from '../../lib/loop/ports.ts';
import type { EpochMs } from '../../lib/policy/policy.ts';
import { storiesOf } from './stories.ts';

export interface LedgerWorld {
  readonly ledger: Ledger;
  /** What lies there of this service, oldest first. */
  read(arn: string): Promise<readonly LedgerEntry[]>;
  close(): Promise<void>;
}

const NOW = Date.UTC(2026, 10, 20, 8);
const live = (): AbortSignal => new AbortController().signal;

export function entryOf(service: string, at: EpochMs, facts: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    v: 1,
    cluster: 'prod',
    service,
    arn: `arn:aws:ecs:eu-west-1:123456789012:service/prod/${service}`,
    at,
    policyVersion: 'p1',
    decision: { action: 'out', from: 4, to: 6 },
    outcome: 'changed',
    sentence: 'Out from 4 to 6: cpu is 81 %.',
    reasons: [{ kind: 'foreignChange', from: 3, to: 4 }],
    ...facts,
  };
}

export function ledgerContract(name: string, create: () => Promise<LedgerWorld>): void {
  const story = storiesOf(create);

  describe(`ledger: ${name}`, () => {
    story('keeps what it is given, by service and by time', async ({ ledger, read }) => {
      const [first, other, second] = [
        entryOf('checkout', NOW),
        entryOf('billing', NOW),
        entryOf('checkout', NOW + 60_000),
      ];
      await ledger.record([first, other], live());
      await ledger.record([second], live());
      expect(await read(first.arn)).toEqual([first, second]);
      expect(await read(other.arn)).toEqual([other]);
    });

    story('keeps both of two entries of one service in one millisecond', async ({ ledger, read }) => {
      const [settled, held] = [
        entryOf('checkout', NOW, { outcome: 'settled' }),
        entryOf('checkout', NOW, { outcome: 'held' }),
      ];
      await ledger.record([settled, held], live());
      expect(await read(settled.arn)).toEqual([settled, held]);
    });

    story('takes more entries than go into one call', async ({ ledger, read }) => {
      const entries = Array.from({ length: 130 }, (_, index) => entryOf(`service-${index}`, NOW));
      await ledger.record(entries, live());
      const kept = await Promise.all(entries.map(({ arn }) => read(arn)));
      expect(kept).toEqual(entries.map((entry) => [entry]));
    });

    story('takes nothing, and no abort', async ({ ledger, read }) => {
      await ledger.record([], live());
      const late = ledger.record([entryOf('checkout', NOW)], AbortSignal.abort(new Error('the time is over')));
      await expect(late).rejects.toThrow('the time is over');
      expect(await read(entryOf('checkout', NOW).arn)).toEqual([]);
    });
  });
}
