/** Conditions that are refused when a policy is loaded, each with the sentence that the operator reads, each within a tenth of a second. */
import { performance } from 'node:perf_hooks';
import { describe, expect, test } from '@jest/globals';
import { checkCondition, signalNameFault } from '../../lib/policy/cel.ts';
import { compileCondition } from '../../lib/policy/condition.ts';

const SIGNALS = ['cpu', 'rps'];
const THE_SIGNALS = 'the signals are cpu, rps';
const THERE_ARE = 'there are avg, max, min, p50, p90, p95, p99, rate, slope, age and missing';
const KNOWN =
  'is not allowed; conditions know numbers, signals, comparisons, && || !, + - * / and the functions over windows';
const tooLarge = (what: string) =>
  `the condition is too large or has a list, map or too deep a nesting (Exceeded ${what}); split it into rules`;
const takes = (name: string) => `${name} takes a signal and a window between 1s and 3h, as in ${name}(cpu, '5m')`;

const TABLE: readonly (readonly [expression: string, sentence: string])[] = [
  ['', "'' is not a condition: it ends too early"],
  ['cpu >', "'cpu >' is not a condition: it ends too early"],
  ['cpu = 80', "'cpu = 80' is not a condition: write == where two numbers are to be the same"],
  ['cpu => 80', "'cpu => 80' is not a condition: write >= for at least"],
  ['cpu =< 80', "'cpu =< 80' is not a condition: write <= for at most"],
  ['cpu <> 80', "'cpu <> 80' is not a condition: write != where two numbers are to differ"],
  ['cpu > 80 & rps > 1', "'cpu > 80 & rps > 1' is not a condition: write && for and"],
  ['cpu > 80 AND rps > 1', "'cpu > 80 AND rps > 1' is not a condition: write && for and"],
  ['cpu > 80 | rps > 1', "'cpu > 80 | rps > 1' is not a condition: write || for or"],
  ['not cpu > 80', "'not cpu > 80' is not a condition: write ! for not"],
  ['cpu > 80; rps > 1', "'cpu > 80; rps > 1' is not a condition: unexpected character: ;"],
  ['mem > 80', `no signal is called 'mem'; ${THE_SIGNALS}`],
  ['__proto__ > 80', `no signal is called '__proto__'; ${THE_SIGNALS}`],
  ['constructor > 80', `no signal is called 'constructor'; ${THE_SIGNALS}`],
  ['cpu.__proto__ > 80', "'cpu.__proto__ > 80' is not a condition: cannot index type 'double'"],
  ['cpu["x"] > 1', "'cpu[\"x\"] > 1' is not a condition: cannot index type 'double'"],
  ['cpu', "a condition is true or false, this one is a number; compare it with something, as in 'cpu > 80'"],
  [
    'cpu && true',
    "&&, || and ! join conditions, and a side of 'cpu && true' is a number; compare it with something first",
  ],
  ['!cpu', "'!cpu' does not fit together (no such overload: !double); conditions compare numbers"],
  ["cpu > '80'", "'cpu > '80'' does not fit together (no such overload: double > string); conditions compare numbers"],
  ["'a' == 'a'", "conditions compare numbers; 'a' is not one"],
  ['null == null', 'conditions compare numbers; null is not one'],
  ['b"a" == b"a"', 'conditions compare numbers; b"a" is not one'],
  [
    '(cpu > 1 ? cpu : 1) > 3',
    "both results of 'cpu > 1 ? cpu : 1' must be of one kind; write both with a decimal point or both without",
  ],
  ['cpu % 2 == 0', "'cpu % 2' does not fit together (no such overload: double % int); conditions compare numbers"],
  ['1e999 > cpu', "'1e999 > cpu' is not a condition: invalid number: Infinity"],
  ['cpu in [1, 2]', tooLarge('maxListElements (0)')],
  ['[] == []', `'[]' ${KNOWN}`],
  ['{"a": 1} == {"a": 1}', tooLarge('maxMapEntries (0)')],
  ['[1, 2].exists(x, x > 1)', tooLarge('maxListElements (0)')],
  [
    'cpu.map(x, x) > 1',
    "'cpu.map(x, x) > 1' is not a condition: expression of type 'double' cannot be range of a comprehension (must be list, map, or dynamic).",
  ],
  ['has(cpu.x)', `there is no function has; ${THERE_ARE}`],
  ["'aaaa'.matches('(a+)+b')", `''aaaa'.matches('(a+)+b')' ${KNOWN}`],
  ["matches('aaaa', '(a+)+b')", `there is no function matches; ${THERE_ARE}`],
  ['dyn(cpu) > 1.0', `there is no function dyn; ${THERE_ARE}`],
  ["duration('5m') > duration('1m')", `there is no function duration; ${THERE_ARE}`],
  ["median(cpu, '5m') > 1", `there is no function median; ${THERE_ARE}`],
  ['avg(cpu) > 1', takes('avg')],
  ['avg(cpu, 5) > 1', takes('avg')],
  ["avg(cpu, '5x') > 1", takes('avg')],
  ["p95(cpu, '9h') > 1", takes('p95')],
  ["max(cpu, '0s') > 1", takes('max')],
  ["avg(cpu + 1, '5m') > 1", 'avg takes a signal by its name, not an expression'],
  ["avg(mem, '5m') > 1", `no signal is called 'mem'; ${THE_SIGNALS}`],
  ["age('cpu') > 1", 'age takes one signal, as in age(cpu)'],
  ['missing(cpu, rps)', 'missing takes one signal, as in missing(cpu)'],
  [`${'('.repeat(100)}cpu > 1${')'.repeat(100)}`, tooLarge('maxDepth (40)')],
  [`${'cpu > 1 ? '.repeat(60)}true${' : false'.repeat(60)}`, tooLarge('maxDepth (40)')],
  [`cpu > 1${' || cpu > 1'.repeat(150)}`, tooLarge('maxAstNodes (400)')],
  [`cpu${' + 1'.repeat(400)} > 1`, tooLarge('maxAstNodes (400)')],
  ['x'.repeat(2001), 'a condition has at most 2000 characters, this one has 2001; split it into rules'],
];

describe('a condition is refused', () => {
  test.each(TABLE.map(([expression, sentence]) => [short(expression), expression, sentence] as const))(
    '%s',
    (_, expression, sentence) => {
      const startedAt = performance.now();
      const checked = checkCondition(expression, SIGNALS);
      const tookMs = performance.now() - startedAt;
      expect(checked.kind === 'bad' ? checked.sentence : 'taken').toBe(sentence);
      expect(tookMs).toBeLessThan(100);
    },
  );

  test('and never compiled unchecked', () => {
    expect(() => compileCondition('mem > 80', SIGNALS)).toThrow("no signal is called 'mem'");
  });

  test('at the place that is wrong', () => {
    const checked = checkCondition('cpu > 80 && mem > 1', SIGNALS);
    expect(checked).toMatchObject({ kind: 'bad', start: 12, end: 15 });
  });
});

function short(expression: string): string {
  return expression.length > 40 ? `${expression.slice(0, 30)} … (${expression.length})` : expression;
}

describe('a condition is read as meant', () => {
  test.each([
    ['a comment', 'cpu > 80 // hot'],
    ['lines', 'cpu > 80\n  && rps > 1'],
    ['many negations', `${'!'.repeat(100)}(cpu > 1)`],
    ['a number that no whole number of 64 bits holds', 'cpu < 99999999999999999999'],
    ['no signal at all', '1 == 1'],
  ])('%s', (_, expression) => {
    expect(checkCondition(expression, SIGNALS).kind).toBe('ok');
  });
});

describe('a signal cannot be called', () => {
  test.each([
    ['true', 'is a word of the expression language'],
    ['in', 'is a word of the expression language'],
    ['duration', 'is a word of the expression language'],
    ['__proto__', 'is not a name of letters, digits and _ that starts with a letter'],
    ['95th', 'is not a name of letters, digits and _ that starts with a letter'],
    ['cpu-max', 'is not a name of letters, digits and _ that starts with a letter'],
    ['', 'is not a name of letters, digits and _ that starts with a letter'],
    ['constructor', 'is a name that every object has already'],
    ['hasOwnProperty', 'is a name that every object has already'],
  ])('%s', (name, fault) => {
    expect(signalNameFault(name)).toBe(fault);
  });
});
