/**
 * A service's memory as a stored item: a format number, a rev and JSON text. Every store writes and reads these,
 * so a foreign, broken or future item means the same everywhere.
 */
import { type Rings, STATE_FORMAT } from '../policy/state.ts';
import type { LoadedService, ShardRings, StoredService } from './ports.ts';

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

export function encodeRings(rings: ShardRings['rings']): string {
  return JSON.stringify(rings);
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
  if (opened.kind === 'unreadable' || !isRecord(opened.value)) return { rev, rings: {} };
  const readable = Object.entries(opened.value).filter((entry): entry is [string, Rings] => isRings(entry[1]));
  return { rev, rings: Object.fromEntries(readable) };
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

const CORE_MAPS = ['actedOn', 'waitUntil', 'unknownSince'] as const;

function faultOfStored(stored: unknown): string | undefined {
  if (!isRecord(stored)) return 'its text is not an object';
  return faultOfCore('core', stored.core) ?? faultOfIntent(stored.intent);
}

function faultOfCore(where: string, core: unknown): string | undefined {
  if (!isRecord(core)) return `${where} is ${show(core)}, not an object`;
  if (core.v !== STATE_FORMAT) return formatFault(`${where}.v`, core.v, STATE_FORMAT);
  for (const map of CORE_MAPS) {
    const value = core[map];
    if (!isRecord(value) || !Object.values(value).every(isNumber)) return `${where}.${map} is not a map of times`;
  }
  if (!Array.isArray(core.startSeconds) || !core.startSeconds.every(isNumber)) {
    return `${where}.startSeconds is not a list of numbers`;
  }
  return faultOfNumbers(where, core, [], ['lastOutAt', 'lastInAt']) ?? faultOfChange(where, core.lastChange);
}

function faultOfChange(where: string, change: unknown): string | undefined {
  if (change === undefined) return undefined;
  if (!isRecord(change)) return `${where}.lastChange is ${show(change)}, not an object`;
  if (change.by !== 'us' && change.by !== 'foreign') return `${where}.lastChange.by is ${show(change.by)}`;
  return faultOfNumbers(`${where}.lastChange`, change, ['at', 'from', 'to'], ['verifiedAt']);
}

function faultOfIntent(intent: unknown): string | undefined {
  if (intent === undefined) return undefined;
  if (!isRecord(intent)) return `intent is ${show(intent)}, not an object`;
  return (
    faultOfNumbers('intent', intent, ['fence', 'from', 'to', 'at', 'sendBy'], []) ??
    faultOfCore('intent.then', intent.then)
  );
}

function faultOfNumbers(
  where: string,
  record: Readonly<Record<string, unknown>>,
  required: readonly string[],
  optional: readonly string[],
): string | undefined {
  const bad =
    required.find((name) => !isNumber(record[name])) ??
    optional.find((name) => record[name] !== undefined && !isNumber(record[name]));
  return bad === undefined ? undefined : `${where}.${bad} is ${show(record[bad])}, not a number`;
}

function formatFault(what: string, found: unknown, known: number): string {
  if (isNumber(found) && found > known)
    return `${what} is ${found}, newer than ${known}, the newest this version reads`;
  return `${what} is ${show(found)}, not ${known}`;
}

function isRings(value: unknown): value is Rings {
  return isRecord(value) && isPairs(value.counts) && isPairs(value.wishes);
}

function isPairs(value: unknown): boolean {
  return (
    Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isNumber))
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isRev(value: unknown): value is number {
  return isNumber(value) && Number.isInteger(value) && value > 0;
}

function corrupt(cause: string): LoadedService {
  return { kind: 'corrupt', cause };
}

function show(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value).slice(0, 40);
}
