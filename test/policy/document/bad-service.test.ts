/** Capacity, mode, cadence, pace and guard: each row is a document and the sentences it is refused with. */
import { expect, test } from '@jest/globals';
import { bounded, ruled, sentencesOf, service } from './documents.ts';

type Row = readonly [document: string, ...sentences: readonly string[]];

const ROWS: readonly Row[] = [
  [service('mode: act'), 'p.yaml:3: services[0].capacity is missing; add it, as in capacity: { min: 2, max: 10 }.'],
  [
    service('capacity: { min: 1 }'),
    'p.yaml:4: services[0].capacity.max is missing; say the largest number of tasks, as in max: 10.',
  ],
  [
    service('capacity: { max: 1 }'),
    'p.yaml:4: services[0].capacity.min is missing; say the smallest number of tasks, as in min: 2.',
  ],
  [
    service('capacity: { min: 12, max: 6 }'),
    'p.yaml:4: services[0].capacity.min is 12, above max 6; lower min or raise max.',
  ],
  [service('capacity: { min: -1, max: 6 }'), 'p.yaml:4: services[0].capacity.min is -1; write a number of 0 or more.'],
  [service('capacity: { min: 1.5, max: 6 }'), 'p.yaml:4: services[0].capacity.min is 1.5; write a whole number.'],
  [
    service('capacity: { min: "2", max: 6 }'),
    'p.yaml:4: services[0].capacity.min is "2", a text; take the quotes away.',
  ],
  [
    service('capacity: { min: 2, max: 60000 }'),
    'p.yaml:4: services[0].capacity.max is 60000; write a number of 10000 or less.',
  ],
  [
    service('capacity: { min: 010, max: 60 }'),
    "p.yaml:4: services[0].capacity.min is 010, which some read to the base 8; write 10 for a number, '010' for a text.",
  ],
  [
    service('capacity: { min: 1, max: .inf }'),
    'p.yaml:4: services[0].capacity.max is .inf, not a finite number; write one.',
  ],
  [
    service('capacity: { min: .nan, max: 1 }'),
    'p.yaml:4: services[0].capacity.min is .nan, not a finite number; write one.',
  ],
  [service('capacity: { min: NaN, max: 1 }'), 'p.yaml:4: services[0].capacity.min is "NaN"; write a number.'],
  [
    service('capacity: { min: 1_0, max: 60 }'),
    'p.yaml:4: services[0].capacity.min is 1_0, a number only to some readers; write decimal digits, or quotes around a text.',
  ],
  [
    service('capacity: { min: 0x2, max: 60 }'),
    'p.yaml:4: services[0].capacity.min is 0x2, a number only to some readers; write decimal digits, or quotes around a text.',
  ],
  [
    service('capacity: { min: 1, max: 1e999 }'),
    'p.yaml:4: services[0].capacity.max is 1e999, too large for a number; write a smaller one.',
  ],
  [service('capacity: { min: yes, max: 6 }'), 'p.yaml:4: services[0].capacity.min is "yes"; write a number.'],
  [
    service('capacity: { min: , max: 6 }'),
    'p.yaml:4: services[0].capacity.min is empty; give it a value or leave the key away.',
  ],
  [service('capcity: { min: 1, max: 2 }'), 'p.yaml:4: services[0].capcity is not known here; did you mean capacity?'],
  [service('capacity: { mim: 1, max: 2 }'), 'p.yaml:4: services[0].capacity.mim is not known here; did you mean min?'],
  [service('capacity: [1, 2]'), 'p.yaml:4: services[0].capacity is a list; write a map, as in { min: 2, max: 10 }.'],
  [
    service('capacity: { min: 0, max: 2 }'),
    'p.yaml:4: services[0].capacity.min is 0, and no signal sees load at zero tasks; add an sqs, promql or pushed signal, or write 1.',
  ],
  [
    service('capacity: { min: 0, max: 2 }\nsignals: { jobs: { sqs: jobs } }'),
    'p.yaml:4: services[0].capacity.min is 0, and neither scaleOut nor targets use jobs to leave zero; use it there, or write 1.',
  ],
  [bounded('mode: on'), 'p.yaml:5: services[0].mode is "on"; write act, shadow or off.'],
  [bounded('mode: true'), 'p.yaml:5: services[0].mode is true; write act, shadow or off.'],
  [
    bounded('mode: shaddow'),
    'p.yaml:5: services[0].mode is "shaddow"; did you mean shadow? Possible are act, shadow or off.',
  ],
  [bounded('cadence: 5s'), 'p.yaml:5: services[0].cadence is 5s; write 10s or more.'],
  [
    bounded('cadence: 20'),
    'p.yaml:5: services[0].cadence is 20; write a number with its unit, as in 90s, 5m, 1h30m or 2d.',
  ],
  [
    bounded('cadence: 20 seconds'),
    'p.yaml:5: services[0].cadence is "20 seconds"; write a number with its unit, as in 90s, 5m, 1h30m or 2d.',
  ],
  [bounded('cadence: 400d'), 'p.yaml:5: services[0].cadence is 400d, longer than a year; write a shorter time.'],
  [
    bounded('pace: { out: quick }'),
    'p.yaml:5: services[0].pace.out is "quick"; write fast, normal or slow, or a map of cooldown, stabilization, upTo, pick and per.',
  ],
  [bounded('pace: fast'), 'p.yaml:5: services[0].pace is "fast"; write a map, as in { out: fast, in: normal }.'],
  [
    bounded('pace: { in: { upTo: [200%] } }'),
    'p.yaml:5: services[0].pace.in.upTo is 200%, more than there is to take away; write 100% or less.',
  ],
  [
    bounded('pace: { in: { upTo: [10%], pick: smaller } }'),
    'p.yaml:5: services[0].pace.in.pick is smaller, which needs both percent and tasks in upTo; write both.',
  ],
  [
    bounded('pace: { in: { upTo: [0%, 0 tasks] } }'),
    'p.yaml:5: services[0].pace.in.upTo permits no change at all; write 1 task or more.',
  ],
  [
    bounded('pace: { in: { upTo: 5 } }'),
    'p.yaml:5: services[0].pace.in.upTo is 5; write percent or tasks, as in [100%, 4 tasks].',
  ],
  [
    bounded('pace: { in: { cooldown: 5 } }'),
    'p.yaml:5: services[0].pace.in.cooldown is 5; write verified or a duration, as in 5m.',
  ],
  [bounded('pace: { in: { per: 0s } }'), 'p.yaml:5: services[0].pace.in.per is 0s; write 1s or more.'],
  [
    bounded('pace: { in: { upTo: [5%, 6%] } }'),
    'p.yaml:5: services[0].pace.in.upTo has two limits of one kind; keep one, as in [100%, 4 tasks].',
  ],
  [
    bounded('pace: { in: { colddown: 5m } }'),
    'p.yaml:5: services[0].pace.in.colddown is not known here; did you mean cooldown?',
  ],
  [
    ruled("guard: { holdInWhile: 'cpu > 1' }"),
    'p.yaml:6: services[0].guard.holdInWhile is "cpu > 1"; write a list, each entry after a dash or all in brackets.',
  ],
  [
    ruled("guard: { holdInWhile: ['mem > 1'] }"),
    "p.yaml:6: services[0].guard.holdInWhile[0] cannot be read: no signal is called 'mem'; the signals are cpu, jobs.",
  ],
  [
    bounded('guard: { whenBlindFor: { 10m: { atLeast: 60 } } }'),
    'p.yaml:5: services[0].guard.whenBlindFor.10m.atLeast is 60, above capacity.max 9; lower it or raise max.',
  ],
  [
    bounded('guard: { whenBlindFor: { 10: { atLeast: 6 } } }'),
    'p.yaml:5: services[0].guard.whenBlindFor.10 is not possible here; write a number with its unit, as in 90s, 5m, 1h30m or 2d.',
  ],
  [
    bounded('guard: { whenBlindFor: { 60s: { atLeast: 6 }, 1m: { atLeast: 7 } } }'),
    'p.yaml:5: services[0].guard.whenBlindFor.1m is written twice; keep one of them.',
  ],
  [
    bounded('guard: { whenBlindFor: { 10m: {} } }'),
    'p.yaml:5: services[0].guard.whenBlindFor.10m.atLeast is missing; say the number of tasks, as in { atLeast: 6 }.',
  ],
];

test.each(ROWS)('%j', (document, ...sentences) => {
  expect(sentencesOf(document)).toEqual(sentences);
});
