import { describe, expect, test } from '@jest/globals';
import { parsePolicies } from '../../lib/policy/document/parse.ts';
import { isAllowed, matches, selectedServices } from '../../lib/policy/selection.ts';

const set = parsePolicies([
  {
    name: 'fleet.yaml',
    text: `
version: 1
defaults:
  signals: { cpu: { ecs: CPUUtilization } }
  scaleOut: [{ name: warm, when: 'cpu > 70', add: 1 }]
  scaleIn: [{ name: calm, when: 'cpu < 40', remove: 1 }]
services:
  - { service: prod/checkout, capacity: { min: 2, max: 6 } }
  - { service: prod/bastion, capacity: { min: 1, max: 2 } }
  - { tagged: { schmitt: web }, capacity: { min: 2, max: 20 } }
  - { tagged: { schmitt: web, stage: prod }, capacity: { min: 4, max: 40 } }
allow: [prod/*, test/search]
deny: ['*/bastion']
`,
  },
]);

const found = (service: string, tagged: number) => {
  const [cluster = '', name = ''] = service.split('/');
  return { cluster, service: name, tagged };
};
const told = (...services: readonly ReturnType<typeof found>[]) =>
  selectedServices(set, services).map(
    ({ cluster, service, capacity }) => `${cluster}/${service} ${capacity.min}..${capacity.max}`,
  );

describe('whom a set of policies is for', () => {
  test('named services, less what is denied', () => {
    expect(told()).toEqual(['prod/checkout 2..6']);
  });

  test('tagged ones as well; a name counts more than a tag, and of two tagged policies the first', () => {
    expect(
      told(found('prod/search', 1), found('prod/search', 0), found('prod/checkout', 0), found('prod/pay', 1)),
    ).toEqual(['prod/checkout 2..6', 'prod/search 2..20', 'prod/pay 4..40']);
  });

  test('never one that allow does not name or deny does', () => {
    expect(told(found('test/other', 0), found('test/search', 0), found('test/bastion', 0))).toEqual([
      'prod/checkout 2..6',
      'test/search 2..20',
    ]);
    expect(isAllowed({ allow: [], deny: [] }, 'any/thing')).toBe(true);
  });

  test.each([
    ['prod/*', 'prod/a', true],
    ['prod/*', 'prod2/a', false],
    ['*/a', 'prod/a', true],
    ['p*d/a', 'pd/a', true],
    ['pd*d/a', 'pd/a', false],
    ['*', 'x', true],
    ['prod/a', 'prod/ab', false],
  ])('%s matches %s: %s', (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });
});
