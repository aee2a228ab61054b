import { describe, expect, test } from '@jest/globals';
import { createHandler } from '../../../lambdas/validate/handler.ts';
import { compiledPolicies } from '../../../lib/policy/document/compiled.ts';
import { deployedPolicies } from '../../../lib/policy/document/deployed.ts';
import { versionOf } from '../../../lib/policy/document/version.ts';
import type { PolicySet, ServicePolicy } from '../../../lib/policy/policy.ts';
import { checkoutPolicies } from '../../support/policy-texts.ts';
import { invocation, printed } from '../tick/invocation.ts';

const output = printed();

const GOOD = checkoutPolicies(`
scaleOut: [{ name: busy, when: 'cpu > 70', add: 2, trueFor: 2 of 3 }]
scaleIn: [{ name: calm, when: 'cpu < 30', remove: 1 }]`);

/** Well hashed, so that only what it says is wrong. */
function changed(change: Partial<ServicePolicy>): PolicySet {
  const services = GOOD.services.map((policy) => ({ ...policy, ...change }));
  const set = { ...GOOD, services };
  return { ...set, version: versionOf(set) };
}

/** What AppConfig sends. */
function asked(content: string) {
  const ids = { applicationId: 'a1b2c3d', configurationProfileId: 'e4f5g6h', configurationVersion: '3' };
  return { ...ids, content: Buffer.from(content).toString('base64'), uri: 'hosted' };
}

const validate = (configuration: unknown) =>
  createHandler()(asked(JSON.stringify(configuration)), invocation({ functionName: 'Schmitt-Validate' }));

describe('a configuration', () => {
  test('of compiled policies may be deployed, with names to be given or without', async () => {
    await expect(validate(compiledPolicies(GOOD))).resolves.toBeUndefined();
    await expect(validate(deployedPolicies(GOOD, { prod: 'prod-1a2b' }))).resolves.toBeUndefined();
    expect(output.logs()).toMatchObject([
      { level: 'INFO', message: `Policies ${GOOD.version} of 1 services may be deployed.` },
      { level: 'INFO' },
    ]);
  });

  test('that the linter warns of may be deployed, and the warning is told', async () => {
    await validate(compiledPolicies(changed({ scaleIn: [] })));
    expect(output.logs()).toContainEqual(
      expect.objectContaining({
        level: 'WARN',
        rule: 'no-way-in',
        message: expect.stringMatching(/^prod\/checkout: /),
      }),
    );
  });

  test.each([
    ['a changed text', { ...compiledPolicies(GOOD), deny: ['*'] }, 'hashes to'],
    ['another format', { ...compiledPolicies(GOOD), v: 2 }, 'this Schmitt reads 1'],
    ['min above max', compiledPolicies(changed({ capacity: { min: 9, max: 4 } })), 'min is 9, above max 4'],
    [
      'a condition that cannot be compiled',
      compiledPolicies(changed({ guard: { ...changed({}).services[0]?.guard, holdInWhile: ['cpu >'] } as never })),
      'holdInWhile',
    ],
    [
      'a cadence under ten seconds',
      compiledPolicies(changed({ cadenceSeconds: 5 })),
      'cadence is 5s; write 10s or more',
    ],
  ])('with %s may not', async (_case, configuration, sentence) => {
    await expect(validate(configuration)).rejects.toThrow(sentence);
  });

  test('in YAML may not: the sentence says what is deployed', async () => {
    await expect(createHandler()(asked('version: 1\nservices: []'), invocation())).rejects.toThrow(
      'The configuration is no JSON: deploy compiled policies, as npm run build writes them to policies.json.',
    );
  });

  test('that is no configuration of AppConfig may not', async () => {
    await expect(createHandler()({}, invocation())).rejects.toThrow('Event, field content');
  });
});
