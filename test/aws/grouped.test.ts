import { expect, test } from '@jest/globals';
import { groupedBy } from '../../lib/aws/grouped.ts';

test('groups come in the order of their first items, and items keep theirs', () => {
  const words = ['pear', 'fig', 'plum', 'kiwi', 'date', 'nut'];
  expect([...groupedBy(words, (word) => word.length)]).toEqual([
    [4, ['pear', 'plum', 'kiwi', 'date']],
    [3, ['fig', 'nut']],
  ]);
});

test('nothing makes no group', () => {
  expect(groupedBy([], String).size).toBe(0);
});
