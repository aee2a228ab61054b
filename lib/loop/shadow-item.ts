/** Stored parts of shadow mode: the virtual service in a service's item, and the scores in the shard's. */
import type { IdleFit } from '../counterfactual/idle.ts';
import type { RealCount } from '../counterfactual/start-times.ts';
import { type Side, TALLY_FORMAT, type Tally } from '../counterfactual/tally.ts';
import { VIRTUAL_FORMAT, type VirtualService } from '../counterfactual/virtual-service.ts';
import {
  type Check,
  check,
  fields,
  format,
  isListOf,
  isMapOf,
  isNumber,
  isRecord,
  isText,
  number,
  numbers,
  object,
  optional,
  optionalNumber,
  text,
} from './checks.ts';

const areNumbers = (value: unknown, length: number) => isListOf(value, isNumber) && value.length === length;
const listOf = (length: number, what: string) =>
  check((value) => isListOf(value, (one) => areNumbers(one, length)), what);

const REAL: Readonly<Record<keyof RealCount, Check>> = {
  desired: number,
  inForce: number,
  risingSince: optionalNumber,
};

const VIRTUAL: Readonly<Record<keyof VirtualService, Check>> = {
  v: format(VIRTUAL_FORMAT),
  desired: number,
  starting: listOf(2, 'a list of times and tasks'),
  real: object(REAL),
  running: listOf(3, 'a list of times and counts'),
  startSeconds: numbers,
  backlogs: optional(check((value) => isMapOf(value, (one) => areNumbers(one, 2)), 'a map of leads')),
};

export const shadow = object(VIRTUAL);

const SIDE: Readonly<Record<keyof Side, Check>> = {
  desired: number,
  overloadedSeconds: number,
  taskSeconds: number,
  changes: number,
};

const IDLE: Readonly<Record<keyof IdleFit, Check>> = {
  n: number,
  x: number,
  y: number,
  xx: number,
  xy: number,
  yy: number,
};

const flag = check((value) => typeof value === 'boolean', 'true or false');
const OVERLOADED: Readonly<Record<keyof NonNullable<Tally['overloaded']>, Check>> = { words: text, byCpu: flag };
const BETWEEN: Readonly<Record<keyof Tally['oursBetween'], Check>> = { least: number, most: number };
const side = object(SIDE);

const TALLY: Readonly<Record<keyof Tally, Check>> = {
  v: format(TALLY_FORMAT),
  policy: text,
  since: number,
  until: number,
  judgedTo: number,
  watchedSeconds: number,
  judgedSeconds: number,
  saturatedSeconds: number,
  overloaded: optional(object(OVERLOADED)),
  ours: side,
  oursBetween: object(BETWEEN),
  theirs: side,
  modelled: check((value) => isMapOf(value, isText), 'a map of texts'),
  idle: optional(object(IDLE)),
};

/** Those that can be read; a score that cannot starts again. */
export function talliesOf(value: unknown): Readonly<Record<string, Tally>> | undefined {
  if (!isRecord(value)) return undefined;
  const readable = Object.entries(value).filter(
    (entry): entry is [string, Tally] => fields('tally', entry[1], TALLY) === undefined,
  );
  return Object.fromEntries(readable);
}
