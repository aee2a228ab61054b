/** Which policy a score is about. */
import type { ServicePolicy } from '../policy/policy.ts';

const CACHE = new WeakMap<ServicePolicy, string>();

/** FNV-1a over everything but the mode: the same policy in shadow is the one that will act. */
export function fingerprintOf(policy: ServicePolicy): string {
  const known = CACHE.get(policy);
  if (known !== undefined) return known;
  const { mode: _, ...rest } = policy;
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(rest)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  const fingerprint = hash.toString(36);
  CACHE.set(policy, fingerprint);
  return fingerprint;
}
