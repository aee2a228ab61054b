/**
 * Overrides with their services found: one that names a tag is told who carries it. That is asked now and then, not at every tick; while
 * asking fails, the last answer holds. Where nobody ever could say, the fault is thrown: a tick that does not know whom a human paused
 * moves nothing, and the alarm on errors tells.
 */
import type { EpochMs, Override } from '../policy/policy.ts';
import { nameText } from '../policy/service-name.ts';
import { tagOf } from './override-scope.ts';
import type { Clock, Overrides } from './ports.ts';
import { type FindTagged, REFRESH_MS } from './selected-policies.ts';

interface Carried {
  readonly at: EpochMs;
  readonly by: readonly string[];
}

export function taggedOverrides(written: Overrides, find: FindTagged, clock: Clock): Overrides {
  let known = new Map<string, Carried>();
  const carriersOf = async (scope: string, abort: AbortSignal): Promise<Carried | undefined> => {
    const tag = tagOf(scope);
    if (tag === undefined) return undefined;
    const last = known.get(scope);
    const at = clock.now();
    if (last !== undefined && at - last.at < REFRESH_MS) return last;
    try {
      return { at, by: (await find(tag, abort)).map(nameText) };
    } catch (fault) {
      if (last === undefined) throw fault;
      return last;
    }
  };
  return {
    async list(now, abort) {
      const all = await written.list(now, abort);
      const carried = new Map<string, Carried>();
      for (const scope of new Set(all.map((one) => one.scope))) {
        const carriers = await carriersOf(scope, abort);
        if (carriers !== undefined) carried.set(scope, carriers);
      }
      known = carried;
      return all.map((one): Override => {
        const by = carried.get(one.scope)?.by;
        return by === undefined ? one : { ...one, carriers: by };
      });
    },
  };
}
