/** What a tick says about a service: its entry for the ledger, and whether it is news. */
import type { Tally } from '../counterfactual/tally.ts';
import type { Decided } from '../policy/decision.ts';
import { explain } from '../policy/explain.ts';
import type { EpochMs } from '../policy/policy.ts';
import { EMPTY_STATE, type Rings } from '../policy/state.ts';
import type { Acted } from './act.ts';
import type { Judged, Unserved } from './judge.ts';
import type { LedgerEntry, Outcome } from './ports.ts';

/** What is reported of one service, and what its rings are from now on. */
export interface Told {
  readonly entry: LedgerEntry;
  readonly rings: Rings;
  /** Its score in shadow. */
  readonly tally?: Tally | undefined;
  /** It says something that the last entry of the ledger did not. */
  readonly news: boolean;
}

/** What it takes beside the judgement itself. */
export interface Saying {
  readonly policyVersion: string;
  readonly now: EpochMs;
  readonly sentences: 'all' | 'news' | 'none';
}

export function tell(judged: Judged, acted: Acted | undefined, { policyVersion, now, sentences }: Saying): Told {
  const { cluster, service } = judged.policy;
  const place = { v: 1, cluster, service, arn: judged.arn, at: now, policyVersion } as const;
  if (judged.kind === 'unserved' || acted === undefined) {
    const { outcome, cause, rings = EMPTY_STATE.rings, tally } = judged as Unserved;
    const decision = { action: 'hold', from: 0, to: 0 } as const;
    const entry = { ...place, decision, outcome, sentence: `not decided: ${cause}`, reasons: [] };
    const mind = `${outcome} ${cause}`;
    return { entry, rings: withMind(rings, mind), tally, news: rings.mind !== mind };
  }
  const { decided, world } = judged;
  const { outcome, error, state } = acted;
  const mind = mindOf(outcome, decided);
  const news = state.rings.mind !== mind || outcome === 'changed';
  const entry: LedgerEntry = {
    ...place,
    decision: decided.decision,
    outcome,
    sentence: sentences === 'all' || (news && sentences === 'news') ? explain(decided) : '',
    reasons: decided.reasons,
  };
  const whole = error === undefined ? entry : { ...entry, error };
  return { entry: world.told(whole), rings: withMind(state.rings, mind), tally: world.tally, news };
}

/** Changes of the count are always news; of a hold the kinds of its reasons and how far each rule has come, not the numbers behind them. */
function mindOf(outcome: Outcome, { decision, reasons }: Decided): string {
  let mind = `${outcome} ${decision.action} ${decision.to}: `;
  let between = '';
  for (const reason of reasons) {
    mind +=
      reason.kind === 'vote'
        ? `${between}${reason.name} ${reason.vote} ${reason.why} ${periodsTrue(reason.truth)}`
        : between + reason.kind;
    between = ', ';
  }
  return mind;
}

function periodsTrue(truth = ''): number {
  let count = 0;
  for (let at = truth.indexOf('T'); at >= 0; at = truth.indexOf('T', at + 1)) count++;
  return count;
}

function withMind(rings: Rings, mind: string): Rings {
  return rings.mind === mind ? rings : { ...rings, mind };
}
