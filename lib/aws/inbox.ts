/**
 * The shard's inbox, in the item of its lease. An event is appended whoever holds the lease; the holder has read it with the lease, and
 * its release says up to where. A release that finds more has failed, and the holder drains again: no event is left between two holders.
 */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { INBOX_MOST, type Inbox, type Inboxes, type Lease, type ReleaseOutcome } from '../loop/ports.ts';
import { decodeInbox, encodeEvent } from '../loop/shard-events.ts';
import { conditionally, type Item, keyOf, n, numberOf, readItem, type Table } from './table.ts';

export function awsInboxes(table: Table): Inboxes {
  return {
    async post(shard, events, abort) {
      const key = keyOf('lease', shard);
      const command = new UpdateItemCommand({
        TableName: table.name,
        Key: key,
        UpdateExpression:
          'SET #inbox = list_append(if_not_exists(#inbox, :none), :events), #seq = if_not_exists(#seq, :zero) + :one',
        ConditionExpression: 'attribute_not_exists(#inbox) OR size(#inbox) <= :room',
        ExpressionAttributeNames: { '#inbox': 'inbox', '#seq': 'inboxSeq' },
        ExpressionAttributeValues: {
          ':events': { L: events.map((event) => ({ S: encodeEvent(event) })) },
          ':none': { L: [] },
          ':zero': n(0),
          ':one': n(1),
          ':room': n(INBOX_MOST - events.length),
        },
      });
      const done = await conditionally(table, 'UpdateItem', key, abort, (abortSignal) =>
        table.client.send(command, { abortSignal }),
      );
      return { kind: done.kind === 'done' ? 'posted' : 'full' };
    },
    release: (lease, drained, abort) => releaseDrained(table, lease, drained, abort),
  };
}

async function releaseDrained(
  table: Table,
  lease: Lease,
  drained: number,
  abort: AbortSignal,
): Promise<ReleaseOutcome> {
  const key = keyOf('lease', lease.shard);
  const unchanged = drained === 0 ? 'attribute_not_exists(#seq)' : '#seq = :seq';
  const command = new UpdateItemCommand({
    TableName: table.name,
    Key: key,
    UpdateExpression: 'REMOVE #until, #inbox',
    ConditionExpression: `#owner = :owner AND #fence = :fence AND ${unchanged}`,
    ExpressionAttributeNames: {
      '#owner': 'owner',
      '#fence': 'fence',
      '#until': 'until',
      '#inbox': 'inbox',
      '#seq': 'inboxSeq',
    },
    ExpressionAttributeValues: {
      ':owner': { S: lease.owner },
      ':fence': n(lease.fence),
      ...(drained === 0 ? {} : { ':seq': n(drained) }),
    },
  });
  const done = await conditionally(table, 'UpdateItem', key, abort, (abortSignal) =>
    table.client.send(command, { abortSignal }),
  );
  if (done.kind === 'done') return { kind: 'released' };
  const found = await readItem(table, key, abort);
  const isOurs = found?.owner?.S === lease.owner && numberOf(found.fence) === lease.fence && found.until !== undefined;
  // Given back by our own first attempt, or lost: whoever has it now has the inbox too.
  return isOurs ? { kind: 'moreArrived', inbox: inboxOf(found) ?? { seq: 0, events: [] } } : { kind: 'released' };
}

/** Undefined where no event ever came. */
export function inboxOf(item: Item | undefined): Inbox | undefined {
  const seq = numberOf(item?.inboxSeq);
  if (seq === undefined) return undefined;
  return decodeInbox(
    seq,
    (item?.inbox?.L ?? []).flatMap(({ S }) => S ?? []),
  );
}
