/** Each kind of problem points at the line and the column where the mend goes. */
import { expect, test } from '@jest/globals';
import { checkPolicies, type Problem } from '../../../lib/policy/document/parse.ts';

function problemsOf(...texts: readonly string[]): readonly Problem[] {
  const checked = checkPolicies(texts.map((text, index) => ({ name: `${index + 1}.yaml`, text })));
  return checked.kind === 'ok' ? [] : checked.problems;
}

const SERVICE = `version: 1
services:
  - service: prod/web
    capacity:
      min: 1
      max: 9
    signals:
      cpu:
        ecs: CPUUtilization
    scaleOut:
      - name: warm
        when: cpu > 70
        add: 1
`;

type Row = readonly [kind: string, from: string, to: string, line: number, column: number, path: string];
const ROWS: readonly Row[] = [
  ['syntax', 'ecs: CPU', 'ecs: @CPU', 9, 14, ''],
  ['a brace that is not closed', 'cpu:', 'cpu: {', 10, 5, ''],
  ['a tab', '    scaleOut', '\tscaleOut', 10, 1, ''],
  ['a tag', 'add: 1', 'add: !!int 1', 13, 14, ''],
  ['an ambiguous number', 'max: 9', 'max: 09', 6, 12, ''],
  ['a key written twice', 'max: 9', 'min: 9', 6, 7, ''],
  ['an unknown key', 'add: 1', 'ad: 1', 13, 9, 'services[0].scaleOut[0].ad'],
  ['a wrong type', 'add: 1', "add: '1'", 13, 9, 'services[0].scaleOut[0].add'],
  ['a value below its least', 'add: 1', 'add: 0', 13, 9, 'services[0].scaleOut[0].add'],
  ['a value of no list', 'CPUUtilization', 'Cpu', 9, 9, 'services[0].signals.cpu.ecs'],
  ['a missing key', '- name: warm\n        when', '- when', 11, 9, 'services[0].scaleOut[0].name'],
  ['no member of a union', 'ecs: CPUUtilization', 'period: 1m', 8, 7, 'services[0].signals.cpu'],
  ['a contradiction', 'min: 1', 'min: 12', 5, 7, 'services[0].capacity.min'],
  ['the middle of a condition', 'cpu > 70', 'cpu > 70 || mem > 3', 12, 27, 'services[0].scaleOut[0].when'],
  ['the middle of a quoted one', 'cpu > 70', "'cpu > 70 || mem > 3'", 12, 28, 'services[0].scaleOut[0].when'],
  ['a condition with escapes', 'cpu > 70', '"cpu > 70 \\x7c| mem > 3"', 12, 9, 'services[0].scaleOut[0].when'],
  [
    'a condition over lines',
    'cpu > 70',
    '>\n          cpu > 70 ||\n          mem > 3',
    12,
    9,
    'services[0].scaleOut[0].when',
  ],
];

test.each(ROWS)('%s', (_kind, from, to, line, column, path) => {
  expect(SERVICE).toContain(from);
  const [first, ...others] = problemsOf(SERVICE.replace(from, to));
  expect(first).toMatchObject({ file: '1.yaml', line, column });
  if (path !== '') expect(first?.path).toBe(path);
  expect(first?.message).toMatch(`1.yaml:${line}: `);
  expect(others).toEqual([]);
});

test('an inherited fault is said once, where the defaults stand', () => {
  const defaults = `version: 1\ndefaults:\n  signals: { cpu: { ecs: CPUUtilization } }\n  scaleIn:\n    - name: calm\n      when: mem < 3\n      remove: 1\n`;
  const services =
    'version: 1\nservices:\n  - service: a/b\n    capacity: { min: 1, max: 2 }\n  - service: a/c\n    capacity: { min: 9, max: 2 }\n';
  expect(problemsOf(services, defaults).map(({ message }) => message)).toEqual([
    '1.yaml:6: services[1].capacity.min is 9, above max 2; lower min or raise max.',
    "2.yaml:6: defaults.scaleIn[0].when cannot be read: no signal is called 'mem'; the signals are cpu.",
  ]);
});

test('a fault behind an alias or a merge is said where the value is written', () => {
  const base = 'version: 1\ndefaults:\n  capacity: &sizes\n    min: 1\n    max: 9.5\n';
  const alias = `${base}services:\n  - service: a/b\n    capacity: *sizes\n`;
  const merge = `${base}services:\n  - service: a/b\n    capacity:\n      <<: *sizes\n      min: 2\n`;
  for (const text of [alias, merge])
    expect(problemsOf(text).map(({ line, path }) => [line, path])).toEqual([
      [5, 'defaults.capacity.max'],
      [5, 'services[0].capacity.max'],
    ]);
});

test('problems come in the order of files and lines', () => {
  const upside = SERVICE.replace('add: 1', 'add: x').replace('min: 1', 'min: x');
  expect(problemsOf(upside, upside).map(({ file, line }) => `${file}:${line}`)).toEqual([
    '1.yaml:5',
    '1.yaml:13',
    '2.yaml:5',
    '2.yaml:13',
  ]);
});
