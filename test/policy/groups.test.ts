import { describe, expect, test } from '@jest/globals';
import type { Decided } from '../../lib/policy/decision.ts';
import { explain } from '../../lib/policy/explain.ts';
import { type Member, shareOut } from '../../lib/policy/groups.ts';
import { EMPTY_STATE } from '../../lib/policy/state.ts';

const database = { name: 'orders-db', services: ['prod/checkout', 'prod/billing', 'prod/search'], maxTasks: 20 };

function member(name: string, from: number, to: number): Member {
  const action = to > from ? 'out' : to < from ? 'in' : 'hold';
  const decided: Decided = { decision: { action, from, to }, reasons: [], state: EMPTY_STATE };
  return { name, decided, standsAt: from };
}

const told = (members: readonly Member[]) =>
  shareOut(members, [database]).map((one) => (one === undefined ? 'not decided' : explain(one)));

describe('what the database can bear is shared out by urgency', () => {
  test.each<[string, Member[], string[]]>([
    ['room for everybody', [member('prod/checkout', 4, 6), member('prod/billing', 4, 5)], ['4 → 6', '4 → 5']],
    [
      'the relatively larger need comes first',
      [member('prod/checkout', 10, 14), member('prod/billing', 4, 8)],
      ['10 → 12: group orders-db has room for 12 (asked 14, 20 in all)', '4 → 8'],
    ],
    [
      'no room at all is a hold',
      [member('prod/checkout', 12, 14), member('prod/billing', 8, 8)],
      ['hold 12: group orders-db has room for 12 (asked 14, 20 in all)', 'hold 8'],
    ],
    [
      'what is being given back still runs',
      [member('prod/checkout', 12, 14), member('prod/billing', 8, 4)],
      ['hold 12: group orders-db has room for 12 (asked 14, 20 in all)', '8 → 4'],
    ],
    [
      'nobody is lowered although the ceiling was',
      [member('prod/checkout', 15, 15), member('prod/billing', 9, 9)],
      ['hold 15', 'hold 9'],
    ],
    [
      'strangers are not counted',
      [member('prod/checkout', 12, 14), member('prod/other', 90, 99)],
      ['12 → 14', '90 → 99'],
    ],
    [
      'a member that could not be decided keeps its place',
      [member('prod/checkout', 12, 14), { name: 'prod/search', standsAt: 7 }],
      ['12 → 13: group orders-db has room for 13 (asked 14, 20 in all)', 'not decided'],
    ],
  ])('%s', (_, members, sentences) => {
    expect(told(members)).toEqual(sentences);
  });
});
