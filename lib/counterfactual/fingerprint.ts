/** Which policy a score is about. */
import { canonicalJson, fnv1a64 } from '../policy/document/version.ts';
import type { ServicePolicy } from '../policy/policy.ts';

const CACHE = new WeakMap<ServicePolicy, string>();

/** Over everything but the mode: the same policy in shadow is the one that will act. */
export function fingerprintOf(policy: ServicePolicy): string {
  const known = CACHE.get(policy);
  if (known !== undefined) return known;
  const { mode: _, ...rest } = policy;
  const fingerprint = fnv1a64(canonicalJson(rest));
  CACHE.set(policy, fingerprint);
  return fingerprint;
}
