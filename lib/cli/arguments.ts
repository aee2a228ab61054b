/** Arguments of several commands, each checked as it is read. */
import { InvalidArgumentError } from 'commander';
import { durationSeconds } from '../policy/duration.ts';
import type { Slo } from '../sim/scoring/slo.ts';

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

/** Above 0. */
export function numberUpTo(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value > 0 && value <= most) return value;
    throw new InvalidArgumentError(`Give a number above 0, at most ${most}.`);
  };
}

/** Seconds. */
export function span(text: string): number {
  const seconds = durationSeconds(text);
  if (seconds !== undefined && seconds > 0) return seconds;
  throw new InvalidArgumentError('Give a length of time, such as 90m, 12h or 3d.');
}

/** Of an option named twice Commander takes the last, and the first would count for nothing. */
export function givenOnce(text: string, before: string | undefined): string {
  if (before === undefined) return text;
  throw new InvalidArgumentError('Give it once.');
}

/** Commander collects what each occurrence of an option says. */
export function list(text: string, before: readonly string[] | undefined): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  const given = names.filter((name) => name !== '');
  if (given.length === 0) throw new InvalidArgumentError('Give at least one name.');
  return [...(before ?? []), ...given];
}

/** `wait=200ms`, `wait=2s`, `utilisation=80%`. */
export function slo(text: string): Slo {
  const [, milliseconds] = /^wait=(\d+(?:\.\d+)?)ms$/.exec(text) ?? [];
  if (milliseconds !== undefined && Number(milliseconds) > 0)
    return { kind: 'wait', seconds: Number(milliseconds) / 1000 };
  const [, length] = /^wait=(\w+)$/.exec(text) ?? [];
  const seconds = length === undefined ? undefined : durationSeconds(length);
  if (seconds !== undefined && seconds > 0) return { kind: 'wait', seconds };
  const [, percent] = /^utilisation=(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  if (percent !== undefined && Number(percent) > 0 && Number(percent) <= 100) {
    return { kind: 'utilisation', most: Number(percent) / 100 };
  }
  throw new InvalidArgumentError('Give wait=200ms, wait=2s or utilisation=80%.');
}
