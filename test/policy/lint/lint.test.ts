/** The linter finds each fault, says how to mend it, and is silent about the mended policy. */
import { describe, expect, test } from '@jest/globals';
import { parsePolicies } from '../../../lib/policy/document/parse.ts';
import { pathText } from '../../../lib/policy/document/problem.ts';
import { lint, RULES } from '../../../lib/policy/lint/lint.ts';
import type { Facts } from '../../../lib/policy/lint/warning.ts';
import { FAULTS } from './faults.ts';

const SOUND = [
  'capacity: { min: 2, max: 60 }',
  'signals: { cpu: { ecs: CPUUtilization } }',
  "scaleOut: [{ name: warm, when: 'cpu > 70', add: 1 }]",
  "scaleIn: [{ name: calm, when: 'cpu < 40', remove: 1 }]",
];

/** A document of one service: sound, but for the fields given. */
function documentOf(fields: readonly string[]): string {
  const key = (field: string) => field.split(':', 1)[0];
  const kept = SOUND.filter((field) => !fields.some((other) => key(other) === key(field)));
  return [
    'version: 1',
    'services:',
    '  - service: prod/checkout',
    ...[...kept, ...fields].map((field) => `    ${field}`),
  ].join('\n');
}

function warnings(fields: readonly string[], facts?: Facts): readonly { rule: string; says: string }[] {
  const set = parsePolicies([{ name: 'policy.yaml', text: documentOf(fields) }]);
  return lint(set, facts).map(({ rule, path, sentence }) => ({
    rule,
    says: `${path.length === 0 ? 'the service' : pathText(path)}: ${sentence}`,
  }));
}

test('a sound policy has no warning', () => {
  expect(warnings([])).toEqual([]);
});

test('every rule has its fault here', () => {
  expect(Object.keys(FAULTS)).toEqual(RULES.map(({ name }) => name));
});

test('a signal used and not declared is no warning: the policy is refused, with the name that was meant', () => {
  expect(() => warnings(["scaleOut: [{ name: warm, when: 'cpuu > 70', add: 1 }]"])).toThrow(
    "policy.yaml:7: services[0].scaleOut[0].when cannot be read: no signal is called 'cpuu'; the signals are cpu.",
  );
});

describe.each(Object.entries(FAULTS))('%s', (rule, { faulty, says, mended, facts }) => {
  test('is found, with the numbers and the mend', () => {
    const found = warnings(faulty, facts).filter((one) => one.rule === rule);
    expect(found.map((one) => one.says)).toEqual(says);
  });

  test('is gone after the mend', () => {
    expect(warnings(mended, facts)).toEqual([]);
  });
});
