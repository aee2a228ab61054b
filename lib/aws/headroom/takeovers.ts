/** How to give services back to Application Auto Scaling: one item each, `takeover#ARN`. Given back, it says so for a month and is forgotten. */
import type { LoadedTakeover, Takeover, Takeovers } from '../../loop/other-scaling.ts';
import { type Item, keyOf, n, numberOf, putIfRev, readItem, type Table, TTL_ATTRIBUTE } from '../table.ts';

const FORMAT = 1;
const KEPT_SECONDS = 30 * 86_400;

export function awsTakeovers(table: Table, clock: { now(): number }): Takeovers {
  return {
    async load(arn, abort) {
      const item = await readItem(table, keyOf('takeover', arn), abort);
      return item === undefined ? { rev: 0 } : decode(arn, item);
    },
    save: (arn, takeover, rev, abort) =>
      putIfRev(table, keyOf('takeover', arn), bodyOf(takeover, clock.now()), rev, abort),
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

/** Given back: it says so for a month. */
function bodyOf(takeover: Takeover | undefined, now: number): Item {
  const said: Item =
    takeover === undefined
      ? { [TTL_ATTRIBUTE]: n(Math.ceil(now / 1000) + KEPT_SECONDS) }
      : { text: { S: JSON.stringify(takeover) } };
  return { v: n(FORMAT), ...said };
}
