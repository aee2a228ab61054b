/** What a tick says about a service: its entry for the ledger, and whether it is news. */
import type { Tally } from '../counterfactual/tally.ts';
import { explain } from '../policy/explain.ts';
import type { EpochMs } from '../policy/policy.ts';
import { EMPTY_STATE, type Rings } from '../policy/state.ts';
import type { Acted } from './act.ts';
import type { Judged, Unserved } from './judge.ts';
import type { LedgerEntry } from './ports.ts';

/** What is reported of one service, and what its rings are from now on. */
export interface Told {
  readonly entry: LedgerEntry;
  readonly rings: Rings;
  /** Its score in shadow. */
  readonly tally?: Tally | undefined;
  /** It says something that the last entry of the ledger did not. */
  readonly news: boolean;
}

export function tell(judged: Judged, acted: Acted | undefined, policyVersion: string, now: EpochMs): Told {
  const { cluster, service } = judged.policy;
  const place = { v: 1, cluster, service, arn: judged.arn, at: now, policyVersion } as const;
  if (judged.kind === 'unserved' || acted === undefined) {
    const { outcome, cause, rings, tally } = judged as Unserved;
    const decision = { action: 'hold', from: 0, to: 0 } as const;
    const sentence = `not decided: ${cause}`;
    const mind = `${outcome} ${cause}`;
    return { ...withMind({ ...place, decision, outcome, sentence, reasons: [] }, rings, mind), tally };
  }
  const { decided, world } = judged;
  const { decision, reasons } = decided;
  const entry: LedgerEntry = {
    ...place,
    decision,
    outcome: acted.outcome,
    sentence: explain(decided),
    reasons,
    ...(acted.error === undefined ? {} : { error: acted.error }),
  };
  return { ...withMind(world.told(entry), acted.state.rings, mindOf(entry)), tally: world.tally };
}

/** Changes of the count are always news; of a hold the kinds of its reasons and how far each rule has come, not the numbers behind them. */
function mindOf({ outcome, decision, reasons }: LedgerEntry): string {
  const said = reasons.map((reason) =>
    reason.kind === 'vote'
      ? `${reason.name} ${reason.vote} ${reason.why} ${(reason.truth ?? '').split('T').length - 1}`
      : reason.kind,
  );
  return `${outcome} ${decision.action} ${decision.to}: ${said.join(', ')}`;
}

function withMind(entry: LedgerEntry, rings: Rings | undefined, mind: string): Told {
  const kept = rings ?? EMPTY_STATE.rings;
  return { entry, rings: { ...kept, mind }, news: kept.mind !== mind || entry.outcome === 'changed' };
}
