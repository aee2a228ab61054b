/** What every source of policies and of overrides promises. */
import { describe, expect, test } from '@jest/globals';
import type { Overrides, Policies } from '../../lib/loop/ports.ts';
import { versionOf } from '../../lib/policy/document/version.ts';
import type { EpochMs, Override, PolicySet } from '../../lib/policy/policy.ts';

const NOW = Date.UTC(2026, 10, 20, 8);
const live = (): AbortSignal => new AbortController().signal;
const gone = (): AbortSignal => AbortSignal.abort(new Error('the time is over'));

export function policiesContract(name: string, create: (set: PolicySet) => Promise<Policies>): void {
  describe(`policies: ${name}`, () => {
    const content = { services: [], tagged: [], groups: [], allow: [], deny: ['prod/*'] };
    const set: PolicySet = { version: versionOf(content), ...content };

    test('answers the set in force, as often as it is asked', async () => {
      const policies = await create(set);
      expect(await policies.load(live())).toEqual(set);
      expect(await policies.load(live())).toEqual(set);
      await expect(policies.load(gone())).rejects.toThrow('the time is over');
    });
  });
}

export function overrideOf(id: string, expiresAt: EpochMs): Override {
  return { id, scope: 'prod/*', set: { kind: 'floor', tasks: 9 }, owner: 'anna', reason: 'a sale', expiresAt };
}

export function overridesContract(name: string, create: (all: readonly Override[]) => Promise<Overrides>): void {
  describe(`overrides: ${name}`, () => {
    test('lists what has not expired; one that expires now has', async () => {
      const [past, now, future] = [overrideOf('a', NOW - 1), overrideOf('b', NOW), overrideOf('c', NOW + 1)];
      const overrides = await create([past, now, future]);
      expect(await overrides.list(NOW, live())).toEqual([future]);
      expect(await overrides.list(NOW + 1, live())).toEqual([]);
      await expect(overrides.list(NOW, gone())).rejects.toThrow('the time is over');
    });
  });
}
