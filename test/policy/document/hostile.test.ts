/** Files made to hurt: refused within a tenth of a second, before anything is built of them, and never executed. */
import { expect, test } from '@jest/globals';
import { checkPolicies, type Problem } from '../../../lib/policy/document/parse.ts';
import { LIMITS } from '../../../lib/policy/document/syntax.ts';
import { bounded, ruled } from './documents.ts';

const FULL = LIMITS.bytes;
const LAUGHS = ['a: &a [1,1,1,1,1,1,1,1,1]', ...[...'bcdefghi'].map(laughAt)].join('\n');
function laughAt(letter: string, index: number): string {
  return `${letter}: &${letter} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`;
}

type Row = readonly [name: string, text: string, sentence: string];
const ROWS: readonly Row[] = [
  [
    'a byte too many',
    `#${'a'.repeat(FULL)}`,
    'the file has 257 KB, above the limit of 256; split it into several files.',
  ],
  [
    'few characters, many bytes',
    `#${'é'.repeat(FULL / 2)}`,
    'the file has 257 KB, above the limit of 256; split it into several files.',
  ],
  ['a billion laughs', LAUGHS, 'anchors unfold to more than 50000 values; write them out.'],
  ['a list in itself', 'a: &a [*a]', '*a names no anchor that ends above it; set &a on an earlier value.'],
  [
    'a map merged into itself',
    'a: &a { <<: *a }',
    '*a names no anchor that ends above it; set &a on an earlier value.',
  ],
  [
    'brackets to the end',
    '['.repeat(FULL),
    'the file has more than 150000 words and marks; split it into several files.',
  ],
  [
    'brackets to the depth',
    `a: ${'['.repeat(5000)}`,
    'values lie more than 40 levels deep here; no policy needs that.',
  ],
  ['maps to the depth', '{a: '.repeat(5000), 'values lie more than 40 levels deep here; no policy needs that.'],
  ['dashes to the depth', '- '.repeat(5000), 'values lie more than 40 levels deep here; no policy needs that.'],
  ['commas', `a: [${','.repeat(40_000)}`, 'this is not YAML (unexpected , in flow sequence); mend the line.'],
  [
    'bad escapes',
    `a: "${'\\x'.repeat(100_000)}"`,
    'a text in double quotes has an escape that does not exist; put it in single quotes.',
  ],
  ['anchors on anchors', '&a '.repeat(40_000), 'this is not YAML (a node can have at most one anchor); mend the line.'],
  ['documents', '---\n'.repeat(40_000), 'a second document begins here; put it into a file of its own.'],
  ['duplicate keys', `${keys(3000)}k2999: 1\n`, 'k2999 is written twice; keep one of them.'],
  ['code in a tag', 'a: !!js/function "function () { throw 1 }"', 'tags (!name) are not read; write the plain value.'],
  ['a prototype', '{ "__proto__": { "mode": "act" } }', '__proto__ is no name for a key; choose another.'],
  [
    'a condition in parentheses',
    ruled(`scaleOut: [{ name: a, when: '${'('.repeat(900)}cpu > 1${')'.repeat(900)}', add: 1 }]`),
    'services[0].scaleOut[0].when cannot be read: the condition is too large or has a list, map or too deep a nesting (Exceeded maxDepth (40)); split it into rules.',
  ],
  [
    'a condition with a slow pattern',
    ruled(`scaleOut: [{ name: a, when: '"${'a'.repeat(28)}".matches("(a+)+b")', add: 1 }]`),
    `services[0].scaleOut[0].when cannot be read: '"${'a'.repeat(28)}".matches("(a+)+b")' is not allowed; conditions know numbers, signals, comparisons, && || !, + - * / and the functions over windows.`,
  ],
  [
    'a duration of a hundred thousand digits',
    bounded(`cadence: ${'9'.repeat(100_000)}s`),
    `services[0].cadence is "${'9'.repeat(55)}…"; write a number with its unit, as in 90s, 5m, 1h30m or 2d.`,
  ],
];

function keys(count: number): string {
  return Array.from({ length: count }, (_, index) => `k${index}: 1\n`).join('');
}

function refused(text: string): { readonly problems: readonly Problem[]; readonly milliseconds: number } {
  // Time of this thread, not of the clock: other work on the machine does not count.
  const before = process.threadCpuUsage();
  const checked = checkPolicies([{ name: 'p.yaml', text }]);
  const { user, system } = process.threadCpuUsage(before);
  const milliseconds = (user + system) / 1000;
  return { problems: checked.kind === 'bad' ? checked.problems : [], milliseconds };
}

test.each(ROWS)('%s', (_name, text, sentence) => {
  // The best of three: the first one also compiles the code.
  const runs = [refused(text), refused(text), refused(text)];
  expect(runs[0]?.problems.map(({ message }) => message.replace(/^p\.yaml:\d+: /, ''))).toEqual([sentence]);
  expect(Math.min(...runs.map(({ milliseconds }) => milliseconds))).toBeLessThan(100);
});

test('of a thousand problems a hundred are said', () => {
  const services = Array.from(
    { length: 1000 },
    (_, index) => `  - { service: a/b${index}, capacity: { min: 5, max: 2 } }\n`,
  );
  expect(refused(`version: 1\nservices:\n${services.join('')}`).problems).toHaveLength(100);
  expect(refused(`version: 1\n${keys(20_000)}`).problems).toHaveLength(100);
});

test('nothing a document holds reaches the prototype of objects', () => {
  refused('{ "__proto__": { "polluted": 1 }, "constructor": { "prototype": { "polluted": 1 } } }');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
