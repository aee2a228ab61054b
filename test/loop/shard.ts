/** A shard in memory: the real tick, in-memory ports, and a clock that stands until it is moved. */
import type { Account } from '../../lib/loop/account.ts';
import { manualClock } from '../../lib/loop/manual-clock.ts';
import { memoryLedger } from '../../lib/loop/memory-ledger.ts';
import { memoryOverrides } from '../../lib/loop/memory-overrides.ts';
import { memoryPolicies } from '../../lib/loop/memory-policies.ts';
import { memoryServices } from '../../lib/loop/memory-services.ts';
import { memorySignals } from '../../lib/loop/memory-signals.ts';
import { memoryStore } from '../../lib/loop/memory-store.ts';
import type { LedgerEntry, Ports } from '../../lib/loop/ports.ts';
import { tick } from '../../lib/loop/tick.ts';
import type { TickReport, TickRequest } from '../../lib/loop/tick-request.ts';
import type { PolicySet, ServicePolicy } from '../../lib/policy/policy.ts';
import { MINUTE, T0 } from '../support/story.ts';

export const ACCOUNT: Account = { partition: 'aws', region: 'eu-west-1', accountId: '123456789012' };

export function setOf(...services: ServicePolicy[]): PolicySet {
  return { version: 'v1', services, tagged: [], groups: [], allow: [], deny: [] };
}

/** `crashing` wraps the ports that the next ticks use, as a fault would. */
export function shard(...policies: ServicePolicy[]) {
  const clock = manualClock(T0 + 55_000);
  const services = memoryServices(ACCOUNT);
  const signals = memorySignals();
  const store = memoryStore();
  const ledger = memoryLedger();
  const overrides = memoryOverrides();
  const ports: Ports = {
    clock,
    services,
    signals,
    store,
    ledger,
    overrides,
    policies: memoryPolicies(setOf(...policies)),
  };
  let invocations = 0;
  const request = (more: Partial<TickRequest> = {}): TickRequest => {
    invocations += 1;
    return {
      shard: '0',
      account: ACCOUNT,
      owner: `invocation-${invocations}`,
      remainingMs: () => 29_000,
      abort: new AbortController().signal,
      ...more,
    };
  };
  const run = (with_: Partial<Ports> = {}, more: Partial<TickRequest> = {}): Promise<TickReport> =>
    tick({ ...ports, ...with_ }, request(more));
  return {
    clock,
    services,
    signals,
    store,
    ledger,
    overrides,
    ports,
    run,
    /** A tick, and a minute passes after it. */
    async minute(with_: Partial<Ports> = {}): Promise<TickReport> {
      const report = await run(with_);
      clock.advance(MINUTE);
      return report;
    },
  };
}

/** `outcome: sentence` of each service, as an operator would list them. */
export function lines(report: TickReport): readonly string[] {
  if (report.kind === 'busy') return [`busy: ${report.owner}`];
  return report.entries.map((entry: LedgerEntry) => `${entry.service} ${entry.outcome}: ${entry.sentence}`);
}
