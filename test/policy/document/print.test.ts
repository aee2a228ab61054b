import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parsePolicies } from '../../../lib/policy/document/parse.ts';
import { printPolicies } from '../../../lib/policy/document/print.ts';
import { policySet } from './arbitrary-policies.ts';
import { bounded, setOf } from './documents.ts';

test('what is printed and read again is the same policy, to the last bit', () => {
  fc.assert(
    fc.property(policySet, (set) => {
      expect(parsePolicies([{ name: 'printed.yaml', text: printPolicies(set) }])).toEqual(set);
    }),
    { numRuns: 60 },
  );
});

test('texts that YAML 1.1 reads as something else are printed in quotes', () => {
  const printed = printPolicies(setOf(bounded("mode: off\nsignals: { q: { sqs: '007' } }")));
  expect(printed).toContain('mode: "off"');
  expect(printed).toContain('sqs: "007"');
});

test.each(['0X1F', '0B1', '0b7', '+0o9', '0X_'])('so is %s, which our reader refuses without them', (queue) => {
  const set = setOf(bounded(`signals: { q: { sqs: '${queue}' } }`));
  expect(parsePolicies([{ name: 'printed.yaml', text: printPolicies(set) }])).toEqual(set);
});

test('what a document leaves to the defaults is printed written out', () => {
  const lines = printPolicies(setOf(bounded('signals: { cpu: { ecs: CPUUtilization } }'))).split('\n');
  expect(lines).toContain('        publicationDelay: 50s');
  expect(lines).toContain(
    '      in: { cooldown: 5m, stabilization: 5m, upTo: [ 10%, 1 task ], pick: larger, per: 5m }',
  );
});
