/**
 * A service's memory as a stored item: a format number, a rev and JSON text. Every store writes and reads these,
 * so a foreign, broken or future item means the same everywhere.
 */

import type { ForeignUpdate } from '../policy/observation.ts';
import { type PastChange, type Rings, STATE_FORMAT } from '../policy/state.ts';
import { BREAKER, shardMemory } from './breaker-item.ts';
import {
  type Check,
  check,
  fields,
  format,
  formatFault,
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
  show,
  text,
} from './checks.ts';
import type { Intent, LoadedService, ServiceCore, ShardRings, StoredService } from './ports.ts';
import { shadow, talliesOf } from './shadow-item.ts';

/** The format of service and rings items. */
export const ITEM_FORMAT = 1;

/** As it was found: nothing is believed yet. */
export interface FoundItem {
  readonly v?: unknown;
  readonly rev?: unknown;
  readonly text?: unknown;
}

/** Refuses (throws) what could not be read back: an unreadable item would stop its service until somebody mends it. */
export function encodeService(value: StoredService): string {
  const text = JSON.stringify(value);
  const fault = faultOfStored(JSON.parse(text));
  if (fault !== undefined) throw new Error(`A service's state was not written, because ${fault}.`);
  return text;
}

export function decodeService(item: FoundItem): LoadedService {
  const { rev } = item;
  if (!isRev(rev)) return corrupt(`its rev is ${show(rev)}, not a whole number above 0`);
  const opened = open(item);
  if (opened.kind === 'unreadable') return corrupt(opened.cause);
  const fault = faultOfStored(opened.value);
  if (fault !== undefined) return corrupt(fault);
  return { kind: 'stored', rev, value: opened.value as StoredService };
}

export function encodeRings({ rings, shard, tallies }: Omit<ShardRings, 'rev' | 'cause'>): string {
  return JSON.stringify({ rings, shard, tallies });
}

/**
 * Rings only delay a scale-in when they are lost, so what cannot be read of them is left out and heals with the next save.
 * Without a rev nothing can be saved ever after: that is thrown.
 */
export function decodeRings(shard: string, item: FoundItem): ShardRings {
  const { rev } = item;
  if (!isRev(rev))
    throw new Error(`The rings of shard ${shard} have the rev ${show(rev)}, not a whole number above 0.`);
  const opened = open(item);
  if (opened.kind === 'unreadable') return { rev, rings: {}, cause: opened.cause };
  if (!isRecord(opened.value) || !isRecord(opened.value.rings)) return { rev, rings: {}, cause: 'it has no rings' };
  const readable = Object.entries(opened.value.rings).filter((entry): entry is [string, Rings] => isRings(entry[1]));
  const memory = shardMemory(opened.value.shard);
  const tallies = talliesOf(opened.value.tallies);
  return {
    rev,
    rings: Object.fromEntries(readable),
    ...(memory === undefined ? {} : { shard: memory }),
    ...(tallies === undefined ? {} : { tallies }),
  };
}

type Opened =
  | { readonly kind: 'opened'; readonly value: unknown }
  | { readonly kind: 'unreadable'; readonly cause: string };

function open(item: FoundItem): Opened {
  const { v, text } = item;
  if (v !== ITEM_FORMAT) return { kind: 'unreadable', cause: formatFault('its format', v, ITEM_FORMAT) };
  if (typeof text !== 'string') return { kind: 'unreadable', cause: 'it has no text' };
  try {
    return { kind: 'opened', value: JSON.parse(text) };
  } catch {
    return { kind: 'unreadable', cause: 'its text is not JSON' };
  }
}

const times = check((value) => isMapOf(value, isNumber), 'a map of times');
const optionalText = optional(text);

const UPDATE: Readonly<Record<keyof ForeignUpdate, Check>> = { at: number, desired: number, principal: text };

const CHANGE: Readonly<Record<keyof PastChange, Check>> = {
  at: number,
  from: number,
  to: number,
  by: check((value) => value === 'us' || value === 'foreign', "'us' or 'foreign'"),
  rule: optionalText,
  principal: optionalText,
  verifiedAt: optionalNumber,
  unverifiedAt: optionalNumber,
};

function isEffort(value: unknown): boolean {
  return isRecord(value) && isNumber(value.inService) && isMapOf(value.seen, isNumber);
}

/** One check a field: a field that is new in the state does not compile until it has one. */
const CORE: Readonly<Record<keyof ServiceCore, Check>> = {
  v: format(STATE_FORMAT),
  lastChange: optional(object(CHANGE)),
  lastOutAt: optionalNumber,
  lastInAt: optionalNumber,
  actedOn: times,
  waitUntil: times,
  unknownSince: times,
  shortSince: optionalNumber,
  foreignUntil: optionalNumber,
  blindSince: optionalNumber,
  breaker: optional(object(BREAKER)),
  efforts: optional(check((value) => isMapOf(value, isEffort), 'a map of efforts')),
  rollout: optional(object({ since: number, base: number })),
  foreignUpdate: optional(object(UPDATE)),
  rolloutSeconds: optional(numbers),
  reversals: optional(check((value) => isListOf(value, isNumber), 'a list of times')),
  startSeconds: numbers,
};

/** Every field of a service's state that lies in its item. */
export const CORE_FIELDS = Object.keys(CORE) as readonly (keyof ServiceCore)[];

const INTENT: Readonly<Record<keyof Intent, Check>> = {
  fence: number,
  from: number,
  to: number,
  at: number,
  sendBy: number,
  after: object(CORE),
};

const STORED: Readonly<Record<keyof StoredService, Check>> = {
  core: object(CORE),
  intent: optional(object(INTENT)),
  shadow: optional(shadow),
};

function faultOfStored(stored: unknown): string | undefined {
  return fields('its text', stored, STORED);
}

const RINGS: Readonly<Record<keyof Rings, (value: unknown) => boolean>> = {
  counts: (value) => isListOf(value, isCount),
  wishes: (value) => isListOf(value, isPair),
  mind: (value) => value === undefined || isText(value),
  signals: (value) => value === undefined || isMapOf(value, (ring) => isListOf(ring, isDatapoint)),
  spokenBy: (value) => value === undefined || isMapOf(value, isSpokenBy),
};

function isRings(value: unknown): value is Rings {
  return isRecord(value) && Object.entries(RINGS).every(([name, good]) => good(value[name]));
}

function isCount(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length === 3 && isPair(value.slice(0, 2)) && (value[2] === null || isNumber(value[2]))
  );
}

function isPair(value: unknown): boolean {
  return isListOf(value, isNumber) && value.length === 2;
}

function isSpokenBy(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && isText(value[0]) && isNumber(value[1]);
}

function isDatapoint(value: unknown): boolean {
  return isListOf(value, isNumber) && (value.length === 2 || value.length === 3);
}

function isRev(value: unknown): value is number {
  return isNumber(value) && Number.isInteger(value) && value > 0;
}

function corrupt(cause: string): LoadedService {
  return { kind: 'corrupt', cause };
}
