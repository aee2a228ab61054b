/** A fixed set of policies. */
import type { PolicySet } from '../policy/policy.ts';
import type { Policies } from './ports.ts';

export function memoryPolicies(set: PolicySet): Policies {
  return {
    async load(abort) {
      abort.throwIfAborted();
      return set;
    },
  };
}
