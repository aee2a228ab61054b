/** When a window is open: edges, nights, daylight saving, calendars. Every row is asked again with what is kept from days around it. */
import { describe, expect, test } from '@jest/globals';
import type { TimeWindow } from '../../lib/policy/policy.ts';
import { openSince } from '../../lib/policy/time-window.ts';
import { cron } from '../support/policies.ts';

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
