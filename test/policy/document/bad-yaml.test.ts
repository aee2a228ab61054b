/** YAML that cannot be read as meant: each row is a document and the sentences it is refused with. */
import { expect, test } from '@jest/globals';
import { bounded, ruled, sentencesOf, service } from './documents.ts';

type Row = readonly [document: string, ...sentences: readonly string[]];

const ROWS: readonly Row[] = [
  ['', 'p.yaml:1: the file is empty; write version: 1 and services.'],
  ['# nothing\n', 'p.yaml:1: the file is empty; write version: 1 and services.'],
  ['- a\n', 'p.yaml:1: the document is a list; write version: 1 and services.'],
  ['hello\n', 'p.yaml:1: the document is "hello"; write version: 1 and services.'],
  [
    service('capacity: { min: 1, max: 6, min: 2 }'),
    'p.yaml:4: services[0].capacity.min is written twice; keep one of them.',
  ],
  [bounded('capacity: { min: 1, max: 9 }\n'), 'p.yaml:5: services[0].capacity is written twice; keep one of them.'],
  ['version: 1\nservices:\n\t- service: a/b\n', 'p.yaml:3: a tab indents this line; use spaces.'],
  [
    'version: 1\nservices:\n  - service: a/b\n   mode: act\n',
    'p.yaml:4: a line is indented between its neighbours; line it up with one of them.',
  ],
  [
    'version: 1\nservices:\n  - service: a/b\n    mode: act: now\n',
    'p.yaml:4: a map begins inside a value; mend the indentation, or put a text that has ": " in it in quotes.',
  ],
  ['version: 1\nservices: [{ service: a/b, mode: act ]\n', 'p.yaml:2: a brace is not closed; close it with }.'],
  ["version: 1\nservices: [{ service: 'a/b }]\n", 'p.yaml:3: a quote is not closed; close it.'],
  ['version: !!js/function "return 1"\n', 'p.yaml:1: tags (!name) are not read; write the plain value.'],
  ['version: !!int "1"\n', 'p.yaml:1: tags (!name) are not read; write the plain value.'],
  ['%YAML 1.1\n---\nversion: 1\n', 'p.yaml:1: %YAML 1.1 is a directive, which policies do without; delete the line.'],
  ['version: 1\n---\nversion: 1\n', 'p.yaml:2: a second document begins here; put it into a file of its own.'],
  ['version: 1\nservices: &a [*a]\n', 'p.yaml:2: *a names no anchor that ends above it; set &a on an earlier value.'],
  ['version: 1\n__proto__: { admin: true }\n', 'p.yaml:2: __proto__ is no name for a key; choose another.'],
  [
    'version: 1\nconstructor: { prototype: 1 }\n',
    'p.yaml:2: constructor is not known here; known are defaults, services, groups, allow, deny, calendars.',
  ],
  [
    ruled('scaleOut:\n  - name: a\n    when: %cpu'),
    'p.yaml:8: a text cannot begin with this character; put it in quotes.',
  ],
];

test.each(ROWS)('%j', (document, ...sentences) => {
  expect(sentencesOf(document)).toEqual(sentences);
});
