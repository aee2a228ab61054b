import { describe, expect, test } from '@jest/globals';
import { shadowed } from '../../../lambdas/tick/shadowed.ts';
import { memoryOverrides } from '../../../lib/loop/memory-overrides.ts';
import { memoryPolicies } from '../../../lib/loop/memory-policies.ts';
import type { Mode, Override } from '../../../lib/policy/policy.ts';
import { fleet, policy } from '../../cdk/synthesized.ts';

const live = new AbortController().signal;
const set = {
  ...fleet(policy('prod/checkout', 'act'), policy('prod/billing', 'shadow'), policy('prod/old', 'off')),
  tagged: [{ tags: { schmitt: 'web' }, policy: policy('any/any', 'act') }],
};

function capped(...overrides: readonly Override[]) {
  const all = memoryOverrides();
  for (const override of overrides) all.put(override);
  return shadowed({ policies: memoryPolicies(set), overrides: all });
}

describe('in shadow', () => {
  test('no policy acts, and what is off stays off', async () => {
    const { services, tagged } = await capped().policies.load(live);
    expect(services.map(({ mode }) => mode)).toEqual(['shadow', 'shadow', 'off']);
    expect(tagged.map(({ policy: { mode } }) => mode)).toEqual(['shadow']);
  });

  test('the same policies are the same values, so that what is compiled of them stays', async () => {
    const { policies } = capped();
    expect(await policies.load(live)).toBe(await policies.load(live));
  });

  test('no override makes a service act', async () => {
    const said = (mode: Mode): Override => ({
      ...{ id: mode, scope: '*', set: { kind: 'mode', mode }, owner: 'mira', reason: 'a sale' },
      expiresAt: 1_000,
    });
    const listed = await capped(said('act'), said('off')).overrides.list(0, live);
    expect(listed.map((one) => one.set)).toEqual([
      { kind: 'mode', mode: 'shadow' },
      { kind: 'mode', mode: 'off' },
    ]);
  });
});
