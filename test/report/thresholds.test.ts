import { expect, test } from '@jest/globals';
import { thresholdsOf } from '../../lib/report/thresholds.ts';
import { policy } from './a-run.ts';

const [warm] = policy.scaleOut;
const [calm] = policy.scaleIn;
if (warm === undefined || calm === undefined) throw new Error('the made-up policy has lost its rules');

function linesOf(out: string, into: string): readonly string[] {
  const changed = {
    ...policy,
    scaleOut: [{ ...warm, when: out }],
    scaleIn: [{ ...calm, when: into }],
  } as typeof policy;
  return thresholdsOf(changed).map(({ side, sign, value }) => `${side} ${sign} ${value}`);
}

test.each([
  ['cpu > 70', 'cpu < 40', ['out > 70', 'in < 40']],
  ['70.5 < cpu', '40 >= cpu', ['out > 70.5', 'in <= 40']],
  ['(cpu > 80 && rps > 1000) || cpu >= 95', 'cpu < 40 && rps < 600', ['out > 80', 'out >= 95', 'in < 40']],
  ['rps > 1000', 'mem < 40', []],
  ['cpu > 70 || cpu > 70', 'cpu < 40', ['out > 70', 'in < 40']],
])('%s, %s', (out, into, lines) => {
  expect(linesOf(out, into)).toEqual(lines);
});

test('a target of CPU is a line too', () => {
  const target = {
    kind: 'perTask',
    name: 'busy',
    signal: 'cpu',
    perTask: 60,
    tolerance: { out: 0.1, in: 0.1 },
  } as const;
  expect(thresholdsOf({ ...policy, targets: [target] }).at(-1)).toEqual({
    chart: 'cpu',
    side: 'target',
    sign: '',
    value: 60,
    rule: 'busy',
  });
});
