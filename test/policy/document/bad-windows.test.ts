/** Schedules, freezes and calendars: each row is a document and the sentences it is refused with. */
import { expect, test } from '@jest/globals';
import { bounded, sentencesOf, service } from './documents.ts';

type Row = readonly [document: string, ...sentences: readonly string[]];

const ROWS: readonly Row[] = [
  [
    bounded("schedule: [{ cron: '0 8 * *', lasts: 1h, min: 2 }]"),
    'p.yaml:5: services[0].schedule[0].cron is "0 8 * *", which has 4 fields; write five: minute, hour, day of month, month, day of week.',
  ],
  [
    bounded("schedule: [{ cron: '0 25 * * *', lasts: 1h, min: 2 }]"),
    'p.yaml:5: services[0].schedule[0].cron is "0 25 * * *", which is no cron expression (constraint error, got value 25 expected range 0-23); correct the field.',
  ],
  [
    bounded("schedule: [{ cron: '0 8 * * MOO', lasts: 1h, min: 2 }]"),
    'p.yaml:5: services[0].schedule[0].cron is "0 8 * * MOO", which has MOO in it that no field knows; write numbers, names as in MON or JAN, and * , - /.',
  ],
  [
    bounded("schedule: [{ cron: 'H 8 * * *', lasts: 1h, min: 2 }]"),
    'p.yaml:5: services[0].schedule[0].cron is "H 8 * * *", which has H in it that no field knows; write numbers, names as in MON or JAN, and * , - /.',
  ],
  [
    bounded("schedule: [{ cron: '0 0 31 2 *', lasts: 1h, min: 2 }]"),
    'p.yaml:5: services[0].schedule[0].cron is "0 0 31 2 *", which is no cron expression (invalid explicit day of month definition); correct the field.',
  ],
  [
    bounded("schedule: [{ cron: '@daily', lasts: 1h, min: 2 }]"),
    'p.yaml:5: services[0].schedule[0].cron is "@daily", which has 1 field; write five: minute, hour, day of month, month, day of week.',
  ],
  [
    bounded("schedule: [{ cron: '0 8 * * *', lasts: 1h, min: 2, timezone: Asia/Shangai }]"),
    'p.yaml:5: services[0].schedule[0].timezone is "Asia/Shangai", which is no time zone; did you mean Asia/Shanghai?',
  ],
  [
    bounded("schedule: [{ cron: '0 8 * * *', lasts: 1h, min: 2, timezone: '+08:00' }]"),
    'p.yaml:5: services[0].schedule[0].timezone is "+08:00", which is no time zone; write its IANA name, as in Asia/Shanghai or UTC.',
  ],
  [
    bounded("schedule: [{ cron: '0 8 * * *', lasts: 1h, min: 2, timezone: Zurich }]"),
    'p.yaml:5: services[0].schedule[0].timezone is "Zurich", which is no time zone; did you mean Europe/Zurich?',
  ],
  [
    bounded("schedule: [{ cron: '0 8 * * *', lasts: 1h }]"),
    'p.yaml:5: services[0].schedule[0] sets nothing; add min, max or desired.',
  ],
  [
    bounded("schedule: [{ cron: '0 8 * * *', min: 2 }]"),
    'p.yaml:5: services[0].schedule[0] says no end; add lasts, as in lasts: 12h, or until.',
  ],
  [
    bounded('schedule: [{ min: 2 }]'),
    'p.yaml:5: services[0].schedule[0] says no start; add cron with lasts or until, or from with to.',
  ],
  [
    bounded("schedule: [{ cron: '0 8 * * *', lasts: 1h, min: 20 }]"),
    'p.yaml:5: services[0].schedule[0].min is 20, above capacity.max 9; lower min or write a max.',
  ],
  [
    service("capacity: { min: 4, max: 9 }\nschedule: [{ cron: '0 8 * * *', lasts: 1h, max: 2 }]"),
    'p.yaml:5: services[0].schedule[0].max is 2, below capacity.min 4; raise max or write a min.',
  ],
  [
    bounded("schedule: [{ cron: '0 8 * * *', lasts: 1h, min: 5, max: 2 }]"),
    'p.yaml:5: services[0].schedule[0].min is 5, above its max 2; lower min or write a max.',
  ],
  [
    bounded("schedule: [{ cron: '0 8 * * *', lasts: 1h, desired: 12 }]"),
    'p.yaml:5: services[0].schedule[0].desired is 12, above capacity.max 9; lower desired or write a max.',
  ],
  [
    bounded('freeze: [{ from: 2026-12-25T00:00:00Z, to: 2026-12-24T00:00:00Z }]'),
    'p.yaml:5: services[0].freeze[0].to is 2026-12-24T00:00:00Z, not after from 2026-12-25T00:00:00Z; swap or correct them.',
  ],
  [
    bounded('freeze: [{ from: 2026-12-25T00:00:00, to: 2026-12-26T00:00:00Z }]'),
    'p.yaml:5: services[0].freeze[0].from is "2026-12-25T00:00:00"; write an instant with its offset, as in 2026-11-11T00:00:00+08:00.',
  ],
  [
    bounded('freeze: [{ from: 2026-02-30T00:00:00Z, to: 2026-12-26T00:00:00Z }]'),
    'p.yaml:5: services[0].freeze[0].from is 2026-02-30T00:00:00Z, which no calendar has; write a day and time that exist.',
  ],
  [
    bounded('freeze: [{ from: 2026-12-25T00:00:00Z }]'),
    'p.yaml:5: services[0].freeze[0] says no end; add to or lasts.',
  ],
  [
    bounded("freeze: [{ cron: '0 8 * * *', from: 2026-12-25T00:00:00Z, lasts: 1h }]"),
    'p.yaml:5: services[0].freeze[0].from stands beside cron; keep cron with lasts or until, or from with to.',
  ],
  [
    bounded("freeze: [{ cron: '*/5 8 * * *', until: '20:00' }]"),
    'p.yaml:5: services[0].freeze[0].until goes with a cron of one time a day, as in 0 8 * * MON-FRI; write lasts.',
  ],
  [
    bounded("freeze: [{ cron: '0 8 * * *', until: '20:00', lasts: 1h }]"),
    'p.yaml:5: services[0].freeze[0].until stands beside lasts; keep one of them.',
  ],
  [
    bounded("freeze: [{ cron: '0 8 * * *', until: 8pm }]"),
    `p.yaml:5: services[0].freeze[0].until is "8pm"; write the time of day in quotes, as in '20:00'.`,
  ],
  [
    bounded("freeze: [{ cron: '0 8 * * *', lasts: 0s }]"),
    'p.yaml:5: services[0].freeze[0].lasts is 0s; write 1s or more.',
  ],
  [
    bounded("freeze: [{ cron: '0 8 * * *', lasts: 1h, calendar: holidays }]"),
    'p.yaml:5: services[0].freeze[0].calendar is "holidays", and there are no calendars; add it or take the name out.',
  ],
  [
    bounded(
      "freeze: [{ cron: '0 8 * * *', lasts: 1h, calendar: holiday, except: holidays }]",
      'calendars: { holidays: [2026-12-25] }\n',
    ),
    'p.yaml:5: services[0].freeze[0].calendar is "holiday", and no calendar is called so; did you mean holidays?',
    'p.yaml:5: services[0].freeze[0].except stands beside calendar; keep one of them.',
  ],
  [
    bounded("freeze: [{ cron: '0 8 * * *', lasts: 1h, forbid: in }]"),
    'p.yaml:5: services[0].freeze[0].forbid is "in"; write scaleIn, scaleOut or both.',
  ],
  [
    bounded("freeze: [{ name: a, cron: '0 8 * * *', lasts: 1h }, { name: a, cron: '0 9 * * *', lasts: 1h }]"),
    'p.yaml:5: services[0].freeze[1].name is "a", as that of an earlier window is; give each a name of its own.',
  ],
];

test.each(ROWS)('%j', (document, ...sentences) => {
  expect(sentencesOf(document)).toEqual(sentences);
});
