/** Stored parts of shadow mode: the virtual service in a service's item, and the scores in the shard's. */
import type { IdleFit } from '../counterfactual/idle.ts';
import type { RealCount } from '../counterfactual/start-times.ts';
import { type Side, TALLY_FORMAT, type Tally } from '../counterfactual/tally.ts';
import { VIRTUAL_FORMAT, type VirtualService } from '../counterfactual/virtual-service.ts';
import {
  type Check,
  expected,
  fields,
  formatFault,
  isListOf,
  isNumber,
  isRecord,
  number,
  optionalNumber,
} from './checks.ts';

const numbers = (value: unknown, length: number) => isListOf(value, isNumber) && value.length === length;
const listOf =
  (length: number, what: string): Check =>
  (where, value) =>
    expected(
      where,
      value,
      isListOf(value, (one) => numbers(one, length)),
      what,
    );
const isMapOf = (value: unknown, isItem: (item: unknown) => boolean) =>
  isRecord(value) && Object.values(value).every(isItem);

const REAL: Readonly<Record<keyof RealCount, Check>> = {
  desired: number,
  inForce: number,
  risingSince: optionalNumber,
};

const VIRTUAL: Readonly<Record<keyof VirtualService, Check>> = {
  v: (where, value) => (value === VIRTUAL_FORMAT ? undefined : formatFault(where, value, VIRTUAL_FORMAT)),
  desired: number,
  starting: listOf(2, 'a list of times and tasks'),
  real: (where, value) => fields(where, value, REAL),
  running: listOf(3, 'a list of times and counts'),
  startSeconds: (where, value) => expected(where, value, isListOf(value, isNumber), 'a list of numbers'),
  backlogs: (where, value) =>
    expected(where, value, value === undefined || isMapOf(value, (one) => numbers(one, 2)), 'a map of leads'),
};

export const shadow: Check = (where, value) => fields(where, value, VIRTUAL);

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

const flag: Check = (where, value) => expected(where, value, typeof value === 'boolean', 'true or false');
const text: Check = (where, value) => expected(where, value, typeof value === 'string', 'a text');
const OVERLOADED: Readonly<Record<keyof NonNullable<Tally['overloaded']>, Check>> = { words: text, byCpu: flag };
const BETWEEN: Readonly<Record<keyof Tally['oursBetween'], Check>> = { least: number, most: number };
const side: Check = (where, value) => fields(where, value, SIDE);

const TALLY: Readonly<Record<keyof Tally, Check>> = {
  v: (where, value) => (value === TALLY_FORMAT ? undefined : formatFault(where, value, TALLY_FORMAT)),
  policy: text,
  since: number,
  until: number,
  judgedTo: number,
  watchedSeconds: number,
  judgedSeconds: number,
  saturatedSeconds: number,
  overloaded: (where, value) => (value === undefined ? undefined : fields(where, value, OVERLOADED)),
  ours: side,
  oursBetween: (where, value) => fields(where, value, BETWEEN),
  theirs: side,
  modelled: (where, value) =>
    expected(
      where,
      value,
      isMapOf(value, (one) => typeof one === 'string'),
      'a map of texts',
    ),
  idle: (where, value) => (value === undefined ? undefined : fields(where, value, IDLE)),
};

/** Those that can be read; a score that cannot starts again. */
export function talliesOf(value: unknown): Readonly<Record<string, Tally>> | undefined {
  if (!isRecord(value)) return undefined;
  const readable = Object.entries(value).filter(
    (entry): entry is [string, Tally] => fields('tally', entry[1], TALLY) === undefined,
  );
  return Object.fromEntries(readable);
}
