/** What the hourly checks found, read on the ticks that want to change something: a quiet tick reads nothing. */

import type { Member } from '../policy/groups.ts';
import type { Findings } from '../policy/headroom/findings.ts';
import { type KnownFindings, withinHeadroom } from '../policy/headroom/within.ts';
import type { EpochMs } from '../policy/policy.ts';
import { nameText } from '../policy/service-name.ts';
import { isToBeSent, type Judged, lastCountOf, redecided } from './judge.ts';
import type { SaveOutcome } from './ports.ts';

/** What is written is what was read, one item a shard, conditional on the `rev` that was read. */
export interface Headroom {
  /** A fault of reading is thrown. */
  load(shard: string, abort: AbortSignal): Promise<LoadedFindings>;
}

export type LoadedFindings = KnownFindings & {
  /** 0 where nothing is stored yet. */
  readonly rev: number;
};

export interface HeadroomStore extends Headroom {
  save(shard: string, findings: Findings, rev: number, abort: AbortSignal): Promise<SaveOutcome>;
}

/** What stands in the way is not known while the table does not answer; the change goes on and says so. */
export async function withHeadroom(
  headroom: Headroom | undefined,
  shard: string,
  judged: readonly Judged[],
  others: readonly Member[],
  now: EpochMs,
  abort: AbortSignal,
): Promise<readonly Judged[]> {
  if (headroom === undefined || !judged.some(isToBeSent)) return judged;
  const known = await loaded(headroom, shard, abort);
  const members = judged.map((one): Member => memberOf(one));
  return redecided(judged, withinHeadroom([...members, ...others], known, now));
}

/** A shadow changes nothing, so AWS need not have room for it, and what scales its service is expected to. */
function memberOf(one: Judged): Member {
  const name = nameText(one.policy);
  if (one.kind !== 'deciding') return { name, standsAt: lastCountOf(one.rings) };
  if (isToBeSent(one)) return { name, decided: one.decided, standsAt: one.decided.decision.from };
  return { name, standsAt: one.observed };
}

async function loaded(headroom: Headroom, shard: string, abort: AbortSignal): Promise<KnownFindings> {
  try {
    return await headroom.load(shard, abort);
  } catch (fault) {
    if (abort.aborted) throw fault;
    return { kind: 'unreadable', cause: fault instanceof Error ? fault.message : String(fault) };
  }
}
