/** Which overrides concern a service, and what they make of its mode. */
import type { Mode, Override, ServiceName, ServicePolicy } from '../policy/policy.ts';
import { nameText } from '../policy/service-name.ts';

const TAG = 'tag:';

export function tagScope(key: string, value: string): string {
  return `${TAG}${key}=${value}`;
}

/** The tag that a scope names; undefined where it names none. */
export function tagOf(scope: string): Readonly<Record<string, string>> | undefined {
  const at = scope.indexOf('=');
  if (!scope.startsWith(TAG) || at <= TAG.length) return undefined;
  return { [scope.slice(TAG.length, at)]: scope.slice(at + 1) };
}

export function overridesOf(overrides: readonly Override[], service: ServiceName): readonly Override[] {
  if (overrides.length === 0) return overrides;
  const name = nameText(service);
  return overrides.filter(
    ({ scope, carriers }) => scope === '*' || scope === name || carriers?.includes(name) === true,
  );
}

/** The last word on the mode is the override that was said last. */
export function modeOf(policy: ServicePolicy, overrides: readonly Override[]): Mode {
  let mode = policy.mode;
  let last = Number.NEGATIVE_INFINITY;
  for (const { set, saidAt = 0 } of overrides) {
    if (set.kind !== 'mode' || saidAt < last) continue;
    mode = set.mode;
    last = saidAt;
  }
  return mode;
}
