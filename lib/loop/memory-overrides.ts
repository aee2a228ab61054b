/** Overrides kept in a list. */
import type { Override } from '../policy/policy.ts';
import type { Overrides } from './ports.ts';

export interface MemoryOverrides extends Overrides {
  /** Replaces the one with the same id. */
  put(override: Override): void;
}

export function memoryOverrides(initial: readonly Override[] = []): MemoryOverrides {
  const byId = new Map<string, Override>();
  const put = (override: Override): void => {
    byId.set(override.id, structuredClone(override));
  };
  for (const override of initial) put(override);
  return {
    put,
    async list(now, abort) {
      abort.throwIfAborted();
      if (byId.size === 0) return [];
      return [...byId.values()]
        .filter((override) => override.expiresAt > now)
        .map((override) => structuredClone(override));
    },
  };
}
