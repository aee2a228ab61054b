/** From what was asked for to ticks: whose shards events belong to, and which other ticks the minute has. */
import type { Context } from 'aws-lambda';
import type { SentTicks } from '../../lib/aws/delayed-ticks.ts';
import { type DelayedTick, ticksOfMinute } from '../../lib/loop/cadence.ts';
import type { Ports, ShardEvent, TickReport } from '../../lib/loop/ports.ts';
import { servicesOfShard, shardOfService } from '../../lib/loop/shards.ts';
import { tick } from '../../lib/loop/tick.ts';
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
    return { reports, complaints: [] };
  }
  const complaints = asked.firstOfMinute ? await sendOthers(asked, ports, options, abort) : [];
  const { shard, scheduledAt, dueAt } = asked;
  const times = { ...(scheduledAt === undefined ? {} : { scheduledAt }), ...(dueAt === undefined ? {} : { dueAt }) };
  return { reports: [await tick(ports, { ...request(), shard, ...times })], complaints };
}

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
): Promise<readonly string[]> {
  if (scheduledAt === undefined) return [];
  const served = servicesOfShard(await policies.load(abort), shard, shards);
  const others = ticksOfMinute(served, scheduledAt, clock.now());
  if (others.length === 0) return [];
  if (send === undefined) {
    return ['A policy has a cadence below a minute, and the stack has no queue for such ticks: deploy it again.'];
  }
  const { lost } = await send(shard, scheduledAt, others, abort);
  return lost.map((clause) => `A tick within the minute was not sent: ${clause}`);
}
