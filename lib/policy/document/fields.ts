/** The kinds of values that a policy is written with. A text given to a check is the mend that its sentence ends with. */
import * as z from 'zod/mini';

/** ECS runs 5,000 tasks a service; the quota can be raised. */
export const MOST_TASKS = 10_000;
export const MOST_PERIODS = 100;

const NUMBER_AND_UNIT = 'write a number with its unit, as in 90s, 5m, 1h30m or 2d';
const DURATION = /^(?=\d)(?:\d{1,3}d)?(?:\d{1,4}h)?(?:\d{1,6}m)?(?:\d{1,8}s)?$/;
const PERCENT = /^\d{1,6}(?:\.\d{1,4})?%$/;
export const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/;
export const AN_INSTANT = 'write an instant with its offset, as in 2026-11-11T00:00:00+08:00';

export const matching = (pattern: RegExp, mend: string) => z.string(mend).check(z.regex(pattern, mend));
export const text = (mend: string, longest = 300) =>
  z.string(mend).check(z.minLength(1, mend), z.maxLength(longest, `write at most ${longest} characters`));
export const duration = () => matching(DURATION, NUMBER_AND_UNIT);
export const tasks = (least: number) => z.int().check(z.gte(least), z.lte(MOST_TASKS));
export const positive = () => z.number().check(z.gt(0));

export const percent = () => matching(PERCENT, 'write it with its unit, as in 10%');
export const serviceName = () =>
  matching(
    /^(?:[A-Za-z0-9_-]{1,255}\/[A-Za-z0-9_-]{1,255}|arn:.{1,600})$/,
    'write cluster/service, as in prod/checkout, or the ARN of the service',
  );
export const signalName = () => text('write the name of a signal', 64);

export const condition = () => text('write a condition in quotes, as in cpu > 70', 20_000);
export const ruleName = () => matching(/^[\w][\w .-]{0,63}$/, 'write a name of letters, digits, spaces, _ . and -');
