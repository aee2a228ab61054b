/** When a window is open: edges, nights, daylight saving, calendars. Every row is asked again with what is kept from days around it. */
import { describe, expect, test } from '@jest/globals';
import { parsePolicies } from '../../lib/policy/document/parse.ts';
import type { TimeWindow } from '../../lib/policy/policy.ts';
import { openSince } from '../../lib/policy/time-window.ts';
import { cron } from '../support/policies.ts';

/** As an operator writes it, in Berlin. */
function until(text: string, end: string): TimeWindow {
  const freeze = [{ cron: text, until: end, timezone: 'Europe/Berlin' }];
  const document = { version: 1, services: [{ service: 'a/b', capacity: { min: 1, max: 2 }, freeze }] };
  const window = parsePolicies([{ name: 'windows.json', text: JSON.stringify(document) }]).services[0]?.freeze[0];
  if (window === undefined) throw new Error('no window was read');
  return window;
}

describe('a window', () => {
  const table: readonly (readonly [what: string, window: TimeWindow, at: string, since: string | undefined])[] = [
    ['before its start', cron('0 8 * * *', 12), '2026-11-18T07:59:59+08:00', undefined],
    ['at its start', cron('0 8 * * *', 12), '2026-11-18T08:00:00+08:00', '2026-11-18T08:00:00+08:00'],
    ['before its end', cron('0 8 * * *', 12), '2026-11-18T19:59:59+08:00', '2026-11-18T08:00:00+08:00'],
    ['at its end', cron('0 8 * * *', 12), '2026-11-18T20:00:00+08:00', undefined],
    ['on a Saturday', cron('0 8 * * MON-FRI', 12), '2026-11-21T09:00:00+08:00', undefined],
    ['over midnight', cron('0 22 * * *', 8), '2026-11-19T03:00:00+08:00', '2026-11-18T22:00:00+08:00'],
    ['over a week', cron('0 0 1 * *', 200), '2026-11-07T12:00:00+08:00', '2026-11-01T00:00:00+08:00'],
    ['in winter', cron('0 8 * * *', 12, 'Europe/Berlin'), '2026-03-28T07:30:00Z', '2026-03-28T07:00:00Z'],
    ['in summer', cron('0 8 * * *', 12, 'Europe/Berlin'), '2026-03-29T06:30:00Z', '2026-03-29T06:00:00Z'],
    [
      'at an hour that is skipped',
      cron('30 2 * * *', 1, 'Europe/Berlin'),
      '2026-03-29T01:15:00Z',
      '2026-03-29T01:00:00Z',
    ],
    ['just before the hour that is skipped', cron('30 2 * * *', 1, 'Europe/Berlin'), '2026-03-29T00:59:59Z', undefined],
    [
      'at an hour that is repeated',
      cron('30 2 * * *', 1, 'Europe/Berlin'),
      '2026-10-25T00:45:00Z',
      '2026-10-25T00:30:00Z',
    ],
    [
      'once only at an hour that is repeated',
      cron('30 2 * * *', 1, 'Europe/Berlin'),
      '2026-10-25T01:45:00Z',
      undefined,
    ],
    [
      'that began in the hour that is repeated, while the clock shows a time before its start again',
      cron('45 2 * * *', 1, 'Europe/Berlin'),
      '2026-10-25T01:30:00Z',
      '2026-10-25T00:45:00Z',
    ],
    ['until a time of day, before it', until('0 22 * * *', '06:00'), '2026-06-02T03:59:59Z', '2026-06-01T20:00:00Z'],
    ['until a time of day, at it', until('0 22 * * *', '06:00'), '2026-06-02T04:00:00Z', undefined],
    [
      'until a time of day, before it in the night that is an hour longer',
      until('0 22 * * *', '06:00'),
      '2026-10-25T04:59:59Z',
      '2026-10-24T20:00:00Z',
    ],
    [
      'until a time of day, at it in the night that is an hour longer',
      until('0 22 * * *', '06:00'),
      '2026-10-25T05:00:00Z',
      undefined,
    ],
    [
      'until a time of day, before it in the night that is an hour shorter',
      until('0 22 * * *', '06:00'),
      '2026-03-29T03:59:59Z',
      '2026-03-28T21:00:00Z',
    ],
    [
      'until a time of day, at it in the night that is an hour shorter',
      until('0 22 * * *', '06:00'),
      '2026-03-29T04:00:00Z',
      undefined,
    ],
    [
      'until a time that is skipped: at the change',
      until('0 22 * * *', '02:30'),
      '2026-03-29T00:59:59Z',
      '2026-03-28T21:00:00Z',
    ],
    ['until a time that is skipped: after it', until('0 22 * * *', '02:30'), '2026-03-29T01:00:00Z', undefined],
    ['until a time that is repeated: the first', until('0 22 * * *', '02:30'), '2026-10-25T00:30:00Z', undefined],
    [
      'from a time to the same time on the day of 25 hours',
      until('0 12 * * *', '12:00'),
      '2026-10-25T10:59:59Z',
      '2026-10-24T10:00:00Z',
    ],
    [
      'within the day on which the clock changes',
      until('0 1 * * *', '04:00'),
      '2026-10-25T02:59:59Z',
      '2026-10-24T23:00:00Z',
    ],
    ['from midnight until a time of day', until('0 0 * * *', '08:00'), '2026-10-25T07:00:00Z', undefined],
    [
      'where the clock changes by half an hour',
      cron('0 2 * * *', 1, 'Australia/Lord_Howe'),
      '2026-04-04T16:00:00Z',
      '2026-04-04T15:30:00Z',
    ],
    ['where midnight is skipped', cron('0 0 * * *', 1, 'Asia/Beirut'), '2026-03-28T22:30:00Z', '2026-03-28T22:00:00Z'],
    [
      'on a date of its calendar',
      cron('0 8 * * *', 12, 'Asia/Shanghai', { dates: { use: 'only', calendar: 'sale', dates: ['2026-11-11'] } }),
      '2026-11-11T09:00:00+08:00',
      '2026-11-11T08:00:00+08:00',
    ],
    [
      'on another date',
      cron('0 8 * * *', 12, 'Asia/Shanghai', { dates: { use: 'only', calendar: 'sale', dates: ['2026-11-11'] } }),
      '2026-11-12T09:00:00+08:00',
      undefined,
    ],
    [
      'on a holiday',
      cron('0 8 * * *', 12, 'Asia/Shanghai', { dates: { use: 'except', calendar: 'holidays', dates: ['2026-10-01'] } }),
      '2026-10-01T09:00:00+08:00',
      undefined,
    ],
    [
      'on a holiday of its own zone',
      cron('0 22 * * *', 2, 'America/New_York', {
        dates: { use: 'except', calendar: 'holidays', dates: ['2026-07-04'] },
      }),
      '2026-07-05T02:30:00Z',
      undefined,
    ],
    [
      'once, at an instant',
      { starts: { kind: 'at', at: Date.parse('2026-11-11T00:00:00+08:00') }, lastsSeconds: 60, timezone: 'UTC' },
      '2026-11-10T16:00:59Z',
      '2026-11-10T16:00:00Z',
    ],
    [
      'once, at its very start',
      { starts: { kind: 'at', at: Date.parse('2026-11-11T00:00:00+08:00') }, lastsSeconds: 60, timezone: 'UTC' },
      '2026-11-10T16:00:00Z',
      '2026-11-10T16:00:00Z',
    ],
    [
      'once, and not yet',
      { starts: { kind: 'at', at: Date.parse('2026-11-11T00:00:00+08:00') }, lastsSeconds: 60, timezone: 'UTC' },
      '2026-11-10T15:59:59Z',
      undefined,
    ],
    [
      'once, and over',
      { starts: { kind: 'at', at: Date.parse('2026-11-11T00:00:00+08:00') }, lastsSeconds: 60, timezone: 'UTC' },
      '2026-11-10T16:01:00Z',
      undefined,
    ],
    [
      'whose start comes again before it ends',
      cron('0 * * * *', 3, 'UTC'),
      '2026-11-18T12:30:00Z',
      '2026-11-18T12:00:00Z',
    ],
    ['on the 29th of February', cron('0 0 29 2 *', 24, 'UTC'), '2028-02-29T12:00:00Z', '2028-02-29T00:00:00Z'],
  ];

  test.each(table)('%s', (_, window, at, since) => {
    const open = openSince(window, Date.parse(at));
    expect(open).toBe(since === undefined ? undefined : Date.parse(since));
    // Asked again with what was kept from before and after it.
    openSince(window, Date.parse(at) + 86_400_000);
    openSince(window, Date.parse(at) - 86_400_000);
    expect(openSince(window, Date.parse(at))).toBe(open);
  });
});
