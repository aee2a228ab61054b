import { describe, expect, test } from '@jest/globals';
import { BadInput } from '../../../lib/policy/bad-input.ts';
import { compiledPolicies, readCompiledPolicies } from '../../../lib/policy/document/compiled.ts';
import { canonicalJson, fnv1a64, versionOf } from '../../../lib/policy/document/version.ts';
import type { PolicySet } from '../../../lib/policy/policy.ts';
import { ruled, setOf } from './documents.ts';

const SET = setOf(ruled("scaleOut: [{ name: warm, when: 'cpu > 70', add: 1 }]"));
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('what was compiled is read again as it was', () => {
  expect(readCompiledPolicies(asJson(compiledPolicies(SET)))).toEqual(SET);
});

type Row = readonly [name: string, json: unknown, sentence: RegExp];
const compiled = () => asJson(compiledPolicies(SET)) as Record<string, unknown>;
const changed = (change: Partial<Record<keyof PolicySet, unknown>>): unknown => {
  const set = { ...SET, ...change } as PolicySet;
  return asJson({ v: 1, ...set, version: versionOf(set) });
};

describe('what is refused', () => {
  const rows: readonly Row[] = [
    ['nothing', null, /^policies\.json: it is no compiled policy set; compile the policies again\.$/],
    ['a list', [], /it is no compiled policy set/],
    ['a later format', { ...compiled(), v: 2 }, /its format v is 2, and this Schmitt reads 1/],
    ['no format', { ...compiled(), v: undefined }, /its format v is undefined/],
    ['no version', { ...compiled(), version: undefined }, /version is missing/],
    ['no services', { ...compiled(), services: undefined }, /services is no list/],
    [
      'a change by hand',
      { ...compiled(), deny: ['prod/*'] },
      /version is [0-9a-f]{16}, and its content hashes to [0-9a-f]{16}/,
    ],
    ['a service without a name', changed({ services: [{ mode: 'act' }] }), /services\[0\] has no name/],
    [
      'a service without a pace',
      changed({ services: [{ ...SET.services[0], pace: 1 }] }),
      /services\[0\] has no proper pace/,
    ],
    ['tags without a policy', changed({ tagged: [{ tags: {} }] }), /tagged\[0\] has no tags or no policy/],
  ];
  test.each(rows)('%s', (_name, json, sentence) => {
    expect(() => readCompiledPolicies(json)).toThrow(BadInput);
    expect(() => readCompiledPolicies(json)).toThrow(sentence);
  });
});

/** Source: the test vectors published with the FNV hash. */
test.each([
  ['', 'cbf29ce484222325'],
  ['a', 'af63dc4c8601ec8c'],
  ['foobar', '85944171f73967e8'],
])('the hash of %j is that of FNV-1a', (text, hash) => {
  expect(fnv1a64(text)).toBe(hash);
});

test('canonical JSON does not depend on the order of keys, only on that of lists', () => {
  expect(canonicalJson({ b: [2, 1], a: { d: null, c: 1 } })).toBe('{"a":{"c":1,"d":null},"b":[2,1]}');
});
