/** The JSON Schema for editors, tried with a validator that knows nothing of our reader. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { fromJSONSchema } from 'zod';
import { policyJsonSchema } from '../../../lib/policy/document/schema.ts';
import { bounded, service } from './documents.ts';
import { EXAMPLES } from './example-files.ts';

const validator = fromJSONSchema(policyJsonSchema() as Parameters<typeof fromJSONSchema>[0]);
const accepts = (text: string): boolean => validator.safeParse(parse(text)).success;

test.each(EXAMPLES)('%s fits the schema', (file) => {
  expect(accepts(readFileSync(file, 'utf8'))).toBe(true);
});

test.each([
  ['a misspelt key', service('capcity: { min: 1, max: 9 }')],
  ['a number in quotes', service("capacity: { min: '1', max: 9 }")],
  ['a duration without a unit', bounded('cadence: 20')],
  ['a signal without a source', bounded('signals: { cpu: { stat: Average } }')],
  ['a rule without a name', bounded('scaleOut: [{ when: cpu > 1, add: 1 }]')],
  ['a document without its version', 'services: []'],
])('an editor underlines %s', (_what, text) => {
  expect(accepts(text)).toBe(false);
});

test('it is draft 7, says what fields mean, and closes every map', () => {
  const schema = JSON.stringify(policyJsonSchema());
  expect(policyJsonSchema().$schema).toBe('http://json-schema.org/draft-07/schema#');
  expect(schema).toContain('"description":"Time between two decisions"');
  expect(policyJsonSchema().additionalProperties).toBe(false);
});
