/** From what was asked for to ticks: whose shards events belong to, and which other ticks the minute has. */
import type { Context } from 'aws-lambda';
import type { SentTicks } from '../../lib/aws/delayed-ticks.ts';
import { type DelayedTick, ticksOfMinute } from '../../lib/loop/cadence.ts';
import type { Ports, ShardEvent } from '../../lib/loop/ports.ts';
import { servicesOfShard, shardOfService } from '../../lib/loop/shards.ts';
import { tick } from '../../lib/loop/tick.ts';
import type { TickReport } from '../../lib/loop/tick-request.ts';
import type { EpochMs } from '../../lib/policy/policy.ts';
import type { Asked, AskedTick } from './event.ts';
import { invokedAs } from './invocation.ts';

export interface TurnOptions {
  readonly abortLeadMs: number;
  /** @default 1 */
  readonly shards?: number;
  /** Sends the other ticks of a minute. Absent: there is no queue for them. */
  readonly sendOthers?: (
    shard: string,
    scheduledAt: EpochMs,
    ticks: readonly DelayedTick[],
    abort: AbortSignal,
  ) => Promise<SentTicks>;
}

export interface Turns {
  readonly reports: readonly TickReport[];
  /** What somebody should read, a sentence each. */
  readonly complaints: readonly string[];
  /** Ticks within the minute that the queue did not take. */
  readonly lostTicks: number;
}

export async function turns(
  asked: Exclude<Asked, { kind: 'nothing' }>,
  ports: Ports,
  options: TurnOptions,
  context: Context,
  abort: AbortSignal,
): Promise<Turns> {
  const { shards = 1, abortLeadMs } = options;
  const request = () => ({ shards, ...invokedAs(context, abortLeadMs), abort });
  if (asked.kind === 'events') {
    const reports: TickReport[] = [];
    for (const [shard, events] of await byShard(asked.events, ports, shards, abort)) {
      reports.push(await tick(ports, { ...request(), shard, events }));
    }
    return { reports, complaints: [], lostTicks: 0 };
  }
  const others = asked.firstOfMinute ? await sendOthers(asked, ports, options, abort) : ALL_SENT;
  const { shard, scheduledAt, dueAt } = asked;
  const times = { ...(scheduledAt === undefined ? {} : { scheduledAt }), ...(dueAt === undefined ? {} : { dueAt }) };
  return { reports: [await tick(ports, { ...request(), shard, ...times })], ...others };
}

type Others = Pick<Turns, 'complaints' | 'lostTicks'>;
const ALL_SENT: Others = { complaints: [], lostTicks: 0 };

/** A rule may be wider than the policies: events of services that no policy names belong to no shard. */
async function byShard(
  events: readonly ShardEvent[],
  ports: Pick<Ports, 'policies'>,
  shards: number,
  abort: AbortSignal,
): Promise<ReadonlyMap<string, readonly ShardEvent[]>> {
  const set = await ports.policies.load(abort);
  const byShard = new Map<string, ShardEvent[]>();
  for (const event of events) {
    const shard = shardOfService(set, `${event.cluster}/${event.service}`, shards);
    if (shard !== undefined) byShard.set(shard, [...(byShard.get(shard) ?? []), event]);
  }
  return byShard;
}

/** Before the tick itself, so that a tick which is cut off does not take the minute's others with it. */
async function sendOthers(
  { shard, scheduledAt }: AskedTick,
  { policies, clock }: Pick<Ports, 'policies' | 'clock'>,
  { shards = 1, sendOthers: send }: TurnOptions,
  abort: AbortSignal,
): Promise<Others> {
  if (scheduledAt === undefined) return ALL_SENT;
  const served = servicesOfShard(await policies.load(abort), shard, shards);
  const others = ticksOfMinute(served, scheduledAt, clock.now());
  if (others.length === 0) return ALL_SENT;
  if (send === undefined) {
    const sentence =
      'A policy has a cadence below a minute, and the stack has no queue for such ticks: deploy it again.';
    return { complaints: [sentence], lostTicks: others.length };
  }
  const { lost } = await send(shard, scheduledAt, others, abort);
  const complaints = lost.map((clause) => `A tick within the minute was not sent: ${clause}`);
  return { complaints, lostTicks: complaints.length };
}
