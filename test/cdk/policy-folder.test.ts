import { describe, expect, test } from '@jest/globals';
import { choosePolicyFolder } from '../../lib/cdk/policy-folder.ts';

const only =
  (...folders: string[]) =>
  (folder: string) =>
    folders.includes(folder);

describe('the folder of policies', () => {
  test("is the operator's own where there is one, else the examples", () => {
    expect(choosePolicyFolder(undefined, only('policies', 'examples/policies'))).toBe('policies');
    expect(choosePolicyFolder(undefined, only('examples/policies'))).toBe('examples/policies');
  });

  test('is the one asked for', () => {
    expect(choosePolicyFolder('fleet', only('fleet', 'policies'))).toBe('fleet');
  });

  test.each([
    [true, 'Context policies is true: give a folder, as in -c policies=policies.'],
    ['', 'Context policies is "": give a folder, as in -c policies=policies.'],
  ])('asked for as %j is refused', (asked, sentence) => {
    expect(() => choosePolicyFolder(asked, only('policies'))).toThrow(sentence);
  });
});
