/** Rules, bands and targets: each row is a document and the sentences it is refused with. */
import { expect, test } from '@jest/globals';
import { ruled, sentencesOf } from './documents.ts';

type Row = readonly [document: string, ...sentences: readonly string[]];

const ROWS: readonly Row[] = [
  [
    ruled("scaleOut: [{ name: a, when: 'cpu > 1' }]"),
    'p.yaml:6: services[0].scaleOut[0] says no change; give it add, addPercent, setTo or bands.',
  ],
  [
    ruled("scaleOut: [{ name: a, when: 'cpu > 1', add: 1, setTo: 2 }]"),
    'p.yaml:6: services[0].scaleOut[0].setTo stands beside add, and a rule makes one change; keep one of them.',
  ],
  [
    ruled("scaleOut: [{ name: a, when: 'cpu > 1', remove: 1 }]"),
    'p.yaml:6: services[0].scaleOut[0].remove is not known here; known are trueFor, thenWait, add, addPercent, setTo, atLeast, bands.',
  ],
  [
    ruled("scaleOut: [{ name: a, when: 'cpu > 1', add: 0 }]"),
    'p.yaml:6: services[0].scaleOut[0].add is 0; write a number of 1 or more.',
  ],
  [
    ruled("scaleOut: [{ name: a, when: 'cpu > 1', add: -1 }]"),
    'p.yaml:6: services[0].scaleOut[0].add is -1; write a number of 1 or more.',
  ],
  [
    ruled("scaleOut: [{ name: a, when: 'cpu > 1', addPercent: 50% }]"),
    'p.yaml:6: services[0].scaleOut[0].addPercent is "50%"; write 50, without the sign.',
  ],
  [
    ruled("scaleIn: [{ name: a, when: 'cpu < 1', removePercent: 200 }]"),
    'p.yaml:6: services[0].scaleIn[0].removePercent is 200; write a number of 100 or less.',
  ],
  [
    ruled("scaleOut: [{ name: a, when: 'cpu > 1', add: 1, atLeast: 2 }]"),
    'p.yaml:6: services[0].scaleOut[0].atLeast goes with addPercent only; delete it.',
  ],
  [
    ruled("scaleOut: [{ when: 'cpu > 1', add: 1 }]"),
    'p.yaml:6: services[0].scaleOut[0].name is missing; name it, so that decisions can say what acted.',
  ],
  [
    ruled("scaleOut: [{ name: a, when: 'cpu > 1', add: 1 }]\nscaleIn: [{ name: a, when: 'cpu < 1', remove: 1 }]"),
    'p.yaml:7: services[0].scaleIn[0].name is "a", as that of scaleOut[0] is; give each a name of its own.',
  ],
  [
    ruled('scaleOut: [{ name: a, add: 1 }]'),
    "p.yaml:6: services[0].scaleOut[0] says no condition; add when, as in when: 'cpu > 70'.",
  ],
  [
    ruled("scaleOut: [{ name: a, when: 'cpu > 1 && cpux > 3', add: 1 }]"),
    "p.yaml:6: services[0].scaleOut[0].when cannot be read: no signal is called 'cpux'; the signals are cpu, jobs.",
  ],
  [
    ruled("scaleOut:\n  - name: a\n    when: cpu > '80'\n    add: 1"),
    "p.yaml:8: services[0].scaleOut[0].when cannot be read: 'cpu > '80'' does not fit together (no such overload: double > string); conditions compare numbers.",
  ],
  [
    ruled("scaleOut: [{ name: a, when: '1 > 0', add: 1 }]"),
    'p.yaml:6: services[0].scaleOut[0].when is "1 > 0", which names no signal and never changes; compare a signal with a number.',
  ],
  [
    ruled("scaleOut: [{ name: a, when: 'cpu', add: 1 }]"),
    "p.yaml:6: services[0].scaleOut[0].when cannot be read: a condition is true or false, this one is a number; compare it with something, as in 'cpu > 80'.",
  ],
  [
    ruled("scaleOut: [{ name: a, when: 'cpu >', add: 1 }]"),
    "p.yaml:6: services[0].scaleOut[0].when cannot be read: 'cpu >' is not a condition: it ends too early.",
  ],
  [
    ruled('scaleOut: [{ name: a, when: true, add: 1 }]'),
    'p.yaml:6: services[0].scaleOut[0].when is true; write a condition in quotes, as in cpu > 70.',
  ],
  [
    ruled("scaleOut: [{ name: a, when: 'cpu > 1', add: 1, trueFor: 3 of 2 }]"),
    'p.yaml:6: services[0].scaleOut[0].trueFor is 3 of 2, which is never so; write 2 of 2 or raise the second number.',
  ],
  [
    ruled("scaleOut: [{ name: a, when: 'cpu > 1', add: 1, trueFor: 0 of 2 }]"),
    'p.yaml:6: services[0].scaleOut[0].trueFor is 0 of 2, which is always so; write at least 1 of 2.',
  ],
  [
    ruled("scaleOut: [{ name: a, when: 'cpu > 1', add: 1, trueFor: 3 }]"),
    'p.yaml:6: services[0].scaleOut[0].trueFor is 3; write m of n, as in 3 of 5.',
  ],
  [
    ruled("scaleOut: [{ name: a, when: 'cpu > 1', add: 1, trueFor: 3 of 500 }]"),
    'p.yaml:6: services[0].scaleOut[0].trueFor is 3 of 500, and at most 100 periods are kept; write a smaller second number.',
  ],
  [
    ruled("scaleOut: [{ name: a, when: 'cpu > 1', add: 1, thenWait: 3 }]"),
    'p.yaml:6: services[0].scaleOut[0].thenWait is 3; write a number with its unit, as in 90s, 5m, 1h30m or 2d.',
  ],
  [
    ruled("scaleOut: { name: a, when: 'cpu > 1', add: 1 }"),
    'p.yaml:6: services[0].scaleOut is a map; write a list, each entry after a dash or all in brackets.',
  ],
  [
    ruled(
      'scaleOut: [{ name: a, bands: { signal: cpu, steps: [{ from: 60, to: 70, add: 1 }, { from: 80, add: 2 }] } }]',
    ),
    'p.yaml:6: services[0].scaleOut[0].bands.steps[1].from is 80, and values from 70 on have no band; begin it there.',
  ],
  [
    ruled(
      'scaleOut: [{ name: a, bands: { signal: cpu, steps: [{ from: 60, to: 85, add: 1 }, { from: 80, add: 2 }] } }]',
    ),
    'p.yaml:6: services[0].scaleOut[0].bands.steps[1].from is 80, inside the band that ends at 85; begin it there.',
  ],
  [
    ruled("scaleOut: [{ name: a, when: 'cpu > 1', bands: { signal: cpu, steps: [{ add: 1 }] } }]"),
    'p.yaml:6: services[0].scaleOut[0].bands.steps[0] is open below and above, so it is no band; write from or to.',
  ],
  [
    ruled(
      'scaleOut: [{ name: a, bands: { signal: cpu, steps: [{ from: 60, to: 70, add: 1 }, { from: 70, to: 80, add: 2 }] } }]',
    ),
    'p.yaml:6: services[0].scaleOut[0].bands.steps[1].to is 80, and no band answers beyond it; leave the last to away (or the first from).',
  ],
  [
    ruled(
      'scaleOut: [{ name: a, bands: { signal: cpu, steps: [{ from: 60, to: 50, add: 1 }, { from: 70, add: 2 }] } }]',
    ),
    'p.yaml:6: services[0].scaleOut[0].bands.steps[0].to is 50, not above its from 60; raise to or lower from.',
    'p.yaml:6: services[0].scaleOut[0].bands.steps[1].from is 70, and values from 50 on have no band; begin it there.',
  ],
  [
    ruled('scaleIn: [{ name: a, bands: { signal: cpu, steps: [{ to: 20, remove: 1 }, { to: 30, remove: 2 }] } }]'),
    'p.yaml:6: services[0].scaleIn[0].bands.steps[1] is open below, as another band is; write its from.',
  ],
  [
    ruled('scaleOut: [{ name: a, bands: { signal: cpu, steps: [{ from: 20, add: 1 }, { from: 30, add: 2 }] } }]'),
    'p.yaml:6: services[0].scaleOut[0].bands.steps[0] is open above, and another band begins at 30; write its to.',
  ],
  [
    ruled('scaleOut: [{ name: a, bands: { signal: cpx, steps: [{ from: 60, add: 1 }] } }]'),
    'p.yaml:6: services[0].scaleOut[0].bands.signal is "cpx", and no signal is called so; did you mean cpu?',
  ],
  [
    ruled('scaleOut: [{ name: a, add: 3, bands: { signal: cpu, steps: [{ from: 60, add: 1 }] } }]'),
    'p.yaml:6: services[0].scaleOut[0].add stands beside bands, which say the change themselves; keep one of them.',
  ],
  [
    ruled('scaleOut: [{ name: a, bands: { signal: cpu, steps: [{ to: 60, add: 0 }, { from: 60, add: 1 }] } }]'),
    "p.yaml:6: services[0].scaleOut[0] says no condition, and its bands are open on both sides; add when, as in when: 'cpu > 70'.",
  ],
  [
    ruled('scaleOut: [{ name: a, bands: { signal: cpu, steps: [] } }]'),
    'p.yaml:6: services[0].scaleOut[0].bands.steps is an empty list; write at least 1 entry.',
  ],
  [
    ruled('scaleOut: [{ name: a, bands: { signal: cpu, steps: [{ from: 60 }] } }]'),
    'p.yaml:6: services[0].scaleOut[0].bands.steps[0] says no change; give it add, addPercent or setTo.',
  ],
  [
    ruled('targets: [{ signal: rps, perTask: 1 }]'),
    'p.yaml:6: services[0].targets[0].signal is "rps", and no signal is called so; the signals are cpu, jobs.',
  ],
  [
    ruled('targets: [{ signal: cpu }]'),
    'p.yaml:6: services[0].targets[0].perTask is missing; say how much of the signal one task bears.',
  ],
  [
    ruled('targets: [{ signal: cpu, perTask: 0 }]'),
    'p.yaml:6: services[0].targets[0].perTask is 0; write a number above 0.',
  ],
  [
    ruled('targets: [{ signal: cpu, perTask: -5 }]'),
    'p.yaml:6: services[0].targets[0].perTask is -5; write a number above 0.',
  ],
  [
    ruled('targets: [{ signal: cpu, perTask: 5, tolerance: 0.1 }]'),
    'p.yaml:6: services[0].targets[0].tolerance is 0.1; write it with its unit, as in 10%, or { out: 5%, in: 20% }.',
  ],
  [
    ruled('targets: [{ signal: cpu, perTask: 5, tolerance: 100% }]'),
    'p.yaml:6: services[0].targets[0].tolerance is 100% towards in, which is never left; write less than 100%.',
  ],
  [
    ruled('targets: [{ signal: cpu, perTask: 5 }, { signal: cpu, perTask: 6 }]'),
    'p.yaml:6: services[0].targets[1].name is "cpu", as that of targets[0] is; give each a name of its own.',
  ],
  [
    ruled('targets: [{ backlog: jobs, finishWithin: 30s }]'),
    'p.yaml:6: services[0].targets[0].secondsPerMessage is missing; say how long one message takes.',
  ],
  [
    ruled('targets: [{ backlog: jobs, finishWithin: 30s, secondsPerMessage: 60 }]'),
    'p.yaml:6: services[0].targets[0].finishWithin is 30s, less than the 60 s that one message takes; raise it.',
  ],
  [
    ruled('targets: [{ backlog: job, finishWithin: 30s, secondsPerMessage: 6 }]'),
    'p.yaml:6: services[0].targets[0].backlog is "job", and no signal is called so; did you mean jobs?',
  ],
  [
    ruled('targets: [{}]'),
    'p.yaml:6: services[0].targets[0].signal is missing; name a signal.',
    'p.yaml:6: services[0].targets[0].perTask is missing; say how much of the signal one task bears.',
  ],
];

test.each(ROWS)('%j', (document, ...sentences) => {
  expect(sentencesOf(document)).toEqual(sentences);
});
