/** Events of a shard as they lie in its lease item: one JSON text each, and nothing is believed that is not of the form. */
import type { EpochMs } from '../policy/policy.ts';
import { type Inbox, type ShardEvent, SKEW_MARGIN_MS } from './ports.ts';

/** After so long nobody cares what woke whom. */
const EVENT_KEPT_MS = 10 * 60_000;

export function encodeEvent(event: ShardEvent): string {
  return JSON.stringify(event);
}

/** What cannot be read is left out: an event only makes a tick sooner, the next sweep comes anyway. One id, one event. */
export function decodeInbox(seq: number, texts: readonly string[]): Inbox {
  const events = new Map<string, ShardEvent>();
  for (const text of texts) {
    const event = decodeEvent(text);
    if (event !== undefined) events.set(event.id, event);
  }
  return { seq, events: [...events.values()] };
}

function decodeEvent(text: string): ShardEvent | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    // As one that is not of the form: left out.
    return undefined;
  }
  return isEvent(found) ? found : undefined;
}

function isEvent(found: unknown): found is ShardEvent {
  if (typeof found !== 'object' || found === null) return false;
  const { id, at, cluster, service, kind, why, signal, value, desired, principal } = found as Record<string, unknown>;
  const placed = [id, cluster, service].every((one) => typeof one === 'string') && Number.isFinite(at);
  if (kind === 'wake') return placed && typeof why === 'string';
  if (kind === 'updated') return placed && Number.isFinite(desired) && typeof principal === 'string';
  return placed && kind === 'pushed' && typeof signal === 'string' && Number.isFinite(value);
}

/** Why an event is not taken, as a clause; undefined: it is. */
export function refusalOf(event: ShardEvent, now: EpochMs): string | undefined {
  const seconds = Math.round((event.at - now) / 1000);
  // Only a number counts for its own time; whatever else happened is news, whoever's clock is wrong.
  if (event.kind === 'pushed' && event.at > now + SKEW_MARGIN_MS)
    return `it is from ${seconds} s in the future: the clocks differ`;
  return event.at < now - EVENT_KEPT_MS ? `it is ${-seconds} s old` : undefined;
}
