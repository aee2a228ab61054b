/** What the checks found, in the table: one item a shard, `headroom#SHARD`, that DynamoDB forgets when checks have long ceased. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { HeadroomStore } from '../../loop/headroom.ts';
import { decodeFindings, encodeFindings, FINDINGS_FORMAT } from '../../loop/headroom-item.ts';
import type { Findings } from '../../policy/headroom/findings.ts';
import {
  type Item,
  keyOf,
  n,
  numberOf,
  putIfRev,
  readItem,
  type Table,
  TTL_ATTRIBUTE,
  WHERE_NO_REV_LIES,
} from '../table.ts';

const KEPT_SECONDS = 2 * 86_400;
/** An item holds 400 KB, and findings of a thousand services are more than that in plain text. */
const PACKED_ABOVE = 50_000;
const MOST_BYTES = 20 * 1024 * 1024;

export function awsHeadroom(table: Table): HeadroomStore {
  return {
    async load(shard, abort) {
      const item = await readItem(table, keyOf('headroom', shard), abort);
      if (item === undefined) return { kind: 'absent', rev: 0 };
      return { ...decodeFindings(numberOf(item.v), textOf(item)), rev: numberOf(item.rev) ?? 0 };
    },
    save: (shard, findings, rev, abort) =>
      putIfRev(table, keyOf('headroom', shard), bodyOf(findings), rev, abort, WHERE_NO_REV_LIES),
  };
}

function bodyOf(findings: Findings): Item {
  return {
    v: n(FINDINGS_FORMAT),
    ...textAttribute(encodeFindings(findings)),
    [TTL_ATTRIBUTE]: n(Math.ceil(findings.checkedAt / 1000) + KEPT_SECONDS),
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
