/** What asks for a tick: the schedule, the queue that holds a minute's other ticks back, a rule of EventBridge, or a person. */
import * as z from 'zod/mini';
import { readEvents } from '../../lib/aws/events.ts';
import { isTooLate } from '../../lib/loop/cadence.ts';
import type { ShardEvent, TickRequest } from '../../lib/loop/ports.ts';
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
  /** Success, and nothing to do: one sentence says why. */
  | { readonly kind: 'nothing'; readonly why: string; readonly refused: boolean };

const instant = z.pipe(
  z.iso.datetime({ offset: true }),
  z.transform((text: string): EpochMs => Date.parse(text)),
);
const scheduled = z.object({ shard: z.string().check(z.minLength(1)), scheduledAt: z.optional(instant) });
const delayed = z.object({
  shard: z.string().check(z.minLength(1)),
  scheduledAt: instant,
  dueAt: instant,
  cadenceSeconds: z.number().check(z.positive()),
});
/** One message an invocation. */
const letter = z.object({ Records: z.tuple([z.object({ body: z.string() })]) });

/**
 * What an event asks for. `scheduledAt` may be left out when a person sends the event.
 * Throws `BadInput`: one sentence that shows the event and a right one.
 */
export function askedBy(event: unknown, shards: number, now: EpochMs): Asked {
  const opened = z.safeParse(letter, event);
  if (opened.success) return delayedTick(jsonOf(opened.data.Records[0].body), shards, now);
  const heard = readEvents(event);
  if (heard.kind === 'events') return heard;
  if (heard.kind === 'refused') return { kind: 'nothing', why: heard.sentence, refused: true };
  if (isFromEventBridge(event)) {
    return { kind: 'nothing', why: 'The event says nothing about a service.', refused: false };
  }
  const { shard, scheduledAt } = decode(scheduled, event, shards);
  if (scheduledAt === undefined) return { kind: 'tick', shard, firstOfMinute: false };
  return { kind: 'tick', shard, scheduledAt, dueAt: scheduledAt, firstOfMinute: true };
}

function delayedTick(message: unknown, shards: number, now: EpochMs): Asked {
  const { shard, scheduledAt, dueAt, cadenceSeconds } = decode(delayed, message, shards);
  if (isTooLate({ dueAt, cadenceSeconds }, now)) {
    const why = `The tick for ${new Date(dueAt).toISOString()} came too late to be of use.`;
    return { kind: 'nothing', why, refused: false };
  }
  return { kind: 'tick', shard, scheduledAt, dueAt, firstOfMinute: false };
}

function isFromEventBridge(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'detail-type' in event;
}

function decode<T extends z.ZodMiniType<{ readonly shard: string }>>(
  schema: T,
  event: unknown,
  shards: number,
): z.infer<T> {
  const decoded = z.safeParse(schema, event);
  if (!decoded.success) {
    const field = decoded.error.issues[0]?.path.join('.') || 'event';
    throw new BadInput(
      `Event ${JSON.stringify(event)}, field ${field}: send { "shard": "0", "scheduledAt": "2026-11-20T08:00:00Z" }.`,
    );
  }
  const { shard } = decoded.data;
  if (shards > 1 && !(/^\d+$/.test(shard) && Number(shard) < shards)) {
    throw new BadInput(
      `Event ${JSON.stringify(event)}, field shard: there are ${shards}, called "0" to "${shards - 1}".`,
    );
  }
  return decoded.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
