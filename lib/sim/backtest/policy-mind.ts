/** A policy as the one that decides: the same steps as in a tick, without its ports. */
import { acknowledge, decide } from '../../policy/decide.ts';
import type { Decided } from '../../policy/decision.ts';
import { explain } from '../../policy/explain.ts';
import type { EpochMs, ServicePolicy } from '../../policy/policy.ts';
import { periodsNeeded } from '../../policy/requirements.ts';
import { recollect } from '../../policy/signal-rings.ts';
import { EMPTY_STATE, type ServiceState } from '../../policy/state.ts';
import type { Said } from '../play/recorder.ts';
import type { Mind } from './replay.ts';

export interface PolicyMind extends Mind {
  /** Changes of mind with their sentences, oldest first. */
  readonly said: readonly Said[];
}

export function policyMind(policy: ServicePolicy): PolicyMind {
  let state: ServiceState = EMPTY_STATE;
  const told = new Told();
  return {
    reads: periodsNeeded(policy),
    said: told.said,
    decide({ observation }, now, reset) {
      if (reset) state = { ...EMPTY_STATE, startSeconds: state.startSeconds };
      const recollected = recollect(policy, observation, state.rings, now);
      const decided = decide(policy, { ...state, rings: recollected.rings }, recollected.observation, now);
      state = acknowledge(policy, decided, now);
      told.hear(decided, now);
      return decided.decision.to;
    },
  };
}

/** Every change, and each hold that says something new; the numbers in it are not news. */
class Told {
  readonly said: Said[] = [];
  #mind = '';

  hear(decided: Decided, at: EpochMs): void {
    const { action, from, to } = decided.decision;
    const sentence = explain(decided);
    const mind = sentence.replace(/\d+(\.\d+)?/g, '');
    if (mind === this.#mind && action === 'hold') return;
    this.#mind = mind;
    this.said.push({ at, from, to, outcome: action === 'hold' ? 'held' : 'changed', sentence });
  }
}
