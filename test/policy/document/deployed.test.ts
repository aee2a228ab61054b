import { describe, expect, test } from '@jest/globals';
import { deployedPolicies, readDeployedPolicies } from '../../../lib/policy/document/deployed.ts';
import { parsePolicies } from '../../../lib/policy/document/parse.ts';

const SET = parsePolicies([
  {
    name: 'web.yaml',
    text: `
version: 1
services:
  - service: Shop-Cluster/Shop-Web
    capacity: { min: 2, max: 20 }
    signals:
      cpu: { ecs: CPUUtilization }
      jobs: { sqs: Shop-Jobs }
      lag: { cloudwatch: { namespace: Shop, metric: Lag, dimensions: { Stream: Shop-Stream, Shard: 'all' } } }
    scaleOut: [{ name: busy, when: 'cpu > 70 || jobs / 2.0 > 9 || lag > 5', add: 2 }]
    scaleIn: [{ name: calm, when: 'cpu < 40', remove: 1 }]
groups:
  - { name: orders-db, services: [Shop-Cluster/Shop-Web], maxTasks: 90 }
`,
  },
]);

const NAMES = {
  'Shop-Cluster': 'shop-cluster-1a2b',
  'Shop-Web': 'shop-web-3c4d',
  'Shop-Jobs': 'https://sqs.eu-west-1.amazonaws.com/123456789012/shop-jobs-5e6f',
  'Shop-Stream': 'app/shop/7',
};

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('deployed policies', () => {
  test('have the names that the deployment gave, and the version that was checked', () => {
    const set = readDeployedPolicies(asJson(deployedPolicies(SET, NAMES)));
    expect(set.version).toBe(SET.version);
    expect(set.services[0]).toMatchObject({
      cluster: 'shop-cluster-1a2b',
      service: 'shop-web-3c4d',
      signals: {
        jobs: { source: { queue: NAMES['Shop-Jobs'] } },
        lag: { source: { namespace: 'Shop', dimensions: { Stream: 'app/shop/7', Shard: 'all' } } },
      },
      scaleOut: [{ when: 'cpu > 70 || jobs / 2.0 > 9 || lag > 5' }],
    });
    expect(set.groups[0]?.services).toEqual(['shop-cluster-1a2b/shop-web-3c4d']);
  });

  test('without stand-ins are the set itself', () => {
    expect(readDeployedPolicies(asJson(deployedPolicies(SET)))).toEqual(SET);
    expect(readDeployedPolicies(asJson(deployedPolicies(SET).policies))).toEqual(SET);
  });

  test.each([
    ['names that are no texts', { ...deployedPolicies(SET), names: { a: 1 } }, 'names is no map of texts'],
    ['no names', { policies: deployedPolicies(SET).policies }, 'names is no map of texts'],
    [
      'policies that were changed',
      { policies: { ...deployedPolicies(SET).policies, deny: ['*'] }, names: {} },
      'hashes',
    ],
  ])('%s are refused', (_case, json, fault) => {
    expect(() => readDeployedPolicies(asJson(json), 'deployed')).toThrow(fault);
    expect(() => readDeployedPolicies(asJson(json), 'deployed')).toThrow(/^deployed: .*compile the policies again\.$/);
  });
});
