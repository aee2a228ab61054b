/**
 * Policies with their services found: a set that names tags becomes a set that names services. Who carries the tags is asked now and then,
 * not at every tick; while asking fails, the last answer holds. A service that appears is served within the refresh time.
 */
import type { EpochMs, PolicySet, ServiceName, TaggedPolicy } from '../policy/policy.ts';
import { selectedServices, type TaggedService } from '../policy/selection.ts';
import type { Clock, Policies } from './ports.ts';

export const REFRESH_MS = 300_000;

/** Names of the ECS services that carry all these tags. Throws where nobody can say. */
export type FindTagged = (tags: TaggedPolicy['tags'], abort: AbortSignal) => Promise<readonly ServiceName[]>;

interface Found {
  /** The written set that was asked about. */
  readonly set: PolicySet;
  readonly at: EpochMs;
  readonly services: readonly TaggedService[];
  readonly selected: PolicySet;
}

export function selectedPolicies(written: Policies, find: FindTagged, clock: Clock): Policies {
  let last: Found | undefined;
  return {
    async load(abort) {
      const set = await written.load(abort);
      if (last?.set === set && (set.tagged.length === 0 || clock.now() - last.at < REFRESH_MS)) return last.selected;
      last = await refreshed(set, last, find, clock.now(), abort);
      return last.selected;
    },
  };
}

async function refreshed(
  set: PolicySet,
  last: Found | undefined,
  find: FindTagged,
  at: EpochMs,
  abort: AbortSignal,
): Promise<Found> {
  const services: TaggedService[] = [];
  for (const [tagged, { tags }] of set.tagged.entries()) {
    const known = last?.set === set ? last.services.filter((one) => one.tagged === tagged) : undefined;
    services.push(...(await foundOr(known, () => find(tags, abort), tagged)));
  }
  return { set, at, services, selected: { ...set, services: selectedServices(set, services), tagged: [] } };
}

/** What was known holds where nobody can say; where nothing was known the fault is thrown, so that the alarm on errors tells. */
async function foundOr(
  known: readonly TaggedService[] | undefined,
  ask: () => Promise<readonly ServiceName[]>,
  tagged: number,
): Promise<readonly TaggedService[]> {
  try {
    return (await ask()).map(({ cluster, service }) => ({ cluster, service, tagged }));
  } catch (fault) {
    if (known === undefined) throw fault;
    return known;
  }
}
