/** Windows of time as an operator writes them: schedules and freezes. */
import * as z from 'zod/mini';
import { AN_INSTANT, duration, INSTANT, matching, tasks, text } from './fields.ts';

const optional = z.optional;
const calendarName = () => text('name a calendar', 64);
const window = {
  name: optional(text('write a name', 128)),
  cron: optional(text('write five fields, as in 0 8 * * MON-FRI', 200).check(z.describe('Starts, in the time zone'))),
  from: optional(matching(INSTANT, AN_INSTANT)),
  to: optional(matching(INSTANT, AN_INSTANT)),
  lasts: optional(duration()),
  until: optional(
    matching(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "write the time of day in quotes, as in '20:00'").check(
      z.describe('Time of day in the time zone, for a cron of one time a day'),
    ),
  ),
  timezone: optional(text('write an IANA time zone, as in Asia/Shanghai', 64)),
  calendar: optional(calendarName().check(z.describe('Only windows that start on its dates'))),
  except: optional(calendarName().check(z.describe('Not windows that start on its dates'))),
};
export const scheduled = z.strictObject({
  ...window,
  min: optional(tasks(0)),
  max: optional(tasks(0)),
  desired: optional(tasks(0).check(z.describe('Set once, at the start of the window'))),
});
export const freeze = z.strictObject({ ...window, forbid: optional(z.enum(['scaleIn', 'scaleOut', 'both'])) });
