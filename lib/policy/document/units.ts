/** Values with their unit, as an operator writes them. The schema has checked their form. */
import { durationSeconds } from '../duration.ts';
import type { TrueFor } from '../policy.ts';
import type { Path } from './problem.ts';
import type { Scope } from './scope.ts';

const YEAR_SECONDS = 366 * 86_400;

/** Seconds; a year is the longest that is taken seriously. */
export function secondsOf(text: string, scope: Scope, path: Path, least = 0): number {
  const seconds = durationSeconds(text) ?? 0;
  if (seconds > YEAR_SECONDS) scope.say(path, `is ${text}, longer than a year; write a shorter time`);
  if (seconds < least) scope.say(path, `is ${text}; write ${least}s or more`);
  return seconds;
}

/** `10%` is 0.1, exactly the number that a computer has for it. */
export function fractionOf(percent: string): number {
  return Number(`${percent.slice(0, -1)}e-2`);
}

export function percentOf(percent: string): number {
  return Number(percent.slice(0, -1));
}

/** The inverse of `fractionOf` for what it makes. */
export function percentText(fraction: number): string {
  return `${Number(`${fraction}e2`)}%`;
}

/** `m of n`. */
export function trueForOf(text: string): TrueFor {
  const [m, n] = text.split(' of ').map(Number);
  return { m: m ?? 1, n: n ?? 1 };
}

/** Milliseconds since the epoch, or undefined for a day that does not exist. */
export function instantOf(text: string): number | undefined {
  return isDate(text.slice(0, 10)) && Number.isFinite(Date.parse(text)) ? Date.parse(text) : undefined;
}

/** Is `YYYY-MM-DD` a day of the calendar? */
export function isDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text);
}
