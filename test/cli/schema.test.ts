/** `schmitt schema` prints the schema that the parser itself reads with. */
import { expect, test } from '@jest/globals';
import { policyJsonSchema } from '../../lib/policy/document/schema.ts';
import { schmitt } from './schmitt.ts';

test('is JSON Schema, from the same source as the parser', async () => {
  const { exitCode, stdout, stderr } = await schmitt(['schema']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const schema = JSON.parse(stdout);
  expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
  expect(schema.properties).toHaveProperty('services');
  expect(schema).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
});

test('takes no arguments', async () => {
  const { exitCode, stderr } = await schmitt(['schema', 'policy.yaml']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("too many arguments for 'schema'");
});
