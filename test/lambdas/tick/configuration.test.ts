import { describe, expect, test } from '@jest/globals';
import { configurationFrom } from '../../../lambdas/tick/configuration.ts';

describe('the environment', () => {
  test('a table is enough: the rest has defaults', () => {
    expect(configurationFrom({ TABLE_NAME: 'states' })).toEqual({
      tableName: 'states',
      scaler: 'schmitt',
      mode: 'act',
      shards: 1,
      abortLeadMs: 1000,
    });
  });

  test('what is given holds', () => {
    const given = {
      TABLE_NAME: 'states',
      SCALER_NAME: 'Shop',
      MODE: 'shadow',
      SHARDS: '4',
      ABORT_LEAD_MS: '2500',
      POLICIES: 'app/live/policies',
      PROMETHEUS: '{"own":{"url":"https://prometheus.example.com"}}',
      TICK_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/ticks',
    };
    expect(configurationFrom(given)).toEqual({
      tableName: 'states',
      scaler: 'Shop',
      mode: 'shadow',
      shards: 4,
      abortLeadMs: 2500,
      policies: { application: 'app', environment: 'live', profile: 'policies' },
      prometheus: { own: { url: 'https://prometheus.example.com', authorization: { kind: 'none' } } },
      queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/ticks',
    });
  });

  test.each([
    [{}, 'Environment variable TABLE_NAME is missing: set it to the name of the DynamoDB table of the stack.'],
    [
      { TABLE_NAME: '' },
      'Environment variable TABLE_NAME is "": set it to the name of the DynamoDB table of the stack.',
    ],
    [
      { TABLE_NAME: 'states', ABORT_LEAD_MS: 'soon' },
      'Environment variable ABORT_LEAD_MS is "soon": give whole milliseconds from 0 to 10000, or leave it out for 1000.',
    ],
    [
      { TABLE_NAME: 'states', ABORT_LEAD_MS: '-1' },
      'Environment variable ABORT_LEAD_MS is "-1": give whole milliseconds from 0 to 10000, or leave it out for 1000.',
    ],
    [
      { TABLE_NAME: 'states', MODE: 'dry' },
      'Environment variable MODE is "dry": set it to act or shadow, or leave it out for act.',
    ],
    [
      { TABLE_NAME: 'states', SHARDS: '0' },
      'Environment variable SHARDS is "0": give a whole number from 1 to 1000, or leave it out for 1.',
    ],
    [
      { TABLE_NAME: 'states', PROMETHEUS: 'amp' },
      'Prometheus endpoints: not JSON; write { "amp": { "workspace": "ws-…", "region": "eu-west-1" } }.',
    ],
    [
      { TABLE_NAME: 'states', POLICIES: 'app' },
      'Environment variable POLICIES is "app": give application/environment/profile of AppConfig, or leave it out for the policies beside the function.',
    ],
  ])('%j is one sentence', (environment, sentence) => {
    expect(() => configurationFrom(environment)).toThrow(sentence);
  });
});
