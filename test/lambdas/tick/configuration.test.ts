import { describe, expect, test } from '@jest/globals';
import { configurationFrom } from '../../../lambdas/tick/configuration.ts';
import { BadInput } from '../../../lib/policy/bad-input.ts';

describe('the environment', () => {
  test('a table is enough: the rest has defaults', () => {
    expect(configurationFrom({ TABLE_NAME: 'states' })).toEqual({ tableName: 'states', abortLeadMs: 1000 });
  });

  test('what is given holds', () => {
    expect(configurationFrom({ TABLE_NAME: 'states', ABORT_LEAD_MS: '2500' }).abortLeadMs).toBe(2500);
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
  ])('%j is one sentence', (environment, sentence) => {
    expect(() => configurationFrom(environment)).toThrow(new BadInput(sentence));
  });
});
