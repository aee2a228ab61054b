/** What one turn is for: the whole shard, those of its services that are due, or those that something happened to. */
import type { EpochMs, ServicePolicy } from '../policy/policy.ts';
import { nameText } from '../policy/service-name.ts';
import { isDue } from './cadence.ts';
import type { ShardEvent } from './ports.ts';
import { refusalOf } from './shard-events.ts';
import type { RefusedEvent, TickRequest } from './tick-request.ts';

export interface Errand {
  /** Those that are taken, oldest first. */
  readonly events: readonly ShardEvent[];
  readonly refused: readonly RefusedEvent[];
  concerns(policy: ServicePolicy): boolean;
}

/** The schedule's turn: services that are due, and those that events wait for. */
export function sweep(request: TickRequest, found: readonly ShardEvent[], now: EpochMs): Errand {
  const { events, refused } = sorted(found, now);
  const named = namesOf(events);
  const { scheduledAt, dueAt } = request;
  const isAll = scheduledAt === undefined || dueAt === undefined;
  const concerns = (policy: ServicePolicy) => isAll || isDue(policy, scheduledAt, dueAt) || named.has(nameText(policy));
  return { events, refused, concerns };
}

/** A turn that events asked for: their services alone. */
export function call(found: readonly ShardEvent[], now: EpochMs): Errand {
  const { events, refused } = sorted(found, now);
  const named = namesOf(events);
  return { events, refused, concerns: (policy) => named.has(nameText(policy)) };
}

const NOBODY: ReadonlySet<string> = new Set();

function namesOf(events: readonly ShardEvent[]): ReadonlySet<string> {
  return events.length === 0 ? NOBODY : new Set(events.map(nameText));
}

const NONE: Pick<Errand, 'events' | 'refused'> = { events: [], refused: [] };

function sorted(found: readonly ShardEvent[], now: EpochMs): Pick<Errand, 'events' | 'refused'> {
  if (found.length === 0) return NONE;
  const events: ShardEvent[] = [];
  const refused: RefusedEvent[] = [];
  for (const event of [...found].sort((a, b) => a.at - b.at)) {
    const cause = refusalOf(event, now);
    if (cause === undefined) events.push(event);
    else refused.push({ event, cause });
  }
  return { events, refused };
}
