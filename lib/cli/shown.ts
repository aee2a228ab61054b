/** Ledger entry to what the picture shows. */
import type { LedgerEntry } from '../loop/ports.ts';
import type { DecisionShown } from '../report/run.ts';

export function shownOf({ at, decision, outcome, sentence, error }: LedgerEntry): DecisionShown {
  const shown = outcome === 'changed' ? 'changed' : decision.action === 'hold' ? 'held' : 'failed';
  const trouble = shown !== 'failed' ? '' : ` [${outcome}${error === undefined ? '' : `: ${error}`}]`;
  return { at, ...decision, outcome: shown, sentence: `${sentence}${trouble}` };
}
