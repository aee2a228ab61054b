/** Evidence that is spent, waits and spells, kept in the state under the names that an operator gave. `constructor` may be one. */
import type { EpochMs } from './policy.ts';

type Kept = Readonly<Record<string, EpochMs>>;

export function keptFor(kept: Kept, name: string): EpochMs | undefined {
  return Object.hasOwn(kept, name) ? kept[name] : undefined;
}

/** Entries instead of assignments, which would lose a name such as `__proto__`. */
export function withKept(kept: Kept, ...more: readonly (readonly [name: string, at: EpochMs])[]): Kept {
  return Object.fromEntries([...Object.entries(kept), ...more]);
}

/** Under which a schedule's window is kept beside the rules: no rule can be called so. */
export const scheduleKey = (name: string): string => `schedule: ${name}`;
