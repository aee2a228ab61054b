/**
 * The shard's lease: owner, expiry and a fence that only grows. Giving it back removes the expiry and keeps the item,
 * because an item that is deleted forgets its fence.
 */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { LEASE_MS, type Lease, type LeaseOutcome, SKEW_MARGIN_MS } from '../loop/ports.ts';
import type { EpochMs } from '../policy/policy.ts';
import { inboxOf } from './inbox.ts';
import { conditionally, type Item, keyOf, n, numberOf, readItem, type Table } from './table.ts';

/** The format of lease items. */
const LEASE_FORMAT = 1;

export async function acquireLease(
  table: Table,
  shard: string,
  owner: string,
  now: EpochMs,
  abort: AbortSignal,
): Promise<LeaseOutcome> {
  const key = keyOf('lease', shard);
  const command = new UpdateItemCommand({
    TableName: table.name,
    Key: key,
    UpdateExpression:
      'SET #v = :v, #owner = :owner, #until = :until, #at = :now, #fence = if_not_exists(#fence, :zero) + :one',
    // DynamoDB has no clock of its own: the two clocks compared are two functions', hence the margin.
    ConditionExpression: 'attribute_not_exists(#until) OR #until < :expired',
    ExpressionAttributeNames: {
      '#v': 'v',
      '#owner': 'owner',
      '#until': 'until',
      '#at': 'acquiredAt',
      '#fence': 'fence',
    },
    ExpressionAttributeValues: {
      ':v': n(LEASE_FORMAT),
      ':owner': { S: owner },
      ':until': n(now + LEASE_MS),
      ':now': n(now),
      ':expired': n(now - SKEW_MARGIN_MS),
      ':zero': n(0),
      ':one': n(1),
    },
    ReturnValues: 'ALL_NEW',
  });
  const taken = await conditionally(table, 'UpdateItem', key, abort, (abortSignal) =>
    table.client.send(command, { abortSignal }),
  );
  if (taken.kind === 'done') return held(shard, owner, taken.answer.Attributes);
  return whoHasIt(shard, owner, now, await readItem(table, key, abort));
}

/** After a failed condition: the item may be ours, because the client asked twice when the first answer was lost. */
function whoHasIt(shard: string, owner: string, now: EpochMs, item: Item | undefined): LeaseOutcome {
  const until = numberOf(item?.until);
  if (item?.owner?.S === owner && until !== undefined) return held(shard, owner, item);
  // Given back between the write and the read: the next tick has it.
  return { kind: 'busy', owner: item?.owner?.S ?? 'nobody', until: until ?? now };
}

function held(shard: string, owner: string, item: Item | undefined): LeaseOutcome {
  const fence = numberOf(item?.fence);
  const until = numberOf(item?.until);
  if (fence === undefined || until === undefined) {
    throw new Error(`The lease item of shard ${shard} has no fence or no expiry after it was taken.`);
  }
  const inbox = inboxOf(item);
  return { kind: 'held', lease: { shard, owner, fence, until }, ...(inbox === undefined ? {} : { inbox }) };
}

export async function releaseLease(table: Table, lease: Lease, abort: AbortSignal): Promise<void> {
  const key = keyOf('lease', lease.shard);
  const command = new UpdateItemCommand({
    TableName: table.name,
    Key: key,
    UpdateExpression: 'REMOVE #until',
    ConditionExpression: '#owner = :owner AND #fence = :fence',
    ExpressionAttributeNames: { '#owner': 'owner', '#fence': 'fence', '#until': 'until' },
    ExpressionAttributeValues: { ':owner': { S: lease.owner }, ':fence': n(lease.fence) },
  });
  // A failed condition: the lease was lost, and whoever has it keeps it.
  await conditionally(table, 'UpdateItem', key, abort, (abortSignal) => table.client.send(command, { abortSignal }));
}
