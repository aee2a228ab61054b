/** What asks for a tick: the schedule, the queue that holds a minute's other ticks back, a rule of EventBridge, or a person. */
import { readEvents } from '../../lib/aws/events.ts';
import { isTooLate } from '../../lib/loop/cadence.ts';
import type { ShardEvent } from '../../lib/loop/ports.ts';
import type { TickRequest } from '../../lib/loop/tick-request.ts';
import { BadInput } from '../../lib/policy/bad-input.ts';
import type { EpochMs } from '../../lib/policy/policy.ts';

/** Ticks of one shard; `firstOfMinute`: it is for this one to send the minute's others. */
export interface AskedTick extends Pick<TickRequest, 'shard' | 'scheduledAt' | 'dueAt'> {
  readonly firstOfMinute: boolean;
}

export type Asked =
  | ({ readonly kind: 'tick' } & AskedTick)
  /** Things that happened to services; whose shards those are, the policies say. */
  | { readonly kind: 'events'; readonly events: readonly ShardEvent[] }
  /** Success, and nothing to do: one sentence says why. `dropped`: a tick that came too late. */
  | { readonly kind: 'nothing'; readonly why: string; readonly refused: boolean; readonly dropped?: true };

/** What the stack asks EventBridge Scheduler to fill in. A scheduler that does not costs us the lateness, and no tick. */
const UNFILLED = '<aws.scheduler.scheduled-time>';

type Fields = Readonly<Record<string, unknown>>;

/** How a field is read: undefined where it is wrong. */
const FIELD = {
  shard: (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined),
  instant: (value: unknown) =>
    typeof value === 'string' && INSTANT.test(value) ? known(Date.parse(value)) : undefined,
  seconds: (value: unknown) => (typeof value === 'number' && value > 0 ? value : undefined),
} as const;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

function known(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/**
 * What an event asks for. `scheduledAt` may be left out when a person sends the event.
 * Throws `BadInput`: one sentence that shows the event and a right one.
 */
export function askedBy(event: unknown, shards: number, now: EpochMs): Asked {
  const letter = letterIn(event);
  if (letter !== undefined) return delayedTick(letter, shards, now);
  const heard = readEvents(event);
  if (heard.kind === 'events') return heard;
  if (heard.kind === 'refused') return { kind: 'nothing', why: heard.sentence, refused: true };
  if (isFields(event) && 'detail-type' in event) {
    return { kind: 'nothing', why: 'The event says nothing about a service.', refused: false };
  }
  const read = reader(event, shards);
  const shard = read('shard', FIELD.shard);
  if (!isFields(event) || event.scheduledAt === undefined || event.scheduledAt === UNFILLED) {
    return { kind: 'tick', shard, firstOfMinute: false };
  }
  const scheduledAt = read('scheduledAt', FIELD.instant);
  return { kind: 'tick', shard, scheduledAt, dueAt: scheduledAt, firstOfMinute: true };
}

function delayedTick(message: unknown, shards: number, now: EpochMs): Asked {
  const read = reader(message, shards);
  const [shard, scheduledAt] = [read('shard', FIELD.shard), read('scheduledAt', FIELD.instant)];
  const [dueAt, cadenceSeconds] = [read('dueAt', FIELD.instant), read('cadenceSeconds', FIELD.seconds)];
  if (isTooLate({ dueAt, cadenceSeconds }, now)) {
    const why = `The tick for ${new Date(dueAt).toISOString()} came too late to be of use.`;
    return { kind: 'nothing', why, refused: false, dropped: true };
  }
  return { kind: 'tick', shard, scheduledAt, dueAt, firstOfMinute: false };
}

/** Reads a field of the event, or throws the sentence that names it. */
function reader(event: unknown, shards: number) {
  const refused = (rest: string) => new BadInput(`Event ${JSON.stringify(event)}, field ${rest}.`);
  return <T extends string | number>(field: string, readField: (value: unknown) => T | undefined): T => {
    const value = isFields(event) ? readField(event[field]) : undefined;
    if (value === undefined) {
      const named = isFields(event) ? field : 'event';
      throw refused(`${named}: send { "shard": "0", "scheduledAt": "2026-11-20T08:00:00Z" }`);
    }
    if (field === 'shard' && shards > 1 && !(/^\d+$/.test(String(value)) && Number(value) < shards)) {
      throw refused(`shard: there are ${shards}, called "0" to "${shards - 1}"`);
    }
    return value;
  };
}

/** The queue's message, one an invocation; undefined: it was not the queue. */
function letterIn(event: unknown): unknown {
  if (!isFields(event) || !Array.isArray(event.Records) || event.Records.length !== 1) return undefined;
  const [record]: unknown[] = event.Records;
  if (!isFields(record) || typeof record.body !== 'string') return undefined;
  try {
    return JSON.parse(record.body);
  } catch {
    return record.body;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
