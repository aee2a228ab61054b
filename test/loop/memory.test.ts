/** The in-memory ports keep the ports' promises. */
import { expect, test } from '@jest/globals';
import { manualClock } from '../../lib/loop/manual-clock.ts';
import { memoryLedger } from '../../lib/loop/memory-ledger.ts';
import { memoryOverrides } from '../../lib/loop/memory-overrides.ts';
import { memoryPolicies } from '../../lib/loop/memory-policies.ts';
import { memoryServices } from '../../lib/loop/memory-services.ts';
import { memorySignals } from '../../lib/loop/memory-signals.ts';
import { memoryStore } from '../../lib/loop/memory-store.ts';
import type { SetOutcome } from '../../lib/loop/ports.ts';
import { ledgerContract } from '../contracts/ledger.ts';
import { overridesContract, policiesContract } from '../contracts/policies.ts';
import { type ChangeFault, servicesContract } from '../contracts/services.ts';
import { signalsContract } from '../contracts/signals.ts';
import { storeContract } from '../contracts/store.ts';

const OUTCOMES: Readonly<Record<ChangeFault, SetOutcome>> = {
  throttle: { kind: 'retryable', error: 'ThrottlingException', message: 'Rate exceeded', unknown: false },
  serverError: { kind: 'retryable', error: 'ServerException', message: 'down', unknown: true },
  accessDenied: { kind: 'refused', error: 'AccessDeniedException', message: 'no' },
  loseAnswer: { kind: 'retryable', error: 'TimeoutError', message: 'no answer', unknown: true },
  loseRequest: { kind: 'retryable', error: 'TimeoutError', message: 'no answer', unknown: true },
};

storeContract('memory', async () => {
  const store = memoryStore();
  return {
    store,
    plantService: async (arn, item) => store.plantService(arn, item),
    plantRings: async (shard, item) => store.plantRings(shard, item),
    close: async () => undefined,
  };
});

ledgerContract('memory', async () => {
  const ledger = memoryLedger();
  return {
    ledger,
    read: async (arn) => ledger.entries.filter((entry) => entry.arn === arn),
    close: async () => undefined,
  };
});

servicesContract('memory', async (given) => {
  const services = memoryServices();
  for (const { cluster, service, ...facts } of given) {
    services.put({ cluster, service }, { ...facts, pending: Math.max(0, facts.desired - facts.running) });
  }
  return {
    services,
    meet: (name, fault) => services.answerNext(name, OUTCOMES[fault], fault === 'loseAnswer'),
    desiredOf: services.desiredOf,
    close: async () => undefined,
  };
});

signalsContract('memory', async (series) => {
  const signals = memorySignals();
  for (const { query, points } of series) signals.give(query, query.name, points);
  return {
    signals,
    meet: (query, fault) => signals.fail(query, query.name, fault, `it is ${fault}`),
    close: async () => undefined,
  };
});

policiesContract('memory', async (set) => memoryPolicies(set));
overridesContract('memory', async (all) => memoryOverrides(all));

test('the manual clock stands until it is moved, also backwards', () => {
  const clock = manualClock(1_000);
  clock.advance(500);
  expect(clock.now()).toBe(1_500);
  clock.set(200);
  expect(clock.now()).toBe(200);
});
