/** How to give services back to Application Auto Scaling: one item each, `takeover#ARN`. Given back, it says so for a month and is forgotten. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { LoadedTakeover, Takeover, Takeovers } from '../../loop/other-scaling.ts';
import type { SaveOutcome } from '../../loop/ports.ts';
import { conditionally, type Item, n, numberOf, readItem, type Table, TTL_ATTRIBUTE } from '../table.ts';

const FORMAT = 1;
const KEPT_SECONDS = 30 * 86_400;

const keyOf = (arn: string): Item => ({ pk: { S: `takeover#${arn}` }, sk: { S: '-' } });

export function awsTakeovers(table: Table, clock: { now(): number }): Takeovers {
  return {
    async load(arn, abort) {
      const item = await readItem(table, keyOf(arn), abort);
      return item === undefined ? { rev: 0 } : decode(arn, item);
    },
    save: (arn, takeover, rev, abort) => save(table, arn, takeover, rev, clock.now(), abort),
  };
}

function decode(arn: string, item: Item): LoadedTakeover {
  const rev = numberOf(item.rev);
  if (numberOf(item.v) !== FORMAT || rev === undefined) {
    throw new Error(
      `The takeover of ${arn} is of a format that this version does not read; use the version that wrote it.`,
    );
  }
  return { rev, ...(item.text?.S === undefined ? {} : { takeover: JSON.parse(item.text.S) as Takeover }) };
}

async function save(
  table: Table,
  arn: string,
  takeover: Takeover | undefined,
  rev: number,
  now: number,
  abort: AbortSignal,
): Promise<SaveOutcome> {
  const key = keyOf(arn);
  const token = table.newToken();
  const said: Item =
    takeover === undefined
      ? { [TTL_ATTRIBUTE]: n(Math.ceil(now / 1000) + KEPT_SECONDS) }
      : { text: { S: JSON.stringify(takeover) } };
  const command = new PutItemCommand({
    TableName: table.name,
    Item: { ...key, v: n(FORMAT), rev: n(rev + 1), token: { S: token }, ...said },
    ConditionExpression: rev === 0 ? 'attribute_not_exists(pk)' : '#rev = :rev',
    ...(rev === 0
      ? {}
      : { ExpressionAttributeNames: { '#rev': 'rev' }, ExpressionAttributeValues: { ':rev': n(rev) } }),
  });
  const done = await conditionally(table, 'PutItem', key, abort, (abortSignal) =>
    table.client.send(command, { abortSignal }),
  );
  if (done.kind === 'done') return { kind: 'saved', rev: rev + 1 };
  const found = await readItem(table, key, abort);
  return found?.token?.S === token ? { kind: 'saved', rev: rev + 1 } : { kind: 'stale' };
}
