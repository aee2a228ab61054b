/** A policy as the one that decides: the same steps as in a tick, without its ports. */
import { acknowledge, decide } from '../../policy/decide.ts';
import type { ServicePolicy } from '../../policy/policy.ts';
import { periodsNeeded } from '../../policy/requirements.ts';
import { recollect } from '../../policy/signal-rings.ts';
import { EMPTY_STATE, type ServiceState } from '../../policy/state.ts';
import type { Mind } from './replay.ts';

export function policyMind(policy: ServicePolicy): Mind {
  let state: ServiceState = EMPTY_STATE;
  return {
    reads: periodsNeeded(policy),
    decide({ observation }, now, reset) {
      if (reset) state = { ...EMPTY_STATE, startSeconds: state.startSeconds };
      const recollected = recollect(policy, observation, state.rings, now);
      const decided = decide(policy, { ...state, rings: recollected.rings }, recollected.observation, now);
      state = acknowledge(policy, decided, now);
      return decided.decision.to;
    },
  };
}
