/** Conditions of a policy as closures. Compiled once for each policy value and kept as long as it lives. */
import { type Condition, compileCondition } from './condition.ts';
import type { ServicePolicy } from './policy.ts';

export interface CompiledPolicy {
  readonly scaleOut: readonly Condition[];
  readonly scaleIn: readonly Condition[];
  readonly holdInWhile: readonly Condition[];
}

const CACHE = new WeakMap<ServicePolicy, CompiledPolicy>();

export function compiled(policy: ServicePolicy): CompiledPolicy {
  const known = CACHE.get(policy);
  if (known !== undefined) return known;
  const signals = Object.keys(policy.signals);
  const fresh: CompiledPolicy = {
    scaleOut: policy.scaleOut.map((rule) => compileCondition(rule.when, signals)),
    scaleIn: policy.scaleIn.map((rule) => compileCondition(rule.when, signals)),
    holdInWhile: policy.guard.holdInWhile.map((when) => compileCondition(when, signals)),
  };
  CACHE.set(policy, fresh);
  return fresh;
}
