/** Which overrides concern a service, and what they make of its mode. */
import type { Mode, Override, ServiceName, ServicePolicy } from '../policy/policy.ts';

export function overridesOf(overrides: readonly Override[], { cluster, service }: ServiceName): readonly Override[] {
  return overrides.filter(({ scope }) => scope === '*' || scope === `${cluster}/${service}`);
}

/** The last word on the mode is the override that was said last. */
export function modeOf(policy: ServicePolicy, overrides: readonly Override[]): Mode {
  return overrides.reduce<Mode>((mode, { set }) => (set.kind === 'mode' ? set.mode : mode), policy.mode);
}
