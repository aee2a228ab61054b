/** Application Auto Scaling and the records of takeovers in maps. */
import type { OtherScaling } from '../policy/headroom/other-scaling.ts';
import type { ServiceName } from '../policy/policy.ts';
import { nameText } from '../policy/service-name.ts';
import type { LoadedTakeover, OtherScalings, Takeovers } from './other-scaling.ts';

export interface MemoryOtherScalings extends OtherScalings {
  /** Undefined: it is registered no more. */
  put(name: ServiceName, scaling: OtherScaling | undefined): void;
}

export function memoryOtherScalings(): MemoryOtherScalings {
  const registered = new Map<string, OtherScaling>();
  return {
    put(name, scaling) {
      if (scaling === undefined) registered.delete(nameText(name));
      else registered.set(nameText(name), scaling);
    },
    async read(names, abort) {
      abort.throwIfAborted();
      return names.map((name) => registered.get(nameText(name)));
    },
    async suspend(name, suspended, abort) {
      abort.throwIfAborted();
      const known = registered.get(nameText(name));
      if (known === undefined) return 'absent';
      registered.set(nameText(name), { ...known, suspended });
      return 'done';
    },
  };
}

export function memoryTakeovers(): Takeovers {
  const records = new Map<string, LoadedTakeover>();
  return {
    async load(arn, abort) {
      abort.throwIfAborted();
      return records.get(arn) ?? { rev: 0 };
    },
    async save(arn, takeover, rev, abort) {
      abort.throwIfAborted();
      if ((records.get(arn)?.rev ?? 0) !== rev) return { kind: 'stale' };
      records.set(arn, { rev: rev + 1, ...(takeover === undefined ? {} : { takeover }) });
      return { kind: 'saved', rev: rev + 1 };
    },
  };
}
