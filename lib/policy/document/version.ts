/** The version of a policy set: a hash of its canonical JSON, the same for the same policies however they were written. */
import type { PolicySet } from '../policy.ts';

/** FNV-1a, 64 bits, as 16 hexadecimal digits, over the UTF-8 bytes of the canonical JSON. */
export function versionOf(set: Omit<PolicySet, 'version'>): string {
  const { services, tagged, groups, allow, deny } = set;
  return fnv1a64(canonicalJson({ services, tagged, groups, allow, deny }));
}

/** Keys in the order of their code units, nothing else changed. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** In two halves of 32 bits; the prime is 2^40 + 435. */
export function fnv1a64(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of new TextEncoder().encode(text)) {
    low = (low ^ byte) >>> 0;
    const product = low * 435;
    high = (high * 435 + Math.floor(product / 2 ** 32) + low * 256) % 2 ** 32;
    low = product % 2 ** 32;
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
