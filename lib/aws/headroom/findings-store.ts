/** What the checks found, in the table: one item a shard, `headroom#SHARD`, that DynamoDB forgets when checks have long ceased. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { HeadroomStore } from '../../loop/headroom.ts';
import { decodeFindings, encodeFindings, FINDINGS_FORMAT } from '../../loop/headroom-item.ts';
import type { SaveOutcome } from '../../loop/ports.ts';
import type { Findings } from '../../policy/headroom/findings.ts';
import { conditionally, type Item, n, numberOf, readItem, type Table, TTL_ATTRIBUTE } from '../table.ts';

const KEPT_SECONDS = 2 * 86_400;
/** An item holds 400 KB, and findings of a thousand services are more than that in plain text. */
const PACKED_ABOVE = 50_000;
const MOST_BYTES = 20 * 1024 * 1024;

const keyOf = (shard: string): Item => ({ pk: { S: `headroom#${shard}` }, sk: { S: '-' } });

export function awsHeadroom(table: Table): HeadroomStore {
  return {
    async load(shard, abort) {
      const item = await readItem(table, keyOf(shard), abort);
      if (item === undefined) return { kind: 'absent', rev: 0 };
      return { ...decodeFindings(numberOf(item.v), textOf(item)), rev: numberOf(item.rev) ?? 0 };
    },
    save: (shard, findings, rev, abort) => save(table, shard, findings, rev, abort),
  };
}

function textAttribute(text: string): Item {
  return text.length < PACKED_ABOVE ? { text: { S: text } } : { packed: { B: deflateRawSync(text) } };
}

/** Undefined: there is none that can be read. */
function textOf({ text, packed }: Item): string | undefined {
  if (packed?.B === undefined) return text?.S;
  try {
    return inflateRawSync(packed.B, { maxOutputLength: MOST_BYTES }).toString();
  } catch {
    return undefined;
  }
}

/** The client may send a write twice when an answer is lost: one read tells our write from another's by its token. */
async function save(
  table: Table,
  shard: string,
  findings: Findings,
  rev: number,
  abort: AbortSignal,
): Promise<SaveOutcome> {
  const key = keyOf(shard);
  const token = table.newToken();
  const command = new PutItemCommand({
    TableName: table.name,
    Item: {
      ...key,
      v: n(FINDINGS_FORMAT),
      rev: n(rev + 1),
      ...textAttribute(encodeFindings(findings)),
      token: { S: token },
      [TTL_ATTRIBUTE]: n(Math.ceil(findings.checkedAt / 1000) + KEPT_SECONDS),
    },
    // An item without a rev is of no format of ours, and is written over.
    ConditionExpression: rev === 0 ? 'attribute_not_exists(#rev)' : '#rev = :rev',
    ExpressionAttributeNames: { '#rev': 'rev' },
    ...(rev === 0 ? {} : { ExpressionAttributeValues: { ':rev': n(rev) } }),
  });
  const done = await conditionally(table, 'PutItem', key, abort, (abortSignal) =>
    table.client.send(command, { abortSignal }),
  );
  if (done.kind === 'done') return { kind: 'saved', rev: rev + 1 };
  const found = await readItem(table, key, abort);
  return found?.token?.S === token ? { kind: 'saved', rev: rev + 1 } : { kind: 'stale' };
}
